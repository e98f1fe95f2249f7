"""How far each joint of a bent leg is towards the camera, from one frame.

A thigh and a shank that look shorter than they are when standing point towards the
camera or away from it. In a squat the knee is in front of the ankle and the hip
behind the knee, which settles the sign. Lengths and depths are in px of the standing
body, whose distance from the camera is then the focal length in px.
"""

import numpy as np

from balance.analysis.body.geometry import Facing
from balance.model.camera import Pinhole
from balance.model.recording import FloatArray


def place_leg(
    chain: FloatArray,
    thigh_px: float | FloatArray,
    shank_px: float | FloatArray,
    camera: Pinhole,
    facing: Facing = 1.0,
) -> FloatArray:
    """Return hip, knee and ankle in three dimensions, (…, 3, 3) px.

    Parameters
    ----------
    chain
        (…, 3, 2) hip, knee and ankle in the image.
    thigh_px, shank_px
        Their lengths as seen in standing, at the same distance from the camera; or
        several, which broadcast with the frames.
    camera, facing
        The camera, and +1 where the person faces it.

    Notes
    -----
    Axes as in `Pinhole.place`; the ankle's depth is 0. Where a segment looks longer
    than it can be, it is taken as parallel to the image.
    """
    at_ankle = np.zeros(chain.shape[:-2])
    ankle = camera.place(chain[..., 2, :], at_ankle)
    knee = _reach(chain[..., 1, :], ankle, shank_px, camera, facing)
    hip = _reach(chain[..., 0, :], knee, thigh_px, camera, -np.asarray(facing))
    return np.stack([hip, knee, ankle], axis=-2)


def _reach(
    xy_px: FloatArray,
    other: FloatArray,
    length_px: float | FloatArray,
    camera: Pinhole,
    nearer: Facing,
) -> FloatArray:
    """Place the point of a line of sight that lies ``length_px`` from ``other``.

    Of the two such points the one nearer the camera (+1) or farther away (−1).
    """
    seen = xy_px - np.asarray(camera.centre_px)
    # point(z) = (seen × (1 − z / f), z); |point(z) − other|² = length²
    slope = np.concatenate(
        [-seen / camera.focal_px, np.ones((*seen.shape[:-1], 1))], axis=-1
    )
    start = np.concatenate([seen, np.zeros((*seen.shape[:-1], 1))], axis=-1) - other
    a = np.sum(slope * slope, axis=-1)
    half_b = np.sum(slope * start, axis=-1)
    c = np.sum(start * start, axis=-1) - length_px**2
    root = np.sqrt(np.maximum(half_b**2 - a * c, 0.0))
    return camera.place(xy_px, np.asarray((-half_b + nearer * root) / a))


def bend_between(chain: FloatArray) -> FloatArray:
    """Return the bend at the knee of (…, 3, 3) hip, knee and ankle, in degrees."""
    thigh = chain[..., 1, :] - chain[..., 0, :]
    shank = chain[..., 2, :] - chain[..., 1, :]
    across = np.linalg.norm(np.cross(thigh, shank), axis=-1)
    return np.asarray(np.degrees(np.arctan2(across, np.sum(thigh * shank, axis=-1))))


def seen_square(points: FloatArray, yaw_deg: Facing) -> FloatArray:
    """(…, 2) px right and down, as a camera square to the person would see them.

    ``points`` (…, 3) as of `place_leg`, perspective taken out; ``yaw_deg`` + = the
    camera stands towards the person's left (of somebody who faces it).
    """
    yaw = np.radians(yaw_deg)
    right = points[..., 0] * np.cos(yaw) + points[..., 2] * np.sin(yaw)
    return np.stack([right, points[..., 1]], axis=-1)
