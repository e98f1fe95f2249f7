"""The sample videos: in the checkout for people, in the package for everybody else."""

from pathlib import Path

from balance.errors import InputError

_PACKAGE = Path(__file__).parent
_PLACES = (_PACKAGE / "data" / "samples", _PACKAGE.parent / "sample_videos")


def sample_videos() -> list[Path]:
    """List the sample videos by name, wherever this copy of the package has them.

    Raises
    ------
    InputError
        If this copy came without them.
    """
    for place in _PLACES:
        if videos := sorted(place.glob("*.mp4")):
            return videos
    raise InputError(
        "The sample videos are missing from this installation; install balance again."
    )
