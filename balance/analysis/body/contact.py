"""Both feet in leg lengths, so that neither image size nor distance matters."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.ndimage import median_filter

from balance.analysis.signals import length, median, runs
from balance.model.landmarks import Side
from balance.model.recording import BoolArray, FloatArray, PoseSequence, Recording

# A planted foot moves slower than this, in leg lengths per second (about 9 cm/s);
# a foot that leaves the floor passes it within a frame or two (0.35 m/s and more).
STILL_PER_S = 0.10
# Shoulder breadth in the image over trunk length for a person facing the camera.
FRONTAL_BREADTH = 0.65
SIDE_ON_SINE = 0.7
# Speed is taken over this long, so that landmark noise does not read as motion.
SPEED_SPAN_S = 0.2


@dataclass(frozen=True, eq=False)
class Feet:
    """Both feet in leg lengths (image axes, y down), camera motion taken out.

    ``toe``, ``heel``, ``ankle``: side -> (T, 2). ``leg_px`` is the straight leg's
    length in the image, ``both_down`` (T,) frames in which both touch the floor,
    ``side_on`` whether the camera looks at the person from the side.
    """

    time_s: FloatArray
    leg_px: float
    toe: dict[Side, FloatArray]
    heel: dict[Side, FloatArray]
    ankle: dict[Side, FloatArray]
    both_down: BoolArray
    side_on: bool

    def sole(self, side: Side) -> FloatArray:
        """(T, 2) middle of toe and heel."""
        return self._soles[side]

    @cached_property
    def frame_s(self) -> float:
        """Median spacing of the frames; 0 below two of them."""
        return median(np.diff(self.time_s)) if len(self.time_s) > 1 else 0.0

    @cached_property
    def _soles(self) -> dict[Side, FloatArray]:
        return {side: (self.toe[side] + self.heel[side]) / 2 for side in Side}

    @cached_property
    def _speeds(self) -> dict[Side, FloatArray]:
        return {side: speed(self.time_s, self.sole(side)) for side in Side}

    @cached_property
    def planted(self) -> BoolArray:
        """(T,) frames in which both feet stand still on the floor."""
        still = self.both_down.copy()
        for side in Side:
            with np.errstate(invalid="ignore"):
                still &= self.speed(side) < STILL_PER_S
        return np.asarray(still)

    def speed(self, side: Side) -> FloatArray:
        """(T,) speed of a sole over ``SPEED_SPAN_S``, leg lengths per second."""
        return self._speeds[side]


def leg_length_px(recording: Recording) -> float:
    """Length of the straight leg in px, see `straight_leg_px`."""
    return straight_leg_px(recording.pose.xy_px)


def straight_leg_px(xy: FloatArray) -> float:
    """Length of the straight leg in px: the longer leg's, upper quartile over time.

    ``xy`` (T, 33, 2). A bent or raised leg is shortened in the image, never lengthened.
    """
    legs = []
    for side in Side:
        hip, knee, ankle = (xy[:, side.landmark(j)] for j in ("hip", "knee", "ankle"))
        legs.append(length(hip - knee) + length(knee - ankle))
    longer = np.fmax(*legs)
    return float(np.nanquantile(longer, 0.75)) if np.isfinite(longer).any() else np.nan


def speed(time_s: FloatArray, xy: FloatArray) -> FloatArray:
    """(T,) central-difference speed over ``SPEED_SPAN_S``; NaN beside gaps."""
    if len(time_s) < 3:
        return np.full(len(time_s), np.nan)
    half = max(1, round(SPEED_SPAN_S / 2 / median(np.diff(time_s))))
    half = min(half, len(time_s) - 1)
    # At either end the span is shorter: the end is held.
    wide = [(half, half), (0, 0)]
    held, held_s = np.pad(xy, wide, "edge"), np.pad(time_s, half, "edge")
    way = length(held[2 * half :] - held[: -2 * half])
    return np.asarray(way / (held_s[2 * half :] - held_s[: -2 * half]))


def _denoised(time_s: FloatArray, xy: FloatArray) -> FloatArray:
    """Median (T, …) over three frames where frames are dense enough to spare two."""
    if len(time_s) < 5 or median(np.diff(time_s)) > 1 / 20:
        return xy
    return median_filter(xy, size=3, axes=(0,), mode="nearest")


def find_feet(recording: Recording, both_down: BoolArray) -> Feet:
    """Both feet of a recording, in leg lengths.

    ``both_down`` (T,) frames in which both touch the floor, see `find_contact`.
    """
    pose = recording.pose
    leg = leg_length_px(recording)
    shift = np.nan_to_num(recording.scene.camera_shift_px)
    time_s = pose.time_s
    # All in one go: a filter costs more to begin than to run.
    joints = ("foot_index", "heel", "ankle")
    landmarks = [side.landmark(joint) for joint in joints for side in Side]
    places = _denoised(time_s, (pose.xy_px[:, landmarks] - shift[:, None]) / leg)
    toe, heel, ankle = (
        {side: places[:, 2 * n + k] for k, side in enumerate(Side)}
        for n in range(len(joints))
    )
    return Feet(time_s, leg, toe, heel, ankle, both_down, _side_on(pose))


def _side_on(pose: PoseSequence) -> bool:
    """Whether the camera looks at the person from the side, by the shoulders."""
    shoulders = [pose.point(s.landmark("shoulder")) for s in Side]
    hips = [pose.point(s.landmark("hip")) for s in Side]
    trunk = length((shoulders[0] + shoulders[1] - hips[0] - hips[1]) / 2)
    breadth = np.abs(shoulders[0][:, 0] - shoulders[1][:, 0]) / trunk
    if not np.isfinite(breadth).any():
        return False
    cosine = min(median(breadth) / FRONTAL_BREADTH, 1.0)
    # Up to 45 degrees a person may as well be narrow as turned.
    return bool(np.sqrt(1 - cosine**2) >= SIDE_ON_SINE)


def hysteresis(values: FloatArray, *, high: float, low: float) -> BoolArray:
    """(T,) True from where a value passes ``high`` until it falls below ``low``.

    The stretch is widened backwards as well, to where the value left ``low``. NaN is
    neither: it ends a stretch.
    """
    with np.errstate(invalid="ignore"):
        above, surely = values > low, values > high
    kept = np.zeros(len(values), bool)
    for run in runs(above):
        kept[run] = bool(surely[run].any())
    return kept
