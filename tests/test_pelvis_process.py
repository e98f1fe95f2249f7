"""The pelvis is followed in a process of its own: the same bits, whatever happens."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from test_optical_flow import TIME_S, WINDOW, recording

from balance.model.recording import PoseSequence
from balance.tracking import pelvis_process as beside
from balance.tracking.optical_flow import Observation, observe
from balance.tracking.pelvis_process import (
    Elsewhere,
    ProcessLostError,
    pelvis_process,
)
from balance.video.video import VideoWriter, read_grey

LONG = 1000
Clip = tuple[Path, PoseSequence]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    pose, frames = recording()
    path = tmp_path_factory.mktemp("pelvis") / "sway.mp4"
    with VideoWriter(path, (640, 480), 30.0) as writer:
        for frame in frames:
            writer.write(np.repeat(frame.grey[..., None], 3, axis=2), frame.time_s)
    return path, pose


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "usable_cores", lambda: 2)


def seen(clip: Clip, elsewhere: Elsewhere | None) -> Observation:
    path, pose = clip
    with read_grey(path) as frames:
        return observe(frames, pose, [WINDOW], elsewhere=elsewhere)


def test_the_process_finds_the_same_bits(clip: Clip) -> None:
    here = seen(clip, None)
    assert np.isfinite(here.sway_track.ml_px).sum() > 0.9 * len(TIME_S)
    with pelvis_process(LONG, None) as elsewhere:
        for _ in range(2):  # a hop may be looked at twice
            there = seen(clip, elsewhere)
            assert np.array_equal(there.sway_track.ml_px, here.sway_track.ml_px)
            assert np.array_equal(there.sway_track.sd_px, here.sway_track.sd_px)


def test_a_process_that_dies_says_so_and_nobody_waits(
    clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_CODE", "raise SystemExit(1)")
    monkeypatch.setattr(beside, "WAITING", 2)
    with pelvis_process(LONG, None) as elsewhere, pytest.raises(ProcessLostError):
        seen(clip, elsewhere)


@pytest.mark.parametrize(("frames", "workers"), [(LONG, 1), (50, 2), (None, 2)])
def test_one_worker_and_a_short_video_need_none(
    frames: int | None, workers: int
) -> None:
    with pelvis_process(frames, workers) as elsewhere:
        assert elsewhere is None


def test_whoever_leaves_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes] | None] = []
    start = beside._started

    def noted() -> subprocess.Popen[bytes] | None:
        begun.append(start())
        return begun[0]

    monkeypatch.setattr(beside, "_started", noted)
    with pytest.raises(KeyboardInterrupt), pelvis_process(LONG, None):
        raise KeyboardInterrupt
    assert begun[0] is not None
    assert begun[0].poll() is not None
