"""TRC, C3D or MOT files of results on disk, or of every recording of a person."""

from pathlib import Path

from balance.history import Store
from balance.history.recordings import load_landmarks, load_recordings
from balance.model.errors import InputError
from balance.model.files import read_assessment, read_recording
from balance.model.recording import PoseSequence
from balance.model.results import Assessment
from balance.reporting.export.angles import write_mot
from balance.reporting.export.motion import write_c3d, write_trc

KINDS = ("trc", "c3d", "mot")
LANDMARKS = "landmarks.npz"


def files_of_result(path: Path, kind: str, out: Path) -> list[str]:
    """Write a file for a ``landmarks.npz``, a result folder, or each folder in one."""
    here = path if path.is_dir() else path.parent
    files = [path] if path.is_file() else [here / LANDMARKS]
    if not files[0].is_file():
        files = sorted(here.glob(f"*/{LANDMARKS}"))
    if not files:
        raise InputError(f"{path} holds no {LANDMARKS} to export")
    return [_of_file(file, kind, out) for file in files]


def _of_file(landmarks: Path, kind: str, out: Path) -> str:
    folder = landmarks.absolute().parent
    result = folder / "assessment.json"
    assessment = read_assessment(result) if result.exists() else None
    pose = read_recording(landmarks).pose
    return _write(pose, assessment, out / f"{folder.name}.{kind}")


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
    yaw = None if assessment is None else assessment.camera.yaw_deg
    yaw_deg = 0.0 if yaw is None else yaw.value
    if path.suffix == ".mot":
        write_mot(pose, path, yaw_deg)
        return f"{path} (degrees)"
    scale = None if assessment is None else assessment.scale
    if scale is None:
        raise InputError(
            f"{path.suffix[1:].upper()} needs millimetres, and the height of this "
            "person is not known: balance rescore FOLDER --height-cm H, then export."
        )
    mm_per_px = scale.mm_per_px.value
    if path.suffix == ".trc":
        write_trc(pose, path, mm_per_px, yaw_deg)
        return f"{path} (mm)"
    uneven = write_c3d(pose, path, mm_per_px, yaw_deg)
    note = ", brought to an even frame rate" if uneven else ""
    return f"{path} (mm{note})"
