"""TRC or C3D files of a result on disk, or of every recording of a person."""

from pathlib import Path

from balance.history import Store
from balance.history.recordings import load_landmarks, load_recordings
from balance.model.errors import InputError
from balance.model.files import read_assessment, read_recording
from balance.model.recording import PoseSequence
from balance.model.results import Assessment
from balance.reporting.export.motion import write_c3d, write_trc


def files_of_result(path: Path, kind: str, out: Path) -> list[str]:
    """Write the file of a ``landmarks.npz`` or of a result folder."""
    folder = path if path.is_dir() else path.parent
    landmarks = path / "landmarks.npz" if path.is_dir() else path
    result = folder / "assessment.json"
    assessment = read_assessment(result) if result.exists() else None
    pose = read_recording(landmarks).pose
    return [_write(pose, assessment, out / f"{folder.name}.{kind}")]


def files_of_person(store: Store, code: str, kind: str, out: Path) -> list[str]:
    """Write a file for each recording of a person that kept its landmarks."""
    written = []
    for kept in load_recordings(store, code):
        recording = load_landmarks(store, kept.key)
        if recording is not None:
            name = f"{kept.person_code}-{kept.on}-{kept.key[:8]}.{kind}"
            written.append(_write(recording.pose, kept.assessment, out / name))
    if not written:
        raise InputError(f"{code} has no recording with landmarks to export")
    return written


def _write(pose: PoseSequence, assessment: Assessment | None, path: Path) -> str:
    """Write one file and say what it holds."""
    scale = None if assessment is None else assessment.scale
    mm_per_px = None if scale is None else scale.mm_per_px.value
    unit = "px" if mm_per_px is None else "mm"
    if path.suffix == ".trc":
        write_trc(pose, path, mm_per_px)
        return f"{path} ({unit})"
    uneven = write_c3d(pose, path, mm_per_px)
    note = ", brought to an even frame rate" if uneven else ""
    return f"{path} ({unit}{note})"
