"""Which folder a result goes into, and whether it can."""

import tempfile
from pathlib import Path

from balance.model.errors import BalanceError, OutputError
from balance.model.files import read_assessment
from balance.model.publish import sweep, written_beside

# With the hash, well below the 255 bytes that a name may have.
LONGEST_NAME = 200
# What an earlier run wrote and a later one may not.
_NOT_ALWAYS_MADE = ("annotated.mp4", "report.html", "report.pdf")


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
    sweep(out)


def result_folder(out: Path, stem: str, sha256: str) -> Path:
    """``out/stem``, or ``out/stem-<hash>`` where another source's result is there."""
    stem = _as_name(stem)
    folder = out / stem
    stored = folder / "assessment.json"
    if not folder.exists():
        return folder
    try:
        same = read_assessment(stored).source.sha256 == sha256
    except BalanceError:
        same = folder.is_dir() and not any(folder.iterdir())
    return folder if same else out / f"{stem}-{sha256[:8]}"


def written_result(folder: Path) -> written_beside:
    """Write a result's files beside its folder; see `publish.written_beside`."""
    return written_beside(folder, drop=_NOT_ALWAYS_MADE)


def _as_name(stem: str) -> str:
    """Return a name that a folder can have: "...mp4" would be the folder above."""
    cut = stem.encode(errors="surrogateescape")[:LONGEST_NAME]
    # A letter that was cut in the middle goes; a byte that is no letter stays.
    is_cut = len(cut) == LONGEST_NAME
    name = cut.decode(errors="ignore" if is_cut else "surrogateescape")
    return name if name.strip(". ") else "video"
