"""A virtual camera that records figures, with the errors that a pose model makes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from training_people import ANKLE, HEEL, HIP, RATE_HZ, SHOULDER, TOE, noise

Array = NDArray[np.float64]
# Landmark of the left; that of the right is one more.
NUMBER = (23, 25, 27, 29, 31, 11, 13, 15)


@dataclass(frozen=True)
class View:
    """Degrees, metres; ``focal`` in px of a frame 1280 high or wide."""

    yaw: float
    height: float
    distance: float
    pitch: float = 0.0
    roll: float = 0.0
    focal: float = 900.0


def any_view(rng) -> View:
    kind = rng.random()
    yaw = (
        rng.uniform(-45, 45)
        if kind < 0.6
        else rng.uniform(-75, 75)
        if kind < 0.8
        else rng.choice([-1, 1]) * rng.uniform(60, 110)
    )
    yaw += 180 if rng.random() < 0.04 else 0
    focal, height = (
        np.exp(rng.uniform(np.log(600), np.log(1500))),
        rng.uniform(0.45, 1.65),
    )
    distance = rng.uniform(2.0, 5.5) * max(focal / 900, 0.8)
    pitch = (
        np.degrees(np.arctan2(height - 0.95, distance)) + rng.normal(0, 3)
        if rng.random() < 0.5
        else rng.normal(0, 2.5)
    )
    return View(yaw, height, distance, pitch, rng.normal(0, 2.0), focal)


def unit(v):
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def project(points: Array, joints: Array, view: View) -> Array:
    """(T, K, 2) px of ``points`` (T, K, 3), the person of ``joints`` being recorded."""
    feet = np.median(joints[:, :, ANKLE].mean(1), axis=0)
    floor = (
        np.percentile(np.minimum(joints[:, :, HEEL, 1], joints[:, :, TOE, 1]), 2) - 0.02
    )
    across = unit(np.median(joints[:, 0, HIP] - joints[:, 1, HIP], axis=0) * [1, 0, 1])
    front = np.cross(across, [0, 1.0, 0])
    a = np.radians(view.yaw)
    away = front * np.cos(a) + across * np.sin(a)
    camera = np.array([feet[0], floor + view.height, feet[2]]) + view.distance * away
    p, r = np.radians(view.pitch), np.radians(view.roll)
    x, y, z = np.cross(-away, [0, 1.0, 0]), np.array([0, -1.0, 0]), -away
    y, z = y * np.cos(p) - z * np.sin(p), z * np.cos(p) + y * np.sin(p)
    x, y = x * np.cos(r) + y * np.sin(r), y * np.cos(r) - x * np.sin(r)
    q = (points - camera) @ np.stack([x, y, z]).T
    return view.focal * q[..., :2] / np.maximum(q[..., 2:], 0.3) + [360, 640]


def landmarks(joints: Array, view: View) -> Array:
    """(T, 33, 2) px without errors; of the head only the nose is right."""
    chest, hips = joints[:, :, SHOULDER].mean(1), joints[:, :, HIP].mean(1)
    up, across = (
        unit(chest - hips),
        unit(joints[:, 0, SHOULDER] - joints[:, 1, SHOULDER]),
    )
    nose = chest + 0.24 * up + 0.11 * np.cross(across, up)
    points = np.concatenate(
        [joints.transpose(0, 2, 1, 3).reshape(len(joints), 16, 3), nose[:, None]], 1
    )
    px = project(points, joints, view)
    xy = np.repeat(px[:, 16:], 33, axis=1)
    for k, left in enumerate(NUMBER):
        xy[:, left], xy[:, left + 1] = px[:, 2 * k], px[:, 2 * k + 1]
    return xy


def faulty(rng, xy: Array, contact, yaw: float, hard: float = 1.0) -> Array:
    """The landmarks as a pose model gives them, NaN where it does not see them."""
    n = len(xy)
    leg = np.quantile(np.linalg.norm(xy[:, 23] - xy[:, 27], axis=1), 0.8) + 1e-6
    out = xy.copy()
    middle, closer = xy[:, 23:25].mean(1, keepdims=True), rng.uniform(0.0, 0.3)
    out[:, 23:25] += closer * (middle - out[:, 23:25])
    out += (
        rng.normal(0, 0.012, (33, 2)) * leg * hard
    )  # where this model puts the joint on this person
    out[:, 29:33] += rng.normal(0, 0.014, (4, 2)) * leg * hard
    for side in (0, 1):  # raised: the foot hangs otherwise than it is told
        up = gaussian_filter1d((~contact[:, side]).astype(float), 2)[:, None]
        for k in (29, 31, 27):
            size = 0.04 if k > 27 else 0.012
            out[:, k + side] += (
                up
                * leg
                * (rng.normal(0, size, 2) + noise(rng, n, (2,), 2.0) * 0.012)
                * hard
            )
        out[:, 23 + side, 1] -= up[:, 0] * leg * abs(rng.normal(0, 0.025))
    white, slow = (
        np.exp(rng.uniform(np.log(0.0015), np.log(0.011))),
        rng.uniform(0.003, 0.016),
    )
    each = np.exp(rng.normal(0, 0.3, (33, 1)))
    out += rng.normal(0, 1, out.shape) * white * leg * each
    out += (
        noise(rng, n, (33, 2), rng.uniform(1.5, 4))
        * slow
        * leg
        * each
        * np.where(rng.random() < 0.3, 0.3, 1)
    )
    if (
        abs(abs(yaw) % 180 - 90) < 40 and rng.random() < 0.6
    ):  # the far leg is drawn to the near one
        far = 0 if yaw < 0 else 1
        pull = np.clip(
            noise(rng, n, (1,), 3.0) * 0.25 + rng.uniform(-0.1, 0.35), 0, 0.9
        )
        for k in (25, 27, 29, 31):
            out[:, k + far] += pull * (out[:, k + 1 - far] - out[:, k + far])
    for _ in range(rng.poisson(n / 30 / 8 * (rng.random() < 0.5))):  # jumps of one leg
        i, m, side = int(rng.integers(n)), int(rng.integers(1, 5)), int(rng.integers(2))
        k = [25 + side, 27 + side, 29 + side, 31 + side][int(rng.integers(4)) :]
        out[i : i + m, k] += rng.normal(0, 0.12, 2) * leg
    if rng.random() < 0.25:  # left and right swapped
        for _ in range(1 + rng.poisson(n / 30 / 10)):
            i, m = int(rng.integers(n)), int(rng.integers(2, 14))
            for k in (25, 27, 29, 31):
                out[i : i + m, [k, k + 1]] = out[i : i + m, [k + 1, k]]
    if rng.random() < 0.2:  # not seen
        for _ in range(1 + rng.poisson(n / 30 / 8)):
            i, m, side = (
                int(rng.integers(n)),
                int(rng.integers(1, 12)),
                int(rng.integers(2)),
            )
            out[i : i + m, [27 + side, 29 + side, 31 + side]] = np.nan
    return out


def recorded_at(rng, xy: Array, contact, rate_hz: float):
    """Time stamps, landmarks and contact of a video of this rate."""
    t = np.arange(len(xy)) / RATE_HZ
    at = np.arange(rng.uniform(0, 1 / rate_hz), t[-1], 1 / rate_hz)
    k = np.clip(np.round(at * RATE_HZ).astype(int), 0, len(t) - 1)
    if rate_hz > 31:
        flat = xy.reshape(len(xy), -1)
        xy = np.stack([np.interp(at, t, c) for c in flat.T], 1).reshape(len(at), 33, 2)
    else:
        xy = xy[k]
        at = k / RATE_HZ
    return at, xy, contact[k]
