"""What the landmarks of a moment and its surroundings say about contact of the feet.

Everything is measured in leg lengths of the image, at 30 frames per second, and
written once as the left foot sees it ("own" = left) and once mirrored ("own" = right),
so that one model serves both feet.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import (
    maximum_filter1d,
    median_filter,
    minimum_filter1d,
    uniform_filter1d,
)

from balance.model.recording import BoolArray, FloatArray

RATE_HZ = 30.0
# A foot that is not seen for longer than this is "not visible".
LONGEST_GAP_S = 0.3

NOSE = 0
SHOULDERS, HIPS, KNEES, ANKLES, HEELS, TOES = (
    (first, first + 1) for first in (11, 23, 25, 27, 29, 31)
)
# The landmarks used, in the order of the columns below.
USED = (NOSE, *SHOULDERS, *HIPS, *KNEES, *ANKLES, *HEELS, *TOES)
_SHOULDER, _HIP, _KNEE, _ANKLE, _HEEL, _TOE = range(1, 13, 2)
FOOT = (_ANKLE, _HEEL, _TOE)
# Half widths of windows, in frames at RATE_HZ.
_SHORT, _SECOND, _LONG, _SCALE = 7, 22, 60, 120
# Frames before and after at which the course of the feet is looked at.
_OFFSETS = (-30, -18, -9, -4, 4, 9, 18, 30)
# Speed, in leg lengths a second, below which a foot may be standing.
_STILL_PER_S = 0.12


@dataclass(frozen=True, eq=False)
class Course:
    """One shot at 30 Hz.

    ``time_s`` (T,), ``xy`` (T, 13, 2) in px without gaps, ``seen`` (T, 2): whether
    the left and the right foot were seen, or missing for no longer than
    ``LONGEST_GAP_S``.
    """

    time_s: FloatArray
    xy: FloatArray
    seen: BoolArray


def regular_course(
    time_s: FloatArray,
    xy_px: FloatArray,
    shift_px: FloatArray | None = None,
    size_px: tuple[int, int] | None = None,
) -> Course | None:
    """Bring one shot to 30 Hz; None where it has no leg in it.

    ``time_s`` (T,) rising, ``xy_px`` (T, 33, 2) with NaN for what was not seen,
    ``shift_px`` (T, 2) how far the image moved with the camera, ``size_px`` width and
    height of the image, where feet outside of it are to count as not seen.
    """
    xy = np.asarray(xy_px, float)[:, USED]
    known = np.isfinite(xy).all(axis=2)
    inside = known if size_px is None else known & _inside(xy, size_px)
    if shift_px is not None:
        xy = xy - np.nan_to_num(shift_px)[:, None]
    if len(time_s) < 2 or not known[:, _HIP:].any(axis=0).all():
        return None
    at = np.arange(time_s[0], time_s[-1] + 1e-6, 1 / RATE_HZ)
    spacing_s = float(np.median(np.diff(time_s)))
    out = np.empty((len(at), len(USED), 2))
    for joint in range(len(USED)):
        rows = known[:, joint]
        if not rows.any():
            out[:, joint] = np.nan
            continue
        path = _thinned(xy[rows, joint], spacing_s)
        for axis in range(2):
            out[:, joint, axis] = np.interp(at, time_s[rows], path[:, axis])
    if np.isnan(out[:, NOSE]).any():
        out[:, NOSE] = out[:, _SHOULDER : _SHOULDER + 2].mean(axis=1)
    seen = np.stack([_seen(time_s, inside, side, at) for side in (0, 1)], axis=1)
    return Course(at, out, seen)


def _inside(xy: FloatArray, size_px: tuple[int, int]) -> BoolArray:
    """(T, 13) which landmarks lie in the image."""
    with np.errstate(invalid="ignore"):
        return np.asarray(((xy >= 0) & (xy <= np.asarray(size_px, float))).all(axis=2))


def _thinned(path: FloatArray, spacing_s: float) -> FloatArray:
    """Average over a frame at 30 Hz, where the video has more."""
    width = round(1 / RATE_HZ / spacing_s) if spacing_s > 0 else 1
    return uniform_filter1d(path, width, axis=0) if width > 1 else path


def _seen(time_s: FloatArray, known: BoolArray, side: int, at: FloatArray) -> BoolArray:
    """(N,) whether a foot was seen close enough to the times ``at``."""
    rows = known[:, _ANKLE + side] & (known[:, _HEEL + side] | known[:, _TOE + side])
    rows &= known[:, _KNEE + side] & known[:, _HIP : _HIP + 2].all(axis=1)
    if not rows.any():
        return np.zeros(len(at), bool)
    t = time_s[rows]
    after = np.searchsorted(t, at - 1e-9)
    before = np.clip(after - 1, 0, None)
    exact = np.clip(after, None, len(t) - 1)
    gap = t[exact] - t[before]
    edge = (at < t[0] - 1e-9) | (at > t[-1] + 1e-9)
    return np.asarray((gap <= LONGEST_GAP_S + 1e-9) & ~edge)


def foot_features(course: Course) -> tuple[FloatArray, FloatArray]:
    """(T, F) of the left and of the right foot as "own", float32."""
    xy = median_filter(course.xy, size=3, axes=(0,), mode="nearest")
    xy = uniform_filter1d(xy, 3, axis=0, mode="nearest")
    # From the middle of the feet, so that where the person stands does not count.
    middle = np.median(xy[:, _ANKLE : _ANKLE + 2].mean(axis=1), axis=0)
    xy = (xy - middle) / _leg_px(xy)[:, None, None]
    right = xy.copy()
    right[:, :, 0] *= -1
    order = [NOSE] + [i + (1 if i % 2 else -1) for i in range(1, len(USED))]
    return _own_features(xy), _own_features(right[:, order])


def _leg_px(xy: FloatArray) -> FloatArray:
    """(T,) length of the straight leg in the image, from the seconds around."""
    legs = []
    for side in (0, 1):
        hip, knee, ankle = (xy[:, k + side] for k in (_HIP, _KNEE, _ANKLE))
        legs.append(_norm(hip - knee) + _norm(knee - ankle))
    longer = median_filter(np.maximum(*legs), size=9, mode="nearest")
    near = uniform_filter1d(
        maximum_filter1d(longer, 2 * _SCALE + 1, mode="nearest"), _SCALE, mode="nearest"
    )
    whole = np.quantile(longer, 0.9)
    return np.asarray(np.maximum(np.clip(near, 0.6 * whole, 1.3 * whole), 1e-6))


def _norm(v: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt((v * v).sum(axis=-1)))


def _mean(v: FloatArray, half: int) -> FloatArray:
    return np.asarray(uniform_filter1d(v, 2 * half + 1, axis=0, mode="nearest"))


def _spread(v: FloatArray, half: int) -> FloatArray:
    """(T, …) standard deviation in a window, over both axes of the image."""
    centred = v - v.mean(axis=0)
    var = _mean(centred**2, half) - _mean(centred, half) ** 2
    return np.asarray(np.sqrt(np.maximum(var, 0).sum(axis=-1)))


def _at(v: FloatArray, offset: int) -> FloatArray:
    """Return the values ``offset`` frames later; the ends are held."""
    moved, steps = np.empty_like(v), min(abs(offset), len(v) - 1)
    kept = len(v) - steps
    if offset >= 0:
        moved[:kept], moved[kept:] = v[steps:], v[-1]
    else:
        moved[steps:], moved[:steps] = v[:kept], v[0]
    return moved


def _speed(v: FloatArray, half: int) -> FloatArray:
    return _norm(_at(v, half) - _at(v, -half)) * (RATE_HZ / (2 * half))


def _bend(xy: FloatArray, side: int) -> FloatArray:
    """(T,) angle at the knee in the image, rad."""
    thigh = xy[:, _HIP + side] - xy[:, _KNEE + side]
    shank = xy[:, _ANKLE + side] - xy[:, _KNEE + side]
    cosine = (thigh * shank).sum(1) / (_norm(thigh) * _norm(shank) + 1e-9)
    return np.asarray(np.arccos(np.clip(cosine, -1, 1)))


def _own_features(xy: FloatArray) -> FloatArray:
    """(T, F) with the left foot as "own"; ``xy`` (T, 13, 2) in leg lengths."""
    hip = xy[:, _HIP : _HIP + 2].mean(axis=1)
    low = np.maximum(xy[:, _HEEL : _HEEL + 2, 1], xy[:, _TOE : _TOE + 2, 1])
    ball = (xy[:, _HEEL : _HEEL + 2] + xy[:, _TOE : _TOE + 2]) / 2
    columns = [
        *_pose(xy, hip),
        *_heights(low),
        *_course_of_feet(low, ball, hip),
        *_stillness(xy, hip),
        *_rest(low, ball),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _pose(xy: FloatArray, hip: FloatArray) -> list[FloatArray]:
    """Where everything is, seen from the hips: now, and over a second."""
    rel = xy - hip[:, None]
    slow = _mean(rel[:, _KNEE:], 15)
    columns = [rel[:, j, axis] for j in range(len(USED)) for axis in (0, 1)]
    columns += [slow[:, j, axis] for j in range(slow.shape[1]) for axis in (0, 1)]
    columns += [_bend(xy, 0), _bend(xy, 1)]
    width = xy[:, [_SHOULDER, _HIP], 0] - xy[:, [_SHOULDER + 1, _HIP + 1], 0]
    chest = rel[:, _SHOULDER : _SHOULDER + 2].mean(axis=1)
    view = np.column_stack([width, xy[:, NOSE] - hip - chest, chest])
    columns += [np.full(len(xy), np.median(v)) for v in view.T]
    return columns


def _heights(low: FloatArray) -> list[FloatArray]:
    """How far each foot is above its lowest place of the time around."""
    columns = [low[:, 0] - low[:, 1], _mean(low[:, 0] - low[:, 1], 15)]
    calm = _mean(low, 2)
    for half in (_SHORT, _SECOND, _LONG, 300):
        lowest = maximum_filter1d(calm, 2 * half + 1, axis=0, mode="nearest")
        columns += list((lowest - low).T)
    for half in (_SHORT, _SECOND, _LONG):
        highest = minimum_filter1d(calm, 2 * half + 1, axis=0, mode="nearest")
        columns += list((low - highest).T)
    ground = np.quantile(low, 0.9, axis=0)
    return columns + list((ground - low).T) + [np.full(len(low), ground[0] - ground[1])]


def _course_of_feet(
    low: FloatArray, ball: FloatArray, hip: FloatArray
) -> list[FloatArray]:
    """How each foot moved before and moves after, against now."""
    columns = []
    for offset in _OFFSETS:
        columns += list((_at(low, offset) - low).T)
        columns += list((_at(ball[..., 0], offset) - ball[..., 0]).T)
        columns.append(_at(hip[:, 0], offset) - hip[:, 0])
        columns.append(_at(hip[:, 1], offset) - hip[:, 1])
    return columns


def _stillness(xy: FloatArray, hip: FloatArray) -> list[FloatArray]:
    """Speeds and spreads of the feet and the hips, as logarithms."""
    feet = np.stack([xy[:, joint + side] for joint in FOOT for side in (0, 1)], axis=1)
    spreads = _spread(feet, 7), _spread(feet, 22)
    each = np.stack([_speed(feet, 2), _speed(feet, 6), *spreads], axis=2)
    whole = [_speed(hip, 4), _spread(hip, 7), _spread(hip, 22)]
    columns = np.column_stack([each.reshape(len(xy), -1), *whole])
    return list(np.log(np.maximum(columns, 1e-4)).T)


def _rest(low: FloatArray, ball: FloatArray) -> list[FloatArray]:
    """Where the feet rest in this shot: when still, and when both are still."""
    still = np.stack([_speed(_mean(ball[:, s], 2), 4) for s in (0, 1)], axis=1)
    weight = 1 / (1 + (still / _STILL_PER_S) ** 4)
    both = weight[:, 0] * weight[:, 1]
    apart = low[:, 0] - low[:, 1]
    columns = []
    for half in (_LONG, 240):
        near = (_mean(both * apart, half) + 1e-9) / (_mean(both, half) + 1e-6)
        columns += [near, apart - near, np.asarray(_mean(both, half))]
        for side in (0, 1):
            sum_w = _mean(weight[:, side], half) + 1e-6
            columns.append(
                low[:, side] - _mean(weight[:, side] * low[:, side], half) / sum_w
            )
    whole = float((both * apart).sum() / (both.sum() + 1e-6))
    columns += [np.full(len(low), whole), apart - whole]
    return columns
