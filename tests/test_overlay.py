from dataclasses import replace

import cv2
import numpy as np
import pytest
from made_results import (
    HEIGHT,
    RATE_HZ,
    WIDTH,
    assessment,
    censored_stance,
    recording,
    squats,
    stance,
)

from balance.model.codes import EventCode
from balance.model.results import Event
from balance.reporting.video import overlay
from balance.video import video
from balance.video.coded import CodedFrame, coded_from_rgb


@pytest.mark.parametrize(
    ("time_s", "text"),
    [(2.0, "0.0 s"), (7.5, "5.5 s"), (14.0, "12.0 s")],
)
def test_the_clock_shows_the_seconds_since_the_foot_left_the_floor(time_s, text):
    assert overlay.clock_text(stance(), True, time_s) == text


def test_after_the_end_the_clock_shows_the_result():
    assert overlay.clock_text(stance(), False, 15.0) == "12.0 s"
    assert overlay.clock_text(censored_stance(), False, 15.0) == "≥ 12.0 s"


@pytest.mark.parametrize(("time_s", "count"), [(1.0, "1"), (5.0, "2"), (11.9, "3")])
def test_repetitions_are_counted_as_they_begin(time_s, count):
    assert overlay.clock_text(squats(), True, time_s) == count


@pytest.mark.parametrize(
    ("time_s", "running"),
    [(1.9, None), (2.0, True), (14.0, True), (14.1, False), (17.0, None)],
)
def test_what_goes_on_is_the_trial_that_runs_or_has_just_ended(time_s, running):
    now = overlay.what_goes_on([stance()], time_s)
    assert (now.running if now.trial else None) is running


def test_a_trial_that_runs_goes_before_one_that_has_just_ended():
    second = stance("right", start_s=14.5, end_s=16.0)
    assert overlay.what_goes_on([stance(), second], 15.0).trial is second


def frame():
    return np.full((HEIGHT, WIDTH, 3), 120, np.uint8)


def changed(one, other):
    return np.abs(one.astype(int) - other).max(axis=2) > 20


def painted(painter, time_s, image=None):
    """Return a frame, the usual grey one, with everything drawn on it."""
    coded, said_s = painter.painted(coded_frame(0, time_s, image))
    assert said_s == time_s
    return cv2.cvtColor(coded, cv2.COLOR_YUV2RGB_I420)


def coded_frame(index, time_s, image=None):
    image = frame() if image is None else image
    return CodedFrame(index, time_s, coded_from_rgb(image), image.copy)


def test_painting_draws_the_person():
    drawn = painted(overlay.Painter(assessment(stance()), recording()), 8.0)
    # The made person's legs stand at x = 150 and 170.
    assert changed(drawn, frame())[140:205, 145:175].any(axis=1).mean() > 0.9


def test_nobody_is_drawn_where_nobody_was_seen():
    made = recording()
    made.pose.xy_px[:] = np.nan
    drawn = painted(overlay.Painter(assessment(), made), 8.0)
    assert not changed(drawn, frame())[: HEIGHT - 20].any()


def test_an_event_is_marked_when_it_happens_and_not_before():
    events = (Event(EventCode.LEGS_TOUCHING, 8.0),)
    painter = overlay.Painter(assessment(stance(events=events)), recording())
    corner = np.s_[0:40, WIDTH - 100 :]
    assert not changed(painted(painter, 7.9), frame())[corner].any()
    assert changed(painted(painter, 8.1), frame())[corner].any()


def test_the_angle_is_the_measured_one_at_the_bottom_and_live_elsewhere(monkeypatch):
    written = []
    monkeypatch.setattr(
        overlay, "draw_knee_angle", lambda pen, xy, side, *lines: written.append(lines)
    )
    painter = overlay.Painter(assessment(squats()), recording())
    painted(painter, 2.0)
    painted(painter, 0.6)
    assert written[:2] == [("11.5°", "(8.1–14.9)"), ("−3.0°", "(−6.3 to 0.3)")]
    assert [len(lines) for lines in written[2:]] == [1, 1]
    assert all(abs(int(said.strip("°−"))) <= 3 for (said,) in written[2:])


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (1920, 1080)])
def test_every_size_of_frame_can_be_painted(size):
    painter = overlay.Painter(
        assessment(stance(), squats()), recording(), blur_faces=True
    )
    image = np.zeros((size[1], size[0], 3), np.uint8)
    for time_s in (0.0, 5.3, 14.0, 15.9, 99.0):
        assert changed(painted(painter, time_s, image), image).any()


def test_the_video_is_written_with_its_own_times(tmp_path):
    made = assessment(stance())
    times_s = [0.0, 0.04, 0.12, 0.16]
    frames = [coded_frame(k, t) for k, t in enumerate(times_s)]
    told = []
    path = tmp_path / "annotated.mp4"
    overlay.annotate(frames, made, recording(), path, told.append)
    assert told == times_s
    read = [f.time_s for f in video.read_video(path)]
    assert read == pytest.approx(times_s, abs=1e-3)


def test_no_frames_no_video(tmp_path):
    path = tmp_path / "annotated.mp4"
    overlay.annotate([], assessment(), recording(), path)
    assert not path.exists()


def test_a_recording_of_nothing_can_be_painted():
    made = recording()
    nothing = replace(
        made,
        pose=replace(
            made.pose,
            time_s=np.empty(0),
            xy_px=np.empty((0, 33, 2)),
            visibility=np.empty((0, 33)),
        ),
        sway_track=type(made.sway_track)(np.empty(0), np.empty(0)),
        foot_tracks=type(made.foot_tracks)(np.empty((0, 2)), np.empty((0, 2))),
        scene=type(made.scene).unknown(0),
    )
    drawn = painted(overlay.Painter(assessment(), nothing), 1 / RATE_HZ)
    assert drawn.shape == frame().shape
