"""How far somebody on their feet came forward, to a few mm, from one camera in front.

Who comes nearer looks larger: by a fifth of a per cent for a usual sway of 6 mm seen
from 3 m, less than a tenth of a px at the outline of the pelvis. That is true on
average and noisy at any moment. What leans forward over the feet also sinks or rises
in the image, hips and head each by their own share of the same lean, and that is
seen clearly; only by how much is not known beforehand, as it hangs on how the person
stands and how high the camera looks. So the way forward is taken to be what in the
growth goes with the sinking of hips and head (least squares over the whole stand),
less what would go with it by chance.
"""

import numpy as np

from balance.analysis.signals import fill_gaps, nan_median, smooth_at_own_times
from balance.model.landmarks import Landmark, Side
from balance.model.recording import BoolArray, FloatArray, Recording

# Forward and back the pelvis moves below this; above it is noise (Figtree &
# Migliaccio 2018, Front Neurol 9:507: 99 % of the sway's power is below 1.1 Hz).
FORWARD_CUTOFF_HZ = 1.1
# What was not seen for so long is bridged.
BRIDGED_S = 0.5
# A foot this share of the leg higher than the other one does not carry.
LIFTED = 0.1
# Seconds without which hips and head cannot be told apart from noise.
LEAST_S = 3.0
HEAD = [
    Landmark.NOSE,
    *(s.landmark(part) for s in Side for part in ("ear", "shoulder")),
]


def relative_depth_change(
    recording: Recording, window_s: tuple[float, float]
) -> FloatArray | None:
    """Return (T,) by what share the pelvis is nearer to the camera than on average.

    Parameters
    ----------
    recording
        With what was followed of the pelvis; None is returned where it was not.
    window_s
        Seconds of a stand whose feet stay where they are. Before and after, the
        person is taken to be as near as at its ends. Where in it nothing was seen,
        they are taken as in the middle.
    """
    track, time_s = recording.sway_track, recording.pose.time_s
    if track.scale_change is None:
        return None
    inside = (time_s >= window_s[0]) & (time_s <= window_s[1])
    growth = _calm(time_s, track.scale_change)
    known = inside & np.isfinite(growth)
    if not known.any():
        return np.zeros(len(time_s))
    growth = growth - growth[known].mean()
    sinking = [_calm(time_s, part) for part in _sinking(recording, known)]
    sinking = [part for part in sinking if np.isfinite(part[known]).all()]
    if sinking and np.ptp(time_s[known]) >= LEAST_S:
        growth = _shared(growth, np.stack(sinking, axis=1), time_s, known)
    nearer = np.where(known, growth, 0.0)
    rows = np.flatnonzero(inside)
    nearer[: rows[0]], nearer[rows[-1] :] = nearer[rows[0]], nearer[rows[-1]]
    return nearer


def _shared(
    growth: FloatArray, sinking: FloatArray, time_s: FloatArray, rows: BoolArray
) -> FloatArray:
    """(T,) the part of the growth (T,) that goes with the sinking (T, k).

    Signals this slow hold two independent values per period of the cut-off, and k
    things that have nothing to do with the growth explain as much of it by chance as
    k of those values hold. The part is made smaller by that share, down to nothing.
    """
    sinking = sinking - sinking[rows].mean(axis=0)
    shares = np.linalg.lstsq(sinking[rows], growth[rows], rcond=None)[0]
    part = sinking @ shares
    count = sinking.shape[1]
    free = 2 * FORWARD_CUTOFF_HZ * float(np.ptp(time_s[rows])) - count
    by_chance = count * np.var((growth - part)[rows]) / free
    true = 1 - by_chance / max(float(np.var(part[rows])), 1e-30)
    return np.asarray(max(true, 0.0) * part)


def _sinking(recording: Recording, rows: BoolArray) -> list[FloatArray]:
    """(T,) px downwards of hips and head, apart from what comes of leaning aside."""
    track, pose = recording.sway_track, recording.pose
    camera_px = np.nan_to_num(recording.scene.camera_shift_px[:, 1])
    head_px = pose.xy_px[:, HEAD, 1].mean(axis=1) - camera_px
    if track.y_px is None:
        return []
    hips = np.stack([track.ml_px, track.y_px], axis=1)
    foot = _foot(recording, rows)
    across, up = nan_median(hips[rows], axis=0) - foot
    # On a circle about the foot, what goes sideways goes down by this share.
    return [track.y_px + track.ml_px * across / up, head_px]


def _foot(recording: Recording, rows: BoolArray) -> FloatArray:
    """(2,) px of the ankle that carries, or the middle of both; NaN where unseen."""
    pose = recording.pose
    ankles = [s.landmark("ankle") for s in Side]
    places = nan_median(pose.xy_px[rows][:, ankles], axis=0)
    hips = nan_median(pose.xy_px[rows][:, [s.landmark("hip") for s in Side]], axis=0)
    leg_px = (places[:, 1] - hips[:, 1]).max()
    lifted = places[:, 1] < places[:, 1].max() - LIFTED * leg_px
    return np.asarray(places[~lifted].mean(axis=0))


def _calm(time_s: FloatArray, values: FloatArray) -> FloatArray:
    bridged = fill_gaps(time_s, values, BRIDGED_S)
    return smooth_at_own_times(time_s, bridged, FORWARD_CUTOFF_HZ)
