"""Where the app keeps its files: beside the history, on a disk and this user's alone.

Not in the system's folder for temporary files, which many systems keep in memory.
"""

from pathlib import Path

from balance.history.location import data_folder, locate
from balance.model.errors import OutputError

LARGEST_UPLOAD_MB = 2000


def app_folder() -> Path:
    """Return the folder of everything that the app keeps."""
    file = locate().file
    return (file.parent if file is not None else data_folder()) / "app"


def arriving_folder() -> Path:
    """Return the folder of videos on their way; what is in it ends with its page."""
    folder = app_folder() / "arriving"
    try:
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise OutputError(
            f"videos cannot be taken in: {folder}: {error.strerror}"
        ) from error
    return folder
