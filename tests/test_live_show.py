"""`balance live` without a browser: recorded landmarks stand in for the detector."""

from collections.abc import Iterator

import numpy as np
import pytest

from balance.cli.live_show import Recorder, Window, draw, print_events, run_live
from balance.live import LiveFrame, LivePlan, LiveTest, Phase
from balance.model.errors import InputError, VideoError
from balance.tracking.subject import Body
from balance.video.video import Frame, probe
from tests.live_clips import frames

IMAGE = np.zeros((48, 64, 3), np.uint8)


class Recorded:
    """A detector that knows what comes: the landmarks of a rendered person."""

    def __init__(self, seen: list[LiveFrame]) -> None:
        self.seen = iter(seen)

    def follow(self, rgb) -> Body | None:
        xy = next(self.seen).xy_px
        # The clip was recorded at 640×480; these frames are a tenth of it.
        return None if xy is None else Body(xy / 10, np.ones(len(xy)))

    def find_all(self, rgb, known) -> tuple[Body, ...]:
        return () if known is None else (known,)

    def forget(self) -> None: ...

    def close(self) -> None: ...


def arrivals(seen: list[LiveFrame]) -> Iterator[list[Frame]]:
    rgb = np.full_like(IMAGE, 120)
    for number, frame in enumerate(seen):
        yield [Frame(number, frame.time_s - seen[0].time_s, rgb)]


@pytest.fixture
def seen() -> list[LiveFrame]:
    return list(frames("stand_left"))


def run(seen, recorder, show=print_events) -> LiveTest:
    plan = LivePlan(sides=("left",), countdown_s=3.0)
    return run_live(arrivals(seen), Recorded(seen), plan, recorder, show)


def test_hold_is_timed_and_the_video_of_the_trial_is_kept(seen, tmp_path, capsys):
    recorder = Recorder(tmp_path)
    test = run(seen, recorder)
    assert test.done[0].hold_s == pytest.approx(11.0, abs=0.3)
    ((video, trial),) = recorder.videos
    assert trial is test.done[0]
    # From the countdown to a moment after the foot came down.
    assert 11.0 < probe(video).duration_s < 25.0
    lines = capsys.readouterr().out
    assert "clock_stopped" in lines
    assert "Your foot touched the floor" in lines


def test_headless_test_that_halts_ends_there(seen, tmp_path):
    gone = [f if f.time_s < 6 else LiveFrame(f.time_s, None, f.size_px) for f in seen]
    test = run(gone, Recorder(tmp_path))
    assert test.phase is Phase.FINISHED
    assert not test.done[0].counted


def test_camera_that_stops_in_mid_trial_leaves_what_was_recorded(seen, tmp_path):
    def pulled_out() -> Iterator[list[Frame]]:
        yield from arrivals([f for f in seen if f.time_s < 6])
        raise VideoError("camera 0 stopped giving frames")

    recorder = Recorder(tmp_path)
    plan = LivePlan(sides=("left",), countdown_s=3.0)
    with pytest.raises(VideoError):
        run_live(pulled_out(), Recorded(seen), plan, recorder, print_events)
    ((video, _),) = recorder.videos
    assert probe(video).duration_s > 3.0


def test_window_shows_skeleton_and_clock(seen):
    test = LiveTest(LivePlan(sides=("left",), countdown_s=3.0))
    for frame in seen:
        if frame.time_s > 6:
            break
        test.step(frame)
    rgb = np.full((480, 640, 3), 120, np.uint8)
    plain = Frame(0, 0.0, rgb)
    image = draw(plain, frame, test)
    green = (image == (176, 229, 0)).all(axis=2).sum()
    assert green > 500
    assert (image[:200, 400:] == 255).all(axis=2).sum() > 300, "no clock"


def test_frames_that_come_together_are_all_recorded_and_the_newest_is_looked_at(
    seen, tmp_path
):
    one_by_one = [frame for (frame,) in arrivals(seen)]
    looked_at = seen[2::3]

    def in_threes() -> Iterator[list[Frame]]:
        for first in range(0, len(one_by_one) - 2, 3):
            yield one_by_one[first : first + 3]

    recorder = Recorder(tmp_path)
    plan = LivePlan(sides=("left",), countdown_s=3.0)
    run_live(in_threes(), Recorded(looked_at), plan, recorder, print_events)
    ((video, _),) = recorder.videos
    told = probe(video)
    assert told.frames / told.duration_s == pytest.approx(12.0, rel=0.1)


def test_window_without_a_screen_is_one_sentence(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(InputError, match="--headless"), Window():
        pass
