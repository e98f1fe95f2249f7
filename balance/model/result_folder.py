"""Where a result goes: a folder that is there whole or not at all."""

import shutil
import tempfile
from pathlib import Path

from balance.model.errors import BalanceError, OutputError
from balance.model.files import read_assessment


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


class written_beside:  # noqa: N801  (reads as a verb in a with statement)
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
