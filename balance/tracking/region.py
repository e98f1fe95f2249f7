"""One region of a body, followed below the px by comparing it with its own frame.

The reference is one frame of the region, so nothing drifts. Frames that come before
it wait, and are followed back from it. Of a foot that will leave, or has come, the
floor behind it is known from the frame without the foot: what stays as it was there
is no part of the foot, and following it would hold the foot to the floor.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from balance.model.recording import BoolArray, FloatArray
from balance.tracking import alignment, body_regions
from balance.tracking.alignment import Fit, Image, Motion, Patch
from balance.tracking.background import (
    BLUR_PX,
    LEAST_SHARE,
    LEAST_SLOPE,
    shrunk,
    smoothed,
)

if TYPE_CHECKING:
    from balance.video.upright import GreyImage
    from balance.video.video import GreyFrame

# Smoothed noise is shared by this many neighbours (integral of the kernel squared).
SHARED_NOISE = 4 * np.pi * BLUR_PX**2
# Where a foot stood and the frame changes by less (grey levels) when it has left, it
# was the floor that was seen; it is left out where enough elements are the foot's own.
FLOOR_CHANGE = 6.0
LEAST_OWN = 60
# A shaken camera is told by so many elements about the foot; below so many px it is
# taken to stand still.
AROUND_ELEMENTS = 400
CAMERA_STILL_PX = 0.3
# Light is told in so many rounds, each without what differs most in the one before.
LIGHT_ROUNDS = 3
# A fit worse than this is no better than the landmarks (px of the compared frame).
WORST_SD_PX = 0.5
# In shares of the reach: so far the region may go from where it was in the reference,
# and so far it is looked for from where it should be (the paths of eleven videos are
# the same as when it is looked for everywhere).
ROAMS = 0.6
SOUGHT = 0.2


@dataclass(frozen=True, eq=False)
class RegionView:
    """What a frame shows of the region's surroundings, to be brought down."""

    grey: "GreyImage"
    gain: float
    shrink: int

    def image(self) -> Image:
        """Return all of it, smoothed."""
        return smoothed(self.grey, self.shrink, gain=self.gain)

    def about(self, xy_px: FloatArray, room_px: float) -> tuple[FloatArray, Image]:
        """Return the part of the image about places (2, N), its corner (2,) first."""
        size = np.array(self.grey.shape[::-1]) // self.shrink
        low = np.floor(xy_px.min(axis=1) - room_px).clip(0, size - 1).astype(np.intp)
        high = np.ceil(xy_px.max(axis=1) + room_px).clip(low + 1, size).astype(np.intp)
        (left, top), (right, bottom) = low * self.shrink, high * self.shrink
        part = self.grey[top:bottom, left:right]
        return low.astype(float), smoothed(part, self.shrink, gain=self.gain)


