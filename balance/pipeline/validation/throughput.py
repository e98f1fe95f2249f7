"""How fast it is on this machine, against the plain loop over the same file.

A figure in frames per second says little about another machine. So each is told as a
ratio: everybody's loop (one MediaPipe instance with the whole network, frame by
frame) goes over the same file in the same run. Both are timed in turns, and the best
of each counts.
"""

import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from balance.model.errors import DetectorError
from balance.model.files import read_recording, write_assessment, write_recording
from balance.model.recording import (
    Recording,
)
from balance.model.results import Options
from balance.model.setup import Setup
from balance.pipeline.analyze import analyze_to_folder, analyze_video, assess_recording
from balance.pipeline.validation.history_speed import TRIALS, measure_history
from balance.pipeline.validation.throughput_runs import (
    Timing,
    app_start_s,
    batch_times,
    command_time,
    loop_clip,
    peak_memory_mb,
    timed,
)
from balance.tracking.detector import NO_MASK_MODEL, SHIPPED_MODEL, mediapipe_version
from balance.video.cores import usable_cores
from balance.video.samples import sample_videos

# What most frames are followed by; the plain loop has the whole network.
OWN = "inference alone, without the mask"
CLIP_S = 30.0
RESCORED_S = 60.0
MEMORY_MIN = (1.0, 5.0, 20.0)
BATCH_CLIPS = 40
# For a look at whether all is well, not for the table of the README.
QUICK_MEMORY_MIN = (0.5, 1.0)
QUICK_BATCH_CLIPS = 4


@dataclass(frozen=True)
class Speed:
    """All figures with the machine and clip that they were had on.

    ``ratios`` are the plain loop's seconds over ours; ``stages_s`` the seconds of one
    worker by stage; ``history`` how fast a history of ten thousand trials answers;
    ``peak_mb`` by minutes of clip; ``batch_s`` seconds by how the batch was done.
    """

    machine: Mapping[str, str]
    clip: Mapping[str, float]
    load_before: float
    timings: Mapping[str, Timing]
    ratios: Mapping[str, float]
    stages_s: Mapping[str, float]
    inference_share: float
    scoring_frames_s: float
    rescore_60s_s: float
    help_s: Timing
    history: Mapping[str, Timing] = field(default_factory=dict)
    app_s: float | None = None
    peak_mb: Mapping[str, float] = field(default_factory=dict)
    batch_s: Mapping[str, float] = field(default_factory=dict)


