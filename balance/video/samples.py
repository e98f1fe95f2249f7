"""The sample videos: in the checkout for people, in the package for everybody else."""

from pathlib import Path

from balance.model.errors import InputError

# Body heights of the rendered people, so that the demo can give millimetres.
SAMPLE_HEIGHTS_MM = {
    "single_leg_squat_right": 1780.0,
    "squat_valgus_left": 1640.0,
    "stand_left": 1780.0,
}

_PACKAGE = Path(__file__).parents[1]
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
