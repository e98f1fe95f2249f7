"""The one public verb: a video file in, an assessment and its files out."""

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from balance import __version__
from balance.assessment import assess
from balance.contract import (
    read_assessment,
    write_assessment,
    write_recording,
    write_trials,
)
from balance.errors import BalanceError, OutputError
from balance.pose import FloatArray, FootTracks, Recording, SwayTrack
from balance.reference import load_protocol, load_standards
from balance.request import Progress, Setup
from balance.results import Assessment, Software, Source
from balance.video import VideoInfo, probe


@dataclass(frozen=True, eq=False)
class Result:
    """An assessment, the recording that it came from, and where its files are."""

    assessment: Assessment
    recording: Recording
    folder: Path | None = None


def _silent(_what: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""


def analyze_video(
    path: Path,
    setup: Setup | None = None,
    *,
    progress: Progress = _silent,
) -> Result:
    """Measure one video.

    Raises
    ------
    VideoError, DetectorError, InputError
        With one sentence, where the video cannot be measured at all. A video that
        can be read but holds nothing to measure gives an assessment without trials.
    """
    setup = setup or Setup()
    load_protocol(setup.protocol)
    recording = record_video(path, setup, progress=progress)
    return Result(assess_recording(recording), recording)


def assess_recording(recording: Recording) -> Assessment:
    """Assess a recording by its own protocol and the norms that ship."""
    return assess(recording, load_protocol(recording.protocol), load_standards())


def record_video(path: Path, setup: Setup, *, progress: Progress) -> Recording:
    """Landmarks, tracks and scene of a video: all that an assessment needs."""
    from balance.detector import SHIPPED_MODEL, model_sha256
    from balance.tracking import track_video

    info = probe(path)
    tracked = track_video(
        path,
        setup.options,
        model=setup.model,
        progress=lambda done: progress("pose", done, info.frames),
    )
    frames = len(tracked.pose)
    return Recording(
        pose=tracked.pose,
        sway_track=SwayTrack(np.full(frames, np.nan), np.full(frames, np.nan)),
        foot_tracks=FootTracks(
            np.full((frames, 2), np.nan), np.full((frames, 2), np.nan)
        ),
        scene=tracked.scene,
        source=_source(info, tracked.pose.time_s),
        software=_software(model_sha256(setup.model or SHIPPED_MODEL)),
        person=setup.person,
        conditions=setup.conditions,
        options=setup.options,
        protocol=setup.protocol,
        notes=tracked.findings,
        leg_edges_px=tracked.leg_edges_px,
    )


def _source(info: VideoInfo, time_s: FloatArray) -> Source:
    """Describe the source by what was decoded, not by what the header says."""
    step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    duration_s = float(time_s[-1] - time_s[0]) + step_s if len(time_s) else 0.0
    return Source(
        name=info.name,
        sha256=info.sha256,
        duration_s=duration_s,
        frames=len(time_s),
        rate_hz=1 / step_s if step_s else 0.0,
        width_px=info.width_px,
        height_px=info.height_px,
        rotation_deg=info.rotation_deg,
    )


def _software(model_sha256: str) -> Software:
    from importlib.metadata import version

    return Software(__version__, version("mediapipe"), model_sha256)


def analyze_to_folder(
    path: Path,
    out: Path,
    setup: Setup | None = None,
    *,
    video: bool = True,
    progress: Progress = _silent,
) -> Result:
    """Measure one video and write its folder below ``out``, whole or not at all."""
    require_writable(out)
    result = analyze_video(path, setup, progress=progress)
    folder = result_folder(out, path.stem, result.assessment.source.sha256)
    with _beside(folder) as work:
        write_assessment(result.assessment, work / "assessment.json")
        write_recording(result.recording, work / "landmarks.npz")
        write_trials(result.assessment, work / "trials.csv")
        _draw(path, result, work, video=video, progress=progress)
    return replace(result, folder=folder)


def _draw(
    path: Path, result: Result, work: Path, *, video: bool, progress: Progress
) -> None:
    """Write the report and, where asked, the annotated video."""


def require_writable(out: Path) -> None:
    """Refuse a folder that cannot be written before an hour of work, not after."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OutputError(
            f"cannot write into {out}: {error.strerror}; choose another folder "
            "with --out."
        ) from error


def result_folder(out: Path, stem: str, sha256: str) -> Path:
    """``out/stem``, or ``out/stem-<hash>`` where another source's result is there."""
    folder = out / stem
    stored = folder / "assessment.json"
    if not folder.exists():
        return folder
    try:
        same = read_assessment(stored).source.sha256 == sha256
    except BalanceError:
        same = not any(folder.iterdir())
    return folder if same else out / f"{stem}-{sha256[:8]}"


class _beside:  # noqa: N801  (reads as a verb: with _beside(folder) as work)
    """A hidden folder beside the result, renamed into place only when all is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Path:
        self.work = Path(
            tempfile.mkdtemp(prefix=f".{self.folder.name}.", dir=self.folder.parent)
        )
        return self.work

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._put_in_place()
        except OSError as reason:
            raise OutputError(
                f"cannot write {self.folder}: {reason.strerror}; choose another folder "
                "with --out or free some space."
            ) from reason
        finally:
            shutil.rmtree(self.work, ignore_errors=True)

    def _put_in_place(self) -> None:
        self.folder.mkdir(exist_ok=True)
        # Files of an older run that this one did not make would tell another story.
        made = {file.name for file in self.work.iterdir()}
        for file in self.work.iterdir():
            file.replace(self.folder / file.name)
        for name in ("annotated.mp4", "report.html"):
            if name not in made:
                (self.folder / name).unlink(missing_ok=True)