def measure_speed(
    video: Path | None = None,
    *,
    quick: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Speed:
    """Measure the speed on a clip, by default a sample made 30 s long."""
    with tempfile.TemporaryDirectory(prefix="balance-") as folder:
        work = Path(folder)
        source = video or _sample()
        clip = loop_clip(source, work / f"clip{source.suffix}", CLIP_S)
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        tell("pose, flow and drawing against the plain loop")
        timings, recording = _timings(clip, work, rounds=1 if quick else 3)
        plain = timings["plain loop"].wall_s
        stages = _stages(clip, work)
        tell("scoring and start-up")
        scored_s = _scoring(recording, work)
        assessment = assess_recording(recording)
        history = {}
        if assessment.trials:
            tell(f"a history of {TRIALS:,} trials")
            history = measure_history(assessment)
        speed = Speed(
            machine=_machine(),
            clip=_clip(recording),
            load_before=load,
            timings=timings,
            ratios={
                name: plain / timing.wall_s
                for name, timing in timings.items()
                if name.startswith("balance")
            },
            stages_s=stages,
            inference_share=timings[OWN].wall_s / sum(stages.values()),
            scoring_frames_s=len(recording.pose) / scored_s["assess"],
            rescore_60s_s=scored_s["rescore"],
            help_s=Timing(*command_time(["--help"], 5)),
            history=history,
        )
        return _with_slow_ones(speed, source, work, quick, tell)


def _with_slow_ones(
    speed: Speed,
    source: Path,
    work: Path,
    quick: bool,
    tell: Callable[[str], None],
) -> Speed:
    minutes = QUICK_MEMORY_MIN if quick else MEMORY_MIN
    peak_mb = {}
    for length in minutes:
        tell(f"memory over {length:g} min of video")
        long = loop_clip(source, work / f"long{source.suffix}", 60 * length)
        peak_mb[f"{length:g}"] = peak_memory_mb(long, work / "long")
    tell("many clips")
    clips = QUICK_BATCH_CLIPS if quick else BATCH_CLIPS
    return replace(
        speed,
        app_s=app_start_s(),
        peak_mb=peak_mb,
        batch_s=batch_times(source, work, clips),
    )


def _sample() -> Path:
    return next(path for path in sample_videos() if path.stem.startswith("stand"))


def _timings(
    clip: Path, work: Path, rounds: int
) -> tuple[dict[str, Timing], Recording]:
    """Time the plain loop and ours in turns; the best of each counts."""
    require_whole_model()
    _warm_up(clip)
    no_flow = Setup(options=Options(flow=False))
    kept: list[Recording] = []
    ways: dict[str, Callable[[], object]] = {
        "balance, numbers alone, no flow": lambda: _numbers(clip, work, no_flow),
        "balance, numbers alone": lambda: _numbers(clip, work, Setup()),
        "balance --no-flow --no-video": lambda: analyze_to_folder(
            clip, work / "a", no_flow, video=False
        ),
        "balance --no-video": lambda: kept.append(
            analyze_to_folder(clip, work / "b", video=False).recording
        ),
        "balance": lambda: analyze_to_folder(clip, work / "c"),
    }
    best: dict[str, Timing] = {}
    for _ in range(rounds):
        inference, plain = _timed_plain_loop(clip, SHIPPED_MODEL)
        own, _ = _timed_plain_loop(clip, NO_MASK_MODEL)
        found = {"plain loop": plain, "inference alone": inference, OWN: own}
        found |= {name: timed(way) for name, way in ways.items()}
        for name, timing in found.items():
            best[name] = min(best.get(name, timing), timing, key=lambda t: t.wall_s)
    return best, kept[-1]


def require_whole_model(model: Path = SHIPPED_MODEL) -> None:
    """Refuse where the model of the plain loop is not there: no wheel holds it."""
    if not model.exists():
        raise DetectorError(
            f"the plain loop needs {model.name}, which is in a source checkout only"
        )


def _numbers(clip: Path, work: Path, setup: Setup) -> None:
    """Decode, follow, clean, measure, judge and write, without the report."""
    result = analyze_video(clip, setup)
    write_assessment(result.assessment, work / "assessment.json")
    write_recording(result.recording, work / "numbers.npz")


def _warm_up(clip: Path) -> None:
    """Load the libraries: neither side is to pay for what the other has loaded."""
    analyze_video(clip, Setup(options=Options(to_s=1.0)))


def _timed_plain_loop(clip: Path, model: Path) -> tuple[Timing, Timing]:
    """Time inference alone and the whole loop, as the library's own example has it."""
    inference: list[tuple[float, float]] = []

    def loop() -> None:
        for before, after in _plain_loop(clip, model):
            inference.append((after[0] - before[0], after[1] - before[1]))

    whole = timed(loop)
    return Timing(*np.sum(inference, axis=0).tolist()), whole


def _plain_loop(clip: Path, model: Path) -> Iterator[tuple[tuple[float, float], ...]]:
    import av
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode.VIDEO,
    )
    with (
        vision.PoseLandmarker.create_from_options(options) as landmarker,
        av.open(str(clip)) as container,
    ):
        for frame in container.decode(video=0):
            rgb = frame.to_ndarray(format="rgb24")
            image = mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)
            before = time.perf_counter(), time.process_time()
            landmarker.detect_for_video(image, round(1000 * (frame.time or 0.0)))
            yield before, (time.perf_counter(), time.process_time())


