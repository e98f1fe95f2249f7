"""Open a file of another program, whatever it is, as a recording."""

import csv
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from balance.model.codes import FindingCode, Severity
from balance.model.errors import InputError
from balance.model.files import LONGEST_SIDE_PX
from balance.model.opening import require_regular
from balance.model.plausible import LATEST_S
from balance.model.recording import FootTracks, Recording, Scene, SwayTrack
from balance.model.results import Finding, Software, Source
from balance.model.setup import Setup
from balance.model.unpacking import MB
from balance.model.version import __version__
from balance.tracking.importers.freemocap import read_freemocap
from balance.tracking.importers.frontal import as_pose
from balance.tracking.importers.mediapipe_json import read_mediapipe_json
from balance.tracking.importers.named import Imported
from balance.tracking.importers.openpose import read_openpose
from balance.tracking.importers.trc import read_trc
from balance.video.door import SUFFIXES

Reader = Callable[[Path, float | None], Imported]

LARGEST_IMPORT = 100 * MB
LARGEST_FRAME = 4 * MB
# An hour at 100 frames per second.
MOST_FRAMES = 360_000
# Pixels or millimetres: nobody is a kilometre away.
LARGEST_NUMBER = 1e6

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
    _require_sensible_file(path)
    if rate_hz is not None and not 1 <= rate_hz <= 1000:
        raise InputError(f"--fps {rate_hz:g} is not between 1 and 1000")
    kind = _tell(path) if kind == "auto" else kind
    if kind not in FORMATS:
        raise InputError(f"format {kind!r} is none of: auto, {', '.join(FORMATS)}")
    try:
        imported = FORMATS[kind](path, rate_hz)
    except InputError:
        raise
    except _BROKEN as error:
        raise InputError(f"cannot read {path.name} as {kind}: {error}") from error
    if size_px is not None:
        imported = replace(imported, size_px=size_px)
    _require_sensible(imported, path)
    return _recording(imported, path, setup or Setup())


# What readers of text and numbers raise over content that is none.
_BROKEN = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    csv.Error,
)


def _require_sensible_file(path: Path) -> None:
    """Refuse what is no file or folder, or too large to be landmarks."""
    try:
        if not path.exists():
            raise InputError(f"there is no {path}")
        files = list(path.iterdir()) if path.is_dir() else [path]
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    if len(files) > MOST_FRAMES:
        raise InputError(f"{path.name} holds too many files")
    for file in files:
        is_frame = file.name.endswith("_keypoints.json")
        if file == path or is_frame:
            most = LARGEST_FRAME if is_frame else LARGEST_IMPORT
            if (size := require_regular(file)) > most:
                raise InputError(
                    f"{file.name} is too large to hold landmarks: {size / MB:.0f} MB"
                )
            if not size:
                raise InputError(f"{file.name} is empty")


def _require_sensible(imported: Imported, path: Path) -> None:
    """Refuse numbers that no camera and no body has."""
    time_s, points = imported.time_s, imported.points
    if not 0 < len(time_s) <= MOST_FRAMES:
        raise InputError(f"{path.name} holds {len(time_s)} frames")
    if not np.all(np.isfinite(time_s)) or np.ptp(time_s) > LATEST_S:
        raise InputError(f"{path.name} has times that make no sense")
    if np.isinf(points).any() or np.any(np.abs(points) > LARGEST_NUMBER):
        raise InputError(f"{path.name} has points that are nowhere")
    size = imported.size_px
    if size is not None and not all(0 < side <= LONGEST_SIDE_PX for side in size):
        raise InputError(f"{path.name}: an image of {size[0]}x{size[1]} makes no sense")


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
    if ending in SUFFIXES:
        raise InputError(
            f"{path.name} is a video; measure it with 'balance analyze {path.name}'"
        )
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
