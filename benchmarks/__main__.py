"""What a user waits for, against everybody's loop over the same clip.

``python -m benchmarks`` prints a table for the documentation; ``--quick`` a short one
in less than three minutes of a machine that does nothing else.

Seconds say little about another machine, and the machine's own speed changes while it
works. So the plain loop and ours take turns, as whole commands, and the median over the
rounds of their ratio counts.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from balance.model.files import read_recording
from balance.model.version import __version__
from balance.pipeline.analyze import assess_recording
from balance.tracking.detector import mediapipe_version
from balance.video.cores import usable_cores
from benchmarks.clips import loop_clip, phone_clip
from benchmarks.commands import (
    Timing,
    analyze,
    app_start_s,
    own_inference_cpu_s,
    plain_loop,
    python,
    timed,
)
from benchmarks.history import TRIALS, measure_history

SAMPLES = Path(__file__).parents[1] / "sample_videos"
STAND = SAMPLES / "stand_left.mp4"
SQUATS = SAMPLES / "squat_valgus_left.mp4"
ROUNDS = 5
BATCH_CLIPS = 10


@dataclass
class ClipTimes:
    """A clip's rounds: the plain loop's, ours, and ours with the annotated video.

    ``own_inference_cpu_s``: what our network takes for the frames that it looks at.
    """

    name: str
    plain: list[Timing] = field(default_factory=list)
    ours: list[Timing] = field(default_factory=list)
    with_video: list[Timing] = field(default_factory=list)
    own_inference_cpu_s: float = 0.0

    def add_round(self, clip: Path, work: Path) -> None:
        """Let all three take their turn."""
        self.plain.append(plain_loop(clip))
        self.ours.append(analyze(clip, work / "out"))
        self.with_video.append(analyze(clip, work / "out", options=()))

    @property
    def inference_share(self) -> float:
        """How much of our processor time the network takes."""
        return self.own_inference_cpu_s / median(self.ours, "cpu_s")

    def ratio(self, ours: list[Timing]) -> float:
        """Return the median over the rounds of the plain loop's seconds over ours."""
        pairs = zip(self.plain, ours, strict=True)
        return statistics.median(a.wall_s / b.wall_s for a, b in pairs)

    def row(self) -> str:
        """Return the line of the table."""
        cells = [
            self.name,
            f"{median(self.plain, 'wall_s'):.1f} s",
            f"{median(self.ours, 'wall_s'):.1f} s",
            f"{self.ratio(self.ours):.2f} ×",
            f"{self.ratio(self.with_video):.2f} ×",
            f"{median(self.plain, 'cpu_s'):.1f} s",
            f"{median(self.ours, 'cpu_s'):.1f} s",
            f"{100 * self.inference_share:.0f} %",
            f"{max(timing.peak_mb for timing in self.ours):.0f} MB",
        ]
        return f"| {' | '.join(cells)} |"


HEAD = (
    "| clip | plain loop | ours | ratio | with video | plain, all cores | "
    "ours, all cores | inference | peak memory |\n" + "|---" * 9 + "|"
)


def median(timings: list[Timing], what: str) -> float:
    """Return the median of one figure over the rounds."""
    return statistics.median(getattr(timing, what) for timing in timings)


def clips(work: Path, quick: bool) -> Iterator[tuple[str, Path]]:
    """Make the clips: usual lengths, then what phones record."""
    lengths = (10, 15) if quick else (10, 15, 46, 300)
    for seconds in lengths:
        name = f"stand, 640×480, {seconds} s"
        yield name, loop_clip(STAND, work / f"stand{seconds}.mp4", seconds)
    if quick:
        return
    yield "squats, 640×480, 15 s", loop_clip(SQUATS, work / "squats.mp4", 15)
    for size in ((1280, 720), (1920, 1080)):
        target = work / f"phone{size[1]}.mp4"
        name = f"stand, HEVC, {size[0]}×{size[1]} at 60/s, 15 s"
        yield name, phone_clip(STAND, target, size)


