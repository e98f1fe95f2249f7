"""The speed's own parts: long clips from short ones, and what it prints."""

from pathlib import Path

import made_results
import numpy as np
import pytest
from clip_maker import ClipMaker

from balance.pipeline.validation.throughput import Speed, as_json, as_table, tiled
from balance.pipeline.validation.throughput_runs import Timing, command_time, loop_clip
from balance.video.video import probe, read_video


def test_a_looped_clip_is_as_long_as_asked_and_even(
    make_clip: ClipMaker, tmp_path: Path
) -> None:
    clip = loop_clip(make_clip(), tmp_path / "long.mp4", 3.0)
    times = [frame.time_s for frame in read_video(clip)]
    assert len(times) == 90
    np.testing.assert_allclose(np.diff(times), 1 / 30, atol=1e-3)
    assert probe(clip).duration_s == pytest.approx(3.0, abs=0.05)


def test_a_tiled_recording_goes_on_at_its_own_rate() -> None:
    one = made_results.recording()
    minute = tiled(one, 60.0)
    assert minute.pose.time_s[-1] == pytest.approx(60.0, rel=0.1)
    np.testing.assert_allclose(np.diff(minute.pose.time_s), 1 / one.pose.rate_hz)


def test_the_table_tells_ratio_machine_and_load() -> None:
    figures = Speed(
        machine={"processor": "Some CPU", "cores": "2"},
        clip={"duration_s": 30.0, "width_px": 640, "height_px": 480},
        load_before=0.4,
        timings={"plain loop": Timing(20.0, 20.0)},
        ratios={"balance --no-video": 1.66},
        stages_s={"pose": 12.0},
        inference_share=0.8,
        scoring_frames_s=61_234.0,
        rescore_60s_s=0.123,
        help_s=Timing(0.31, 0.3),
        history={"a person's page": Timing(0.5, 0.4)},
    )
    table = as_table(figures)
    assert "| balance --no-video against the plain loop | 1.66 × |" in table
    assert "Some CPU, 2 cores, load before 0.4; 640×480, 30 s" in table
    assert (
        "history of 10,000 trials, a person's page | 0.50 s (0.40 s of core)" in table
    )
    assert "61,234 frames/s" in table
    assert '"rescore_60s_s": 0.123' in as_json(figures)


@pytest.mark.slow
def test_help_comes_quickly() -> None:
    _, cpu_s = command_time(["--help"], 3)
    # Time of the core, which a busy machine stretches less than the clock.
    assert cpu_s < 0.8