@dataclass(eq=False)
class RegionWatch:
    """One region, compared with its look in frame ``reference``.

    ``rows`` first and last frame to follow; ``outline`` and ``centre`` px at the
    reference; ``patience`` frames without it until it is given up; ``leaves`` whether
    the frame of ``rows`` farthest from the reference shows what is behind it.
    Afterwards ``motion`` (T, p) px and ``sd_px`` (T,), NaN where lost.
    """

    rows: tuple[int, int]
    reference: int
    outline: FloatArray
    centre: FloatArray
    reach_px: float
    kind: Motion
    elements: int
    shrink: int
    guess: FloatArray
    patience: int
    leaves: bool = False
    motion: FloatArray = field(init=False)
    sd_px: FloatArray = field(init=False)
    _patch: Patch | None = None
    _corner: NDArray[np.intp] = field(init=False)
    _size: NDArray[np.intp] = field(init=False)
    _waiting: list[tuple[int, RegionView]] = field(default_factory=list)
    _lost: int = 0

    def __post_init__(self) -> None:
        self.motion = np.full((len(self.guess), self.kind.size), np.nan)
        self.sd_px = np.full(len(self.guess), np.nan)
        # Room for the region to move, and whole steps of the shrinking.
        room = ROAMS * self.reach_px
        corner = np.floor((self.outline.min(axis=0) - room) / self.shrink)
        self._corner = np.maximum(corner, 0).astype(np.intp) * self.shrink
        size = self.outline.max(axis=0) + room - self._corner
        self._size = np.ceil(size / self.shrink).astype(np.intp) * self.shrink

    def see(self, row: int, frame: "GreyFrame") -> None:
        """Compare a frame with the reference, or keep it until that is known."""
        if self.rows[0] <= row <= self.rows[1]:
            self.take(row, self.cut_out(frame))

    def cut_out(self, frame: "GreyFrame") -> RegionView:
        """Return what is needed of a frame; no copy."""
        (x, y), (width, height) = self._corner, self._size
        grey = frame.grey[y : y + height, x : x + width]
        return RegionView(grey, frame.gain, self.shrink)

    def take(self, row: int, seen: RegionView) -> None:
        """Take what was cut out of a frame that is to be followed."""
        if self._patch is not None:
            self._follow(row, seen)
            return
        # A copy, so that the rest of the image does not wait as well.
        self._waiting.append((row, replace(seen, grey=seen.grey.copy())))
        if row >= (self.rows[1] if self.leaves else self.reference):
            self._begin()

    def settle(self) -> "RegionWatch":
        """Follow what still waits; no more frames come. Return what was followed."""
        if self._patch is None and self._waiting:
            self._begin()
        self._patch = None
        return self

    def _begin(self) -> None:
        """Take the reference and follow the waiting ones, back and on from there."""
        rows = [row for row, _ in self._waiting]
        at = min(range(len(rows)), key=lambda i: abs(rows[i] - self.reference))
        self.reference, seen = self._waiting[at]
        image = seen.image()
        outline = shrunk(self.outline - self._corner, self.shrink)
        centre = shrunk(self.centre - self._corner, self.shrink)
        slope = np.hypot(*alignment.slopes(image))
        chosen = body_regions.inside(outline, image.shape) & (slope > LEAST_SLOPE)
        if self.leaves:
            chosen = self._without_floor(chosen, image)
        y, x = np.nonzero(chosen)
        every = max(1, -(-len(x) // self.elements))
        places = np.stack([x, y], axis=1)[::every]
        self._patch = alignment.make_patch(
            image, places, centre, self.reach_px / self.shrink, self.kind
        )
        for part in (self._waiting[at::-1], self._waiting[at + 1 :]):
            self._lost = 0
            for row, other in part:
                self._follow(row, other)
        self._waiting.clear()

    def _without_floor(self, chosen: BoolArray, image: Image) -> BoolArray:
        """(H, W) the chosen elements that are not there when the region has left."""
        ends = (self._waiting[0], self._waiting[-1])
        behind = max(ends, key=lambda end: abs(end[0] - self.reference))[1]
        change = image - _laid_over(image, behind.image(), chosen)
        own = chosen & (np.abs(change) > FLOOR_CHANGE)
        return own if own.sum() >= LEAST_OWN else chosen

    def _follow(self, row: int, seen: RegionView) -> None:
        patch = self._patch
        if patch is None or len(patch.value) < 30 or self._lost > self.patience:
            return
        for start in self._starts(row):
            best = self._found(patch, seen, start / self.shrink)
            if best.share >= LEAST_SHARE:
                break
        if best.share >= LEAST_SHARE and best.sd_px <= WORST_SD_PX:
            self.motion[row] = best.motion * self.shrink
            self.sd_px[row] = best.sd_px * self.shrink
            self._lost = 0
        else:
            self._lost += 1

    def _found(self, patch: Patch, seen: RegionView, start: FloatArray) -> Fit:
        """Look for the patch near where it should be, and only there."""
        room_px = SOUGHT * self.reach_px / self.shrink
        corner, part = seen.about(patch.moved_to(start), room_px)
        # Seen from the part's corner, everything has moved by so much less.
        away = np.zeros(len(start))
        away[:2] = corner
        fit = alignment.align(patch, part, start - away, shared_noise=SHARED_NOISE)
        return replace(fit, motion=fit.motion + away)

    def _starts(self, row: int) -> list[FloatArray]:
        """Where to look: where it was in the frame next to this, and the landmarks."""
        step = 1 if row < self.reference else -1
        starts = [np.zeros(self.kind.size)]
        if np.isfinite(self.guess[row]).all():
            starts.insert(0, self.guess[row])
        before = row + step
        if 0 <= before < len(self.motion) and np.isfinite(self.motion[before, 0]):
            starts.insert(0, self.motion[before])
        return starts


def _laid_over(image: Image, other: Image, apart: BoolArray) -> Image:
    """Return the other frame as the camera and light of the first had shown it.

    They are told by what lies around that which is ``apart``.
    """
    around = ~apart & (np.hypot(*alignment.slopes(image)) > LEAST_SLOPE)
    y, x = np.nonzero(around)
    if len(x) < LEAST_OWN:
        return other
    places = np.stack([x, y], axis=1)[:: -(-len(x) // AROUND_ELEMENTS)]
    still = np.zeros(Motion.SHIFT.size)
    patch = alignment.make_patch(image, places, still, 1.0, Motion.SHIFT)
    fit = alignment.align(patch, other, still)
    if fit.share < LEAST_SHARE:
        return other
    if np.abs(fit.motion).max() > CAMERA_STILL_PX:
        rows, columns = np.mgrid[: other.shape[0], : other.shape[1]]
        shown = np.stack([columns.ravel(), rows.ravel()]) + fit.motion[:, None]
        other = alignment.sample(other, shown).reshape(other.shape)
    seen, usual = other[places[:, 1], places[:, 0]], patch.value
    same = np.ones(len(usual), bool)
    for _ in range(LIGHT_ROUNDS):
        # Not by least squares: what the two do not share would make it too small.
        gain = usual[same].std() / max(float(seen[same].std()), 1e-9)
        offset = usual[same].mean() - gain * seen[same].mean()
        off = np.abs(usual - gain * seen - offset)
        same = off <= 3 * np.median(off)
    return np.asarray(gain * other + offset)
