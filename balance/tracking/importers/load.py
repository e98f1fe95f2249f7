"""Open a file of another program, whatever it is, as a recording."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from balance.model.codes import FindingCode, Severity
from balance.model.errors import InputError
from balance.model.recording import FootTracks, Recording, Scene, SwayTrack
from balance.model.results import Finding, Software, Source
from balance.model.setup import Setup
from balance.model.version import __version__
from balance.tracking.importers.freemocap import read_freemocap
from balance.tracking.importers.frontal import as_pose
from balance.tracking.importers.mediapipe_json import read_mediapipe_json
from balance.tracking.importers.named import Imported
from balance.tracking.importers.openpose import read_openpose
from balance.tracking.importers.trc import read_trc

Reader = Callable[[Path, float | None], Imported]

FORMATS: dict[str, Reader] = {
    "trc": lambda path, _rate: read_trc(path),
    "openpose": read_openpose,
    "freemocap": read_freemocap,
    "mediapipe": read_mediapipe_json,
}


def import_recording(
    path: Path,
    *,
    kind: str = "auto",
    rate_hz: float | None = None,
    size_px: tuple[int, int] | None = None,
    setup: Setup | None = None,
) -> Recording:
    """Read landmarks that another program found.

    Parameters
    ----------
    path
        A TRC file, a folder of OpenPose files, FreeMoCap's NPY or CSV, MediaPipe
        landmarks as JSON.
    kind
        One of ``FORMATS``, or "auto" to tell by name and content.
    rate_hz
        Frames per second, for formats that carry no times.
    size_px
        Width and height of the image, where the file does not say.
    """
    if not path.exists():
        raise InputError(f"there is no {path}")
    if rate_hz is not None and not 1 <= rate_hz <= 1000:
        raise InputError(f"--rate-hz {rate_hz:g} is not between 1 and 1000")
    kind = _tell(path) if kind == "auto" else kind
    if kind not in FORMATS:
        raise InputError(f"format {kind!r} is none of: auto, {', '.join(FORMATS)}")
    try:
        imported = FORMATS[kind](path, rate_hz)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path.name}: {error}") from error
    if size_px is not None:
        imported = replace(imported, size_px=size_px)
    return _recording(imported, path, setup or Setup())


def _tell(path: Path) -> str:
    """Tell the format by what the file is called and how it begins."""
    if path.is_dir() or path.name.endswith("_keypoints.json"):
        return "openpose"
    by_ending = {".trc": "trc", ".npy": "freemocap", ".csv": "freemocap"}
    ending = path.suffix.lower()
    if ending in by_ending:
        return by_ending[ending]
    if ending == ".json":
        return "mediapipe"
    raise InputError(
        f"{path.name}: its format cannot be told; say it with --format "
        f"{'|'.join(FORMATS)}"
    )


def _recording(imported: Imported, path: Path, setup: Setup) -> Recording:
    pose = as_pose(imported, path.name)
    frames = len(pose)
    nothing = np.full(frames, np.nan)
    nowhere = np.full((frames, 2), np.nan)
    width, height = pose.size_px
    source = Source(
        path.name,
        _sha256(path),
        float(pose.time_s[-1] - pose.time_s[0]) if frames > 1 else 0.0,
        frames,
        pose.rate_hz,
        width,
        height,
        0,
        setup.recorded_at,
    )
    return Recording(
        pose,
        SwayTrack(nothing, nothing),
        FootTracks(nowhere, nowhere),
        Scene.unknown(frames),
        source,
        Software(__version__, f"none: imported from {imported.tool}", ""),
        person=setup.person,
        conditions=setup.conditions,
        options=setup.options,
        protocol=setup.protocol,
        notes=(_note(imported),),
    )


def _note(imported: Imported) -> Finding:
    return Finding(
        FindingCode.IMPORTED_LANDMARKS,
        Severity.INFO,
        f"Landmarks come from another program ({imported.tool}): there was no video "
        "to check them against, and intervals are those of our own landmarks.",
    )


def _sha256(path: Path) -> str:
    """Hash a file, or a folder's files by name."""
    files = sorted(path.glob("*_keypoints.json")) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
