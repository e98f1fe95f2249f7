"""One frame as the live test sees it, and the few lengths that it is judged by."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from balance.model.landmarks import Landmark, Side
from balance.model.recording import FloatArray

HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
ANKLES = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
KNEES = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
FACE = tuple(Landmark(i) for i in range(Landmark.LEFT_SHOULDER))
FEET = tuple(Landmark(i) for i in range(Landmark.LEFT_ANKLE, len(Landmark)))
# Without more than half of these inside the image, whatever the model says of
# the rest is invented (it never stops guessing).
TRUNK_AND_LEGS = (*SHOULDERS, *HIPS, *KNEES, *ANKLES)


@dataclass(frozen=True, eq=False)
class LiveFrame:
    """What a camera saw at one moment.

    Parameters
    ----------
    time_s
        The camera's clock; only differences are used.
    xy_px
        (33, 2) unsmoothed landmarks in displayed px, or None when no person was
        found.
    size_px
        Width and height of the frame that ``xy_px`` refers to.
    luma
        Mean brightness 0–255, None when not measured for this frame.
    people
        How many people were seen, None when nobody counted at this frame.
    late
        Whether answers come too late by now for anybody to be watched safely.
    """

    time_s: float
    xy_px: FloatArray | None
    size_px: tuple[int, int]
    luma: float | None = None
    people: int | None = None
    late: bool = False

    @cached_property
    def body(self) -> FloatArray | None:
        """(33, 2) px, or None when the person is not (or hardly) in the image."""
        if self.xy_px is None:
            return None
        points = self.xy_px[list(TRUNK_AND_LEGS)]
        size = np.asarray(self.size_px, float)
        inside = np.isfinite(points).all(axis=1)
        inside &= ((points >= 0) & (points <= size)).all(axis=1)
        pelvis = self.xy_px[list(HIPS)].mean(axis=0)
        gone = not np.isfinite(pelvis).all() or not 0 <= pelvis[1] <= size[1]
        return None if gone or 2 * inside.sum() <= len(points) else self.xy_px


def middle(body: FloatArray, pair: tuple[Landmark, ...]) -> FloatArray:
    """(2,) px halfway between landmarks."""
    return np.asarray(body[list(pair)].mean(axis=0), float)


def leg_length_px(body: FloatArray) -> float:
    """Pelvis to ankles, straight down: the yardstick of everything live.

    A leg length is about 0.85 m in an adult; no scale in mm is needed.
    """
    return float(middle(body, ANKLES)[1] - middle(body, HIPS)[1])


def foot_px(body: FloatArray, side: Side) -> FloatArray:
    """(2,) px: mean of ankle, heel and toe; steadier than any one of them."""
    names = ("ankle", "heel", "foot_index")
    return np.asarray(body[[side.landmark(n) for n in names]].mean(axis=0), float)
