import base64
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from made_results import HEIGHT, WIDTH, assessment, recording, squats, stance

from balance.model.landmarks import Side
from balance.reporting.video import pen as pens
from balance.reporting.video import stills
from balance.reporting.video.blurred import FaceBlur
from balance.reporting.video.stills import KeptStills
from balance.video.coded import CodedFrame, coded_from_rgb
from balance.video.video import Frame


def frames(times_s):
    """Frames whose every element is the number of the image."""
    for index, time_s in enumerate(times_s):
        yield Frame(index, time_s, np.full((4, 4, 3), index, np.uint8))


def test_a_hold_is_shown_at_its_start_and_end():
    assert stills.wanted_times(assessment(stance())) == (2.0, 8.0, 14.0)


def test_of_many_squats_the_three_worst_are_shown_in_order():
    # The knee goes further in with every repetition of the made set.
    assert [m.time_s for m in stills.moments(squats(5))] == [10.0, 14.0, 18.0]


@pytest.mark.parametrize(
    ("wanted_s", "index"),
    [(0.0, 0), (0.14, 1), (0.16, 2), (9.0, 3), (-1.0, 0)],
)
def test_the_nearest_frame_is_kept_however_uneven_the_times(wanted_s, index):
    kept = stills.collect_stills(frames([0.0, 0.1, 0.2, 0.7]), [wanted_s])
    assert kept[wanted_s][0, 0, 0] == index


def test_frames_pass_the_collector_unchanged():
    collector = stills.StillCollector([0.1])
    passed = list(collector.passing(frames([0.0, 0.1, 0.2])))
    assert [frame.index for frame in passed] == [0, 1, 2]
    assert list(collector.stills) == [0.1]


@pytest.mark.parametrize("wanted_s", [0.04, 0.06, 0.2, 9.0])
def test_whoever_draws_on_a_frame_that_passed_draws_on_no_still(wanted_s):
    collector = stills.StillCollector([wanted_s])
    coded = (
        CodedFrame(f.index, f.time_s, coded_from_rgb(f.rgb), f.rgb.copy)
        for f in frames([0.0, 0.1, 0.2])
    )
    for frame in collector.passing(coded):
        frame.coded[:] = 255
    assert collector.stills[wanted_s].max() < 10


def test_a_video_without_frames_has_no_stills():
    assert stills.collect_stills(iter(()), [1.0]) == {}


def scene():
    """A frame that changes smoothly, as most of a room does."""
    x, y = np.meshgrid(np.linspace(0, 255, 640), np.linspace(0, 255, 480))
    return np.stack([x, y, (x + y) / 2], axis=-1).astype(np.uint8)


def test_a_kept_image_looks_as_it_did():
    kept = KeptStills()
    kept[1.5] = scene()
    assert kept[1.5].shape == (480, 640, 3)
    assert np.abs(kept[1.5].astype(int) - scene()).max() <= 8
    assert kept.get(2.0) is None


def test_a_image_kept_for_another_moment_leaves_the_others_as_they_are():
    kept = stills.collect_stills(frames([0.0, 0.1]), [0.0])
    stills.collect_stills(frames([0.5, 0.6]), [0.6], kept)
    assert [int(kept[time_s][0, 0, 0]) for time_s in (0.0, 0.6)] == [0, 1]
    assert len(kept) == 2


def test_images_of_a_long_video_take_a_tenth_of_their_size():
    tracemalloc.start()
    kept = KeptStills()
    for time_s in range(20):
        kept[time_s] = scene()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 0.1 * 20 * scene().nbytes


def image():
    return np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)


def decoded(uri):
    import cv2

    head, data = uri.split(",")
    assert head == "data:image/jpeg;base64"
    return cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), 1)


def test_a_still_is_cut_to_the_person_and_leaves_the_frame_as_it_was():
    frame, trial = image(), squats()
    before = frame.copy()
    uri = stills.still_uri(frame, stills.moments(trial)[0], trial, recording())
    height, width = decoded(uri).shape[:2]
    assert height == stills.STILL_HEIGHT_PX
    assert width < height
    np.testing.assert_array_equal(frame, before)


def test_a_still_of_nobody_is_the_whole_image():
    made, trial = recording(), stance()
    made.pose.xy_px[:] = np.nan
    uri = stills.still_uri(image(), stills.moments(trial)[0], trial, made)
    height, width = decoded(uri).shape[:2]
    assert width / height == pytest.approx(WIDTH / HEIGHT, abs=0.01)


def detail(part):
    """How much neighbours differ: what a face is recognised by."""
    return float(np.abs(np.diff(part.astype(float), axis=0)).mean())


def test_a_blurred_face_has_lost_its_detail_and_nothing_else_has():
    frame = image()
    before = frame.copy()
    FaceBlur(recording()).hide(frame, 0.0)
    # The made person's head is at (160, 52).
    head = np.s_[46:58, 154:166]
    assert detail(frame[head]) < 0.1 * detail(before[head])
    np.testing.assert_array_equal(frame[120:], before[120:])


def test_a_head_lost_for_a_moment_is_blurred_where_it_was():
    made, frame = recording(), image()
    made.pose.xy_px[50] = np.nan
    before = frame.copy()
    FaceBlur(made).hide(frame, made.pose.time_s[50])
    head = np.s_[46:58, 154:166]
    assert detail(frame[head]) < 0.1 * detail(before[head])


def test_where_no_head_is_known_the_whole_image_is_blurred():
    made, frame = recording(), image()
    made.pose.xy_px[:] = np.nan
    before = detail(frame)
    FaceBlur(made).hide(frame, 2.0)
    assert detail(frame) < 0.1 * before


def test_drawing_beyond_the_image_and_through_gaps_is_harmless():
    frame = image()
    pen = pens.Pen.for_image(frame)
    xy_px = recording().pose.xy_px[0].copy()
    xy_px[25] = (1e9, -1e9)
    xy_px[26] = np.nan
    pens.draw_skeleton(pen, xy_px, [Side.LEFT])
    for side in Side:
        pens.draw_knee_angle(pen, xy_px, side, "≥ 8.4° (1–2)")
    pen.label("x", np.array([1e6, -50.0]), 20)
    pens.blur_circle(frame, (-500.0, 10.0, 5.0))


def test_a_moment_is_drawn_with_the_measured_angle_and_its_interval(monkeypatch):
    written = []
    monkeypatch.setattr(
        stills, "draw_knee_angle", lambda pen, xy, side, *lines: written.append(lines)
    )
    trial = squats()
    stills.still_uri(image(), stills.moments(trial)[0], trial, recording())
    assert written == [("11.5°", "(8.1–14.9)"), ("−3.0°", "(−6.3 to 0.3)")]


def test_strokes_grow_with_the_image():
    small, large = (np.zeros((h, 2 * h, 3), np.uint8) for h in (480, 2160))
    shares = []
    for frame in (small, large):
        pen = pens.Pen.for_image(frame)
        height = frame.shape[0]
        pen.line(np.array([[0, height / 2], [2 * height, height / 2]]), (255,) * 3, 6)
        shares.append((frame > 0).any(axis=(1, 2)).sum() / height)
    assert shares[0] == pytest.approx(shares[1], rel=0.5)


def test_replacing_a_repetition_changes_which_are_worst():
    trial = squats(4)
    reps = list(trial.repetitions)
    reps[0] = replace(
        reps[0], measures={**reps[0].measures, "fppa_frontal_left_deg": None}
    )
    changed = replace(trial, repetitions=tuple(reps))
    assert [m.time_s for m in stills.moments(changed)] == [6.0, 10.0, 14.0]
