"""From sideways in the picture to the person's own side to side.

Who sways forward comes nearer and looks larger: that alone moves a point that is off
the middle of the picture outwards, and where the camera does not look squarely at the
person, a part of the way forward itself is seen as sideways. How much larger the
pelvis looks tells how far it came forward, well enough to take both out.
"""

import numpy as np

from balance.body.geometry import facing
from balance.body.leg_depth import Pinhole
from balance.pose import FloatArray, PoseSequence, SwayTrack
from balance.signals import fill_gaps, smooth_at_own_times

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
    if track.stretch is None:
        return track
    camera = Pinhole.usual(pose.size_px)
    stretch = _calm(pose.time_s, track.stretch)
    seen_px = (track.ml_px - camera.centre_px[0]) / (1 + stretch)
    yaw = np.radians(yaw_deg) * _facing(pose)
    # What stands as far away as its focal length is nearer by that share of it.
    ml_px = seen_px * np.cos(yaw) + camera.focal_px * stretch * np.sin(yaw)
    return SwayTrack(ml_px + camera.centre_px[0], track.sd_px, track.stretch)


def _calm(time_s: FloatArray, stretch: FloatArray) -> FloatArray:
    bridged = fill_gaps(time_s, stretch, BRIDGED_S)
    calm = smooth_at_own_times(time_s, bridged, FORWARD_CUTOFF_HZ)
    return np.nan_to_num(calm)


def _facing(pose: PoseSequence) -> float:
    signs = facing(pose)
    signs = signs[np.isfinite(signs)]
    return -1.0 if len(signs) and np.median(signs) < 0 else 1.0