def measure_clips(
    work: Path, quick: bool, tell: Callable[[str], None]
) -> list[ClipTimes]:
    """Take the rounds of every clip."""
    found = []
    for name, clip in clips(work, quick):
        times = ClipTimes(name)
        for number in range(1 if quick else ROUNDS):
            tell(f"{name}, round {number + 1}")
            times.add_round(clip, work)
        times.own_inference_cpu_s = own_inference_cpu_s(clip) * inferred_share(
            work / "out" / clip.stem / "landmarks.npz"
        )
        found.append(times)
    return found


def inferred_share(path: Path) -> float:
    """Return how many of a recording's frames went through the network."""
    inferred = read_recording(path).inferred
    return 1.0 if inferred is None else float(inferred.mean())


def small_figures(work: Path) -> dict[str, str]:
    """Return what takes seconds: help, and scoring what was recorded."""
    helped = [python("balance", "--help") for _ in range(5)]
    recording = read_recording(work / "out" / "stand15" / "landmarks.npz")
    scored = [timed(lambda: assess_recording(recording)) for _ in range(9)]
    frames_s = len(recording.pose) / median(scored, "wall_s")
    return {
        "`balance --help`": f"{median(helped, 'wall_s'):.2f} s",
        "scoring from landmarks, 15 s": f"{frames_s:,.0f} frames/s",
    }


def slow_figures(work: Path, tell: Callable[[str], None]) -> dict[str, str]:
    """Return what takes minutes: memory, many clips, a large history, the app."""
    figures = {}
    for minutes in (1, 20):
        tell(f"memory over {minutes} min of video")
        clip = loop_clip(STAND, work / "long.mp4", 60 * minutes)
        figures[f"peak memory, {minutes} min of video"] = (
            f"{analyze(clip, work / 'long').peak_mb:.0f} MB"
        )
    folder = work / "batch"
    folder.mkdir()
    for number in range(BATCH_CLIPS):
        loop_clip(STAND, folder / f"clip{number}.mp4", 5)
    for workers in sorted({1, usable_cores()}):
        tell(f"{BATCH_CLIPS} clips with {workers} workers")
        options = ("--no-video", "--workers", str(workers))
        taken = python(
            "balance", "batch", folder, "--out", work / f"b{workers}", *options
        )
        name = f"batch, {BATCH_CLIPS} clips of 5 s, {workers} worker(s)"
        figures[name] = f"{taken.wall_s:.1f} s"
    tell(f"a history of {TRIALS:,} trials")
    like = assess_recording(read_recording(work / "out/stand15/landmarks.npz"))
    for what, timing in measure_history(like).items():
        figures[f"history of {TRIALS:,} trials, {what}"] = f"{timing.wall_s:.2f} s"
    app_s = app_start_s()
    if app_s is not None:
        figures["`balance app`, until it answers"] = f"{app_s:.1f} s"
    return figures


def machine() -> str:
    """Name the machine that all figures are of."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{processor()}, {usable_cores()} cores, load before {load:.1f}; "
        f"{platform.platform()}, Python {platform.python_version()}, "
        f"balance {__version__}, mediapipe {mediapipe_version()}"
    )


def processor() -> str:
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def table(where: str, times: list[ClipTimes], figures: dict[str, str]) -> str:
    """Return all figures as the tables of the documentation."""
    lines = [where, "", HEAD, *(clip.row() for clip in times)]
    lines += ["", "| what | figure |", "|---|---|"]
    return "\n".join(
        lines + [f"| {what} | {value} |" for what, value in figures.items()]
    )


def main() -> None:
    """Measure and print; the rounds go to a file where one is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two clips, one round")
    parser.add_argument("--out", type=Path, help="file for every round (JSON)")
    asked = parser.parse_args()

    def tell(what: str) -> None:
        print(f"… {what}", file=sys.stderr)

    with tempfile.TemporaryDirectory(prefix="balance-") as folder:
        work, where = Path(folder), machine()
        times = measure_clips(work, asked.quick, tell)
        figures = small_figures(work)
        if not asked.quick:
            figures |= slow_figures(work, tell)
    if asked.out is not None:
        kept = {"machine": where, "clips": [asdict(one) for one in times]}
        asked.out.write_text(json.dumps({**kept, "figures": figures}, indent=1))
    print(table(where, times, figures))


if __name__ == "__main__":
    main()
