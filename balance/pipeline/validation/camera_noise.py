"""What the noise of one camera alone would be taken for, from a clip of stillness."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from balance.analysis import signals
from balance.analysis.measures import steadiness
from balance.model.errors import InputError
from balance.model.recording import FloatArray
from balance.tracking import alignment
from balance.tracking.alignment import Motion, Patch
from balance.tracking.background import LEAST_SHARE, LEAST_SLOPE, smoothed

if TYPE_CHECKING:
    from balance.video.video import GreyFrame

# Sway's own rate and cut-off, so that the floor is the one sway stands on.
RATE_HZ, CUTOFF_HZ = 25.0, 3.0
# A region about as large as hips and thigh of a person who fills the frame.
REGION_SHARE = 0.25
ELEMENTS = 900
LEAST_SECONDS = 3.0
LONGEST_FRAMES = 3600
# A person who fills 80 % of the image's height and is 1.75 m tall.
BODY_MM, BODY_SHARE = 1750.0, 0.8


@dataclass(frozen=True, slots=True)
class CameraNoise:
    """Noise of a still frame's position, sideways.

    ``rms_px`` and ``speed_px_s`` after the low-pass of sway; ``rms_mm`` and
    ``speed_mm_s`` the same for a person of 1.75 m who fills 80 % of the image.
    ``regions`` that had something to follow.
    """

    rms_px: float
    speed_px_s: float
    rms_mm: float
    speed_mm_s: float
    regions: int
    seconds: float


def camera_noise(frames: "Iterable[GreyFrame]") -> CameraNoise:
    """Follow nine regions of a still frame and see how far they seem to move.

    Raises
    ------
    InputError
        If the clip is too short or shows nothing that could be followed.
    """
    time_s, shift_px, height_px = _follow(frames)
    if len(time_s) < 2 or time_s[-1] - time_s[0] < LEAST_SECONDS:
        raise InputError(
            f"the camera clip is too short: record something still for "
            f"{LEAST_SECONDS:.0f} s or more"
        )
    window = (float(time_s[0]), float(time_s[-1]))
    rms, speed = [], []
    for region in shift_px.T:
        if not np.isfinite(region).all():
            continue
        _, path = signals.low_passed_resample(
            time_s, region, RATE_HZ, CUTOFF_HZ, window
        )
        rms.append(steadiness.rms(path))
        speed.append(steadiness.mean_speed(path, RATE_HZ))
    if not rms:
        raise InputError(
            "nothing in the camera clip could be followed: record something still that "
            "has edges and colours, such as a bookshelf"
        )
    mm_per_px = BODY_MM / (BODY_SHARE * height_px)
    middle_rms, middle_speed = float(np.median(rms)), float(np.median(speed))
    return CameraNoise(
        middle_rms,
        middle_speed,
        middle_rms * mm_per_px,
        middle_speed * mm_per_px,
        len(rms),
        window[1] - window[0],
    )


def _follow(frames: "Iterable[GreyFrame]") -> tuple[FloatArray, FloatArray, int]:
    """Return times, (T, 9) sideways shifts in px, and the image's height."""
    time_s: list[float] = []
    rows: list[list[float]] = []
    patches: list[Patch] = []
    height_px = 0
    for frame in islice(frames, LONGEST_FRAMES):
        image = smoothed(frame.grey, 1, gain=frame.gain)
        if not patches:
            height_px = image.shape[0]
            patches = _regions(image)
        time_s.append(frame.time_s)
        rows.append([_shift(patch, image) for patch in patches])
    return np.array(time_s), np.array(rows), height_px


def _regions(image: alignment.Image) -> list[Patch]:
    """Cut nine regions out of the image's middle."""
    height, width = image.shape
    side = round(REGION_SHARE * height)
    slope = np.hypot(*alignment.slopes(image))
    patches = []
    for middle_y in (0.3, 0.5, 0.7):
        for middle_x in (0.3, 0.5, 0.7):
            x0, y0 = (
                round(middle_x * width - side / 2),
                round(middle_y * height - side / 2),
            )
            y, x = np.nonzero(slope[y0 : y0 + side, x0 : x0 + side] > LEAST_SLOPE)
            every = max(1, -(-len(x) // ELEMENTS))
            places = np.stack([x + x0, y + y0], axis=1)[::every]
            centre = np.array([x0 + side / 2, y0 + side / 2])
            patches.append(
                alignment.make_patch(image, places, centre, side / 2, Motion.SHIFT)
            )
    return patches


def _shift(patch: Patch, image: alignment.Image) -> float:
    if len(patch.value) < 30:
        return float("nan")
    fit = alignment.align(patch, image, np.zeros(2))
    return float(fit.motion[0]) if fit.share >= LEAST_SHARE else float("nan")
