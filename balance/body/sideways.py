"""From sideways in the picture to the person's own side to side.

Who sways forward comes nearer and looks larger: that alone moves a point that is off
the middle of the picture outwards, and where the camera does not look squarely at the
person, a part of the way forward itself is seen as sideways. How much larger the
pelvis looks tells how far it came forward, well enough to take both out.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from balance.body.geometry import facing
from balance.body.leg_depth import Pinhole
from balance.pose import FloatArray, PoseSequence, SwayTrack
from balance.signals import fill_gaps, median, smooth_at_own_times

# Forward and back the pelvis moves below this; above it the stretch is noise (Figtree
# & Migliaccio 2018, Front Neurol 9:507: 99 % of the sway's power is below 1.1 Hz).
FORWARD_CUTOFF_HZ = 1.1
# A stretch that was not seen for so long is bridged.
BRIDGED_S = 0.5


def to_the_side(pose: PoseSequence, track: SwayTrack, yaw_deg: float) -> SwayTrack:
    """Return a track as a camera far away and square to the person would see it.

    Parameters
    ----------
    track
        Pelvis or centre of mass; without ``stretch`` it is returned as it is, and
        where the stretch is not known the person is taken as not moving forward.
    yaw_deg
        + = the camera stands towards the person's left.
    """
    return Square.of(pose, track).track(yaw_deg)


@dataclass(frozen=True, eq=False)
class Square:
    """A track apart from the camera's yaw: the same track for any yaw is had quickly.

    ``across_px`` and ``forward_px`` (T,) from the middle of the picture and towards
    the camera; None where nothing is known of forward.
    """

    seen: SwayTrack
    centre_px: float
    facing: float
    across_px: FloatArray
    forward_px: FloatArray | None

    @classmethod
    def of(cls, pose: PoseSequence, track: SwayTrack) -> Self:
        """Take perspective out of a track."""
        camera = Pinhole.usual(pose.size_px)
        centre_px = camera.centre_px[0]
        across_px = track.ml_px - centre_px
        if track.stretch is None:
            return cls(track, centre_px, 1.0, across_px, None)
        stretch = _calm(pose.time_s, track.stretch)
        # What stands as far away as its focal length is nearer by that share of it.
        forward_px = camera.focal_px * stretch
        return cls(
            track, centre_px, _facing(pose), across_px / (1 + stretch), forward_px
        )

    def track(self, yaw_deg: float) -> SwayTrack:
        """Return the track as seen square, where the camera's yaw is ``yaw_deg``."""
        if self.forward_px is None:
            return self.seen
        yaw = np.radians(yaw_deg) * self.facing
        ml_px = self.across_px * np.cos(yaw) + self.forward_px * np.sin(yaw)
        return replace(self.seen, ml_px=ml_px + self.centre_px)


def _calm(time_s: FloatArray, stretch: FloatArray) -> FloatArray:
    bridged = fill_gaps(time_s, stretch, BRIDGED_S)
    calm = smooth_at_own_times(time_s, bridged, FORWARD_CUTOFF_HZ)
    return np.nan_to_num(calm)


def _facing(pose: PoseSequence) -> float:
    signs = facing(pose)
    signs = signs[np.isfinite(signs)]
    return -1.0 if len(signs) and median(signs) < 0 else 1.0