def _stages(clip: Path, work: Path) -> dict[str, float]:
    """Return seconds by stage with one worker, by who reports progress when."""
    marks: list[tuple[str, float]] = [("reading the header", time.perf_counter())]

    def note(what: str, _done: int, _total: int | None) -> None:
        marks.append((what, time.perf_counter()))

    analyze_to_folder(clip, work / "e", workers=1, progress=note)
    marks.append(("report and files", time.perf_counter()))
    stages: dict[str, float] = {}
    for (_, before), (what, now) in pairwise(marks):
        stages[what] = stages.get(what, 0.0) + now - before
    return stages


def _scoring(recording: Recording, work: Path) -> dict[str, float]:
    """Seconds to assess the clip, and to read and assess a minute from its file."""
    minute = work / "landmarks.npz"
    write_recording(tiled(recording, RESCORED_S), minute)
    ways: dict[str, Callable[[], object]] = {
        "assess": lambda: assess_recording(recording),
        "rescore": lambda: assess_recording(read_recording(minute)),
    }
    return {
        name: min(timed(way).wall_s for _ in range(5)) for name, way in ways.items()
    }


def tiled(recording: Recording, seconds: float) -> Recording:
    """Repeat a recording end to end until it is ``seconds`` long."""
    frames = len(recording.pose)
    step_s = 1 / recording.pose.rate_hz
    count = max(1, round(seconds / (frames * step_s)))
    time_s = recording.pose.time_s
    length_s = float(time_s[-1] - time_s[0]) + step_s

    def later(n: int) -> Recording:
        pose = replace(recording.pose, time_s=time_s + n * length_s)
        return replace(recording, pose=pose)

    return recording.concat(*(later(n) for n in range(1, count)))


def _clip(recording: Recording) -> dict[str, float]:
    source = recording.source
    return {
        "frames": source.frames,
        "duration_s": round(source.duration_s, 2),
        "width_px": source.width_px,
        "height_px": source.height_px,
    }


def _machine() -> dict[str, str]:
    from balance.model.version import __version__

    return {
        "processor": _processor(),
        "cores": str(usable_cores()),
        "system": platform.platform(),
        "python": platform.python_version(),
        "balance": __version__,
        "mediapipe": mediapipe_version(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def as_json(speed: Speed) -> str:
    """All figures, to be kept and compared."""
    return json.dumps(asdict(speed), indent=1, ensure_ascii=False)


def as_table(speed: Speed) -> str:
    """Write the figures as the table of the README."""
    b = speed
    machine, clip = b.machine, b.clip
    rows = [
        (f"{name} against the plain loop", f"{ratio:.2f} ×")
        for name, ratio in b.ratios.items()
    ]
    rows += [
        ("inference, share of one worker's time", f"{100 * b.inference_share:.0f} %"),
        ("scoring from landmarks", f"{b.scoring_frames_s:,.0f} frames/s"),
        ("rescoring a 60 s clip, after imports", f"{b.rescore_60s_s:.2f} s"),
        ("balance --help", str(b.help_s)),
    ]
    rows += [
        (f"history of {TRIALS:,} trials, {what}", str(timing))
        for what, timing in b.history.items()
    ]
    if b.app_s is not None:
        rows.append(("balance app, until it answers", f"{b.app_s:.1f} s"))
    rows += [
        (f"peak memory, {length} min", f"{mb:.0f} MB")
        for length, mb in b.peak_mb.items()
    ]
    rows += [
        (f"batch, {how}", f"{seconds:.1f} s") for how, seconds in b.batch_s.items()
    ]
    rows += [(f"one worker: {what}", f"{s:.2f} s") for what, s in b.stages_s.items()]
    head = (
        f"{machine['processor']}, {machine['cores']} cores, "
        f"load before {b.load_before:.1f}; "
        f"{clip['width_px']:g}×{clip['height_px']:g}, {clip['duration_s']:g} s"
    )
    lines = [head, "", "| what | figure |", "|---|---|"]
    return "\n".join(lines + [f"| {what} | {figure} |" for what, figure in rows])
