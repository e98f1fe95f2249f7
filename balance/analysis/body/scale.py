"""How large the person is in the image, and so how many millimetres a px is.

There is no landmark on top of the head; the distance from the eyes to the toes on the
floor of somebody who stands upright is a steady share of body height. Ankles, which
other programs stop at, lie up to 4 % of it too high in small frames.
"""

from dataclasses import dataclass

import numpy as np

from balance.model.landmarks import Landmark, Side
from balance.model.recording import BoolArray, FloatArray, PoseSequence
from balance.model.results import SDS_95, Measurement

# Eyes to toes, and to ankles where no toes are known, over body height in px at the
# pelvis' distance: measured with unsmoothed MediaPipe landmarks on 24 rendered clips of
# 23 people (1.51 to 1.87 m, camera 0.80 to 1.09 m high, 2.5 to 4.2 m away): SD 1.2 %
# and 1.7 %. They take in that eyes and toes are nearer to the camera than the hips, and
# shoes.
EYES_TO_FLOOR = {"foot_index": 0.982, "ankle": 0.909}
# Wider than measured: real people's proportions and shoes vary more than the rig's.
HEIGHT_REL_SD = 0.02
# Bent knees and a lowered head only shorten the distance, so upright is where it is
# long; not the longest, which noise makes.
UPRIGHT_QUANTILE = 0.75


@dataclass(frozen=True, slots=True)
class BodyScale:
    """The person's size in the image, and in life where it is known.

    ``height_px`` body height at the distance of the pelvis; ``height_mm`` None where
    nobody said it.
    """

    height_px: Measurement
    height_mm: float | None = None

    @property
    def mm_per_px(self) -> Measurement | None:
        """Millimetres per px at the pelvis, None without a height."""
        if self.height_mm is None:
            return None
        return Measurement.with_sd(
            self.height_mm / self.height_px.value,
            self.height_mm / self.height_px.value * self.rel_sd,
            "mm/px",
        )

    @property
    def rel_sd(self) -> float:
        """Relative standard deviation of both."""
        return relative_sd(self.height_px)


def relative_sd(measurement: Measurement) -> float:
    """Return standard deviation over value, read from the normal 95 % interval."""
    if measurement.low is None or measurement.high is None:
        return float("inf")
    width = measurement.high - measurement.low
    return width / (2 * SDS_95) / abs(measurement.value)


def body_scale(
    pose: PoseSequence, height_mm: float | None, rows: BoolArray | None = None
) -> BodyScale | None:
    """Measure the person's size in the image; None where nobody is seen.

    Parameters
    ----------
    rows
        (T,) the frames to look at: those round a trial, where somebody walks
        nearer; None for all.
    """
    for part, share in EYES_TO_FLOOR.items():
        length = eyes_to_px(pose, part)
        if rows is not None:
            length = length[rows]
        length = length[np.isfinite(length)]
        if not len(length):
            continue
        height_px = float(np.quantile(length, UPRIGHT_QUANTILE)) / share
        if height_px <= 0:
            return None
        sd_px = HEIGHT_REL_SD * height_px
        return BodyScale(Measurement.with_sd(height_px, sd_px, "px"), height_mm)
    return None


def eyes_to_px(pose: PoseSequence, part: str) -> FloatArray:
    """(T,) from the middle of the eyes to the foot's part farther away; NaN unseen."""
    eyes = pose.xy_px[:, [Landmark.LEFT_EYE, Landmark.RIGHT_EYE]].mean(axis=1)
    parts = pose.xy_px[:, [side.landmark(part) for side in Side]]
    lengths = np.linalg.norm(parts - eyes[:, None], axis=-1)
    return np.asarray(lengths.max(axis=1))
