"""What an import has before it becomes a recording, and names of points.

Other programs name joints differently; what they do not have stays NaN.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import InputError
from balance.model.landmarks import LANDMARK_COUNT, Landmark

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Imported:
    """Points of one person as a file had them.

    ``points`` (T, 33, 2 or 3), NaN = not seen; two axes are image x and y, three
    are space. ``unit`` "px", "mm", "m", or "frame" for fractions of its size.
    ``size_px`` None where the file does not say.
    """

    time_s: FloatArray
    points: FloatArray
    visibility: FloatArray
    unit: str
    tool: str
    size_px: tuple[int, int] | None = None


# Names of OpenPose, HALPE and COCO as Sports2D and Pose2Sim write them. Only the
# points that MediaPipe has as well; "Hip" and "Neck" are midpoints of others.
_ALIASES = {
    "nose": Landmark.NOSE,
    "reye": Landmark.RIGHT_EYE,
    "leye": Landmark.LEFT_EYE,
    "rear": Landmark.RIGHT_EAR,
    "lear": Landmark.LEFT_EAR,
    "rshoulder": Landmark.RIGHT_SHOULDER,
    "lshoulder": Landmark.LEFT_SHOULDER,
    "relbow": Landmark.RIGHT_ELBOW,
    "lelbow": Landmark.LEFT_ELBOW,
    "rwrist": Landmark.RIGHT_WRIST,
    "lwrist": Landmark.LEFT_WRIST,
    "rhip": Landmark.RIGHT_HIP,
    "lhip": Landmark.LEFT_HIP,
    "rknee": Landmark.RIGHT_KNEE,
    "lknee": Landmark.LEFT_KNEE,
    "rankle": Landmark.RIGHT_ANKLE,
    "lankle": Landmark.LEFT_ANKLE,
    "rheel": Landmark.RIGHT_HEEL,
    "lheel": Landmark.LEFT_HEEL,
    "rbigtoe": Landmark.RIGHT_FOOT_INDEX,
    "lbigtoe": Landmark.LEFT_FOOT_INDEX,
}
_NEEDED = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
    Landmark.LEFT_ANKLE,
    Landmark.RIGHT_ANKLE,
)


def landmark_of(name: str) -> Landmark | None:
    """Return the landmark of a name in any of the known spellings, or None."""
    plain = name.strip().lower().removeprefix("body_")
    if plain.upper() in Landmark.__members__:
        return Landmark[plain.upper()]
    return _ALIASES.get(plain.replace("_", ""))


def by_name(names: Iterable[str], values: FloatArray, file: str) -> FloatArray:
    """(T, 33, axes) from (T, N, axes) and N names; unknown names are left out.

    Raises
    ------
    InputError
        Where a joint is missing without which nothing can be assessed.
    """
    points = np.full((len(values), LANDMARK_COUNT, values.shape[2]), np.nan)
    known = set()
    for column, name in enumerate(names):
        landmark = landmark_of(name)
        if landmark is not None:
            points[:, landmark] = values[:, column]
            known.add(landmark)
    missing = [one.name.lower() for one in _NEEDED if one not in known]
    if missing:
        raise InputError(f"{file} has no {', '.join(missing)}; nothing can be assessed")
    return points
