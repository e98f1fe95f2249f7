"""What the coding of a video does to a motion of a tenth of a px, and what is done.

A video is coded in two kinds of frames. Some are told by what came before them. The
others, between two of those, are coded after both and more coarsely, for the most part
as the average of both (B frames). Averaging keeps what is slow and loses what is
quick: followed in every frame alike, sway at 2 Hz is read a tenth too small. So the
path is drawn through the frames of the first kind, smoothly, which an average does
not do, and what the frames between them say counts for less.
"""

import numpy as np

from balance.model.recording import BoolArray, FloatArray

# Sway is measured up to 3 Hz (data/protocols.toml), so frames of the first kind that
# come less often than six times a second miss some of it. A little more, for rates like
# 23.976 / 4.
OFTEN_S = 0.17
# What a frame between counts, against the curve through those round it: its variance
# is 1.3² times theirs at least (x264 codes it 1.3 times as coarsely), and it lags.
BETWEEN_WEIGHT = 1 / 3
# A cubic curve needs so many points.
LEAST_POINTS = 4


def smooth_b_frames(
    time_s: FloatArray, path: FloatArray, is_b_frame: BoolArray
) -> FloatArray:
    """Return a path (T,) in which frames coded ``is_b_frame`` others count for less.

    Parameters
    ----------
    time_s, path
        (T,) seconds, and where something was seen in each frame, NaN where not.
    is_b_frame
        (T,) True for frames coded between two others. Where none is, or the others
        are too far apart, the path is returned as it is.
    """
    from scipy.interpolate import CubicSpline  # here: importing it costs 0.4 s

    path = path.copy()
    others = np.flatnonzero(~is_b_frame & np.isfinite(path))
    apart = np.flatnonzero(np.diff(time_s[others]) > OFTEN_S) + 1
    for points in np.split(others, apart):
        if len(points) < LEAST_POINTS:
            continue
        curve = CubicSpline(time_s[points], path[points])
        rows = np.arange(points[0], points[-1])
        rows = rows[is_b_frame[rows]]
        drawn = curve(time_s[rows])
        path[rows] = drawn + BETWEEN_WEIGHT * (path[rows] - drawn)
    return path
