"""From sideways in the image to the person's own side to side.

Who sways forward comes nearer and looks larger: that alone moves a point that is off
the middle of the image outwards, and where the camera does not look squarely at the
person, a part of the way forward itself is seen as sideways. How far they came forward
(``forward``) takes both out.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from balance.analysis.body.geometry import facing
from balance.analysis.signals import median
from balance.model.camera import Pinhole
from balance.model.recording import FloatArray, PoseSequence, SwayTrack


def project_frontal(
    pose: PoseSequence, track: SwayTrack, nearer: FloatArray | None, yaw_deg: float
) -> SwayTrack:
    """Return a track as a camera far away and square to the person would see it.

    Parameters
    ----------
    track
        Pelvis or centre of mass.
    nearer
        (T,) by what share the person is nearer than on average (`coming_nearer`);
        None where that is not known: the track is returned as it is.
    yaw_deg
        Of the camera's axis, + = the camera stands towards the person's left.
    """
    return FrontalProjection.of(pose, track, nearer).track(yaw_deg)


@dataclass(frozen=True, eq=False)
class FrontalProjection:
    """A track apart from the camera's yaw: the same track for any yaw is had quickly.

    ``across_px`` and ``forward_px`` (T,) from the middle of the image and towards
    the camera; None where nothing is known of forward. ``beside_deg``: so far towards
    the person's left of its axis the camera sees them, on average.
    """

    seen: SwayTrack
    centre_px: float
    facing: float
    beside_deg: float
    across_px: FloatArray
    forward_px: FloatArray | None

    @classmethod
    def of(
        cls, pose: PoseSequence, track: SwayTrack, nearer: FloatArray | None
    ) -> Self:
        """Take perspective out of a track."""
        camera = Pinhole.usual(pose.size_px)
        centre_px = camera.centre_px[0]
        across_px = track.ml_px - centre_px
        sign = _facing(pose)
        beside_deg = sign * camera.beside_deg(median(track.ml_px))
        forward_px = None
        if nearer is not None:
            across_px = across_px / (1 + nearer)
            # What stands as far away as its focal length is nearer by that share of it.
            forward_px = camera.focal_px * nearer
        return cls(track, centre_px, sign, beside_deg, across_px, forward_px)

    def track(self, yaw_deg: float) -> SwayTrack:
        """Return the track as seen square, where the camera's axis is turned so far."""
        if self.forward_px is None:
            return self.seen
        yaw = np.radians(yaw_deg) * self.facing
        ml_px = self.across_px * np.cos(yaw) + self.forward_px * np.sin(yaw)
        return replace(self.seen, ml_px=ml_px + self.centre_px)


def _facing(pose: PoseSequence) -> float:
    signs = facing(pose)
    signs = signs[np.isfinite(signs)]
    return -1.0 if len(signs) and median(signs) < 0 else 1.0
