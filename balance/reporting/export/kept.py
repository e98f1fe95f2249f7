"""Results to export, from result folders as from the history."""

from datetime import UTC, date, datetime
from pathlib import Path

from balance.history.people import PersonRecord
from balance.history.recordings import StoredRecording
from balance.model.errors import InputError
from balance.model.files import read_assessment

RESULT = "assessment.json"


def results_of_folder(path: Path) -> list[StoredRecording]:
    """Return the results of a folder, or of the folders in it, in order of time.

    Each looks as if the history had kept it: the person is the code that the result
    carries, else the folder's name; the day that of the recording, else that on which
    the result was written.

    Raises
    ------
    InputError
        Where there is no result.
    """
    here = path if path.is_dir() else path.parent
    files = [here / RESULT] if (here / RESULT).is_file() else []
    files = files or sorted(here.glob(f"*/{RESULT}"))
    if not files:
        raise InputError(f"{path} holds no result: no {RESULT} in it")
    return sorted((_kept(file) for file in files), key=lambda one: (one.on, one.key))


def person_of(results: list[StoredRecording]) -> PersonRecord:
    """Return what the results know of their person.

    Raises
    ------
    InputError
        Where they are of several.
    """
    codes = sorted({one.person_code for one in results})
    if len(codes) > 1:
        raise InputError(
            f"these are results of {len(codes)} people ({', '.join(codes[:3])}, …); "
            "name the folder of one"
        )
    person = results[-1].assessment.person
    # An age is no year of birth: it goes along as what it is, an observation.
    return PersonRecord(codes[0], None, None, person.height_mm, person.sex)


def _kept(file: Path) -> StoredRecording:
    assessment = read_assessment(file)
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    at = assessment.source.recorded_at
    on: date = datetime.fromisoformat(at).date() if at else written.date()
    folder = file.parent.absolute().name
    # One video may have been measured twice: the folder's name keeps the two apart.
    key = f"{assessment.source.sha256[:16]}-{assessment.protocol}-{folder}"
    code = assessment.person.code or folder
    saved_at = written.isoformat(timespec="seconds")
    return StoredRecording(key, code, on, saved_at, assessment, None, None)
