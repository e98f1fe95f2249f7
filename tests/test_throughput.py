"""The benchmark's own parts: clips made of short ones, whole commands, the table."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from clip_maker import ClipMaker

from balance.video.video import probe, read_video
from benchmarks.__main__ import ClipTimes, table
from benchmarks.clips import loop_clip, phone_clip
from benchmarks.commands import Timing, python

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(("seconds", "frames"), [(3.0, 90), (2.5, 75), (0.5, 15)])
def test_a_looped_clip_is_as_long_as_asked_and_even(
    make_clip: ClipMaker, tmp_path: Path, seconds: float, frames: int
) -> None:
    clip = loop_clip(make_clip(), tmp_path / "long.mp4", seconds)
    times = [frame.time_s for frame in read_video(clip)]
    # Cut among B frames, the last ones may not be whole.
    assert len(times) == pytest.approx(frames, abs=3)
    np.testing.assert_allclose(np.diff(times)[:-2], 1 / 30, atol=1e-3)
    assert probe(clip).duration_s == pytest.approx(seconds, abs=0.12)


def test_a_phone_clip_is_large_quick_and_as_long(
    make_clip: ClipMaker, tmp_path: Path
) -> None:
    info = probe(phone_clip(make_clip(), tmp_path / "phone.mp4", (128, 96)))
    assert (info.width_px, info.height_px) == (128, 96)
    assert info.rate_hz == pytest.approx(60, rel=1e-3)
    assert info.duration_s == pytest.approx(1.0, abs=0.05)


def test_the_median_of_the_rounds_ratios_counts() -> None:
    times = ClipTimes(
        "stand, 640×480, 15 s",
        plain=[Timing(20, 20), Timing(40, 22), Timing(18, 20)],
        ours=[Timing(10, 18, 500), Timing(20, 20, 600), Timing(18, 20, 550)],
        with_video=[Timing(20, 25), Timing(25, 25), Timing(20, 25)],
        own_inference_cpu_s=15,
    )
    printed = table("Some CPU, 2 cores", [times], {"`balance --help`": "0.25 s"})
    cells = [cell.strip() for cell in printed.splitlines()[4].split("|")[1:-1]]
    assert cells == [
        "stand, 640×480, 15 s",
        "20.0 s",
        "18.0 s",
        "2.00 ×",
        "1.00 ×",
        "20.0 s",
        "20.0 s",
        "75 %",
        "600 MB",
    ]
    assert printed.startswith("Some CPU, 2 cores\n")
    assert "| `balance --help` | 0.25 s |" in printed


def test_a_command_that_fails_is_no_figure() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        python("balance", "analyze", "nowhere.mp4")


def test_the_installed_package_holds_no_speed_benchmark() -> None:
    code = "import sys, balance.cli.main; print('benchmarks' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False"
    assert not [*(ROOT / "balance").rglob("throughput*")]


@pytest.mark.slow
def test_help_comes_quickly() -> None:
    # Time of the core, which a busy machine stretches less than the clock.
    assert min(python("balance", "--help").cpu_s for _ in range(5)) < 0.4
