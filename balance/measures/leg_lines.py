"""Where hip, knee and ankle of each leg are in the picture, and how well that is known.

The landmarks' own knee is not good enough for a knee angle, so the knee is the middle
of the leg's outline where that was read (see ``leg_outline``). Hip and ankle are the
landmarks with their mean sideways bias taken out. Biases and standard deviations are
in shares of the leg's length, from rendered people whose joints are known exactly;
the people and views that they come from are in the accuracy table of the README.
"""

from dataclasses import dataclass

import numpy as np

from balance.landmarks import Side
from balance.leg_outline import row_heights
from balance.pose import BoolArray, FloatArray, PoseSequence

# Sideways bias, + = the landmark lies too far from the midline; added with its sign
# reversed. Shares of the leg.
HIP_BIAS, ANKLE_BIAS = -0.015, 0.006
RAISED_HIP_BIAS = -0.024  # the hip of the stance leg with the other thigh raised
OUTLINE_BIAS = -0.005
# SD of what is left, shares of the leg.
HIP_SD, ANKLE_SD = 0.011, 0.006
OUTLINE_SD, ONE_EDGE_SD, LANDMARK_KNEE_SD = 0.006, 0.011, 0.018
PIXEL_SD = 0.4  # px, of any point
# The landmark of a bent knee lies too low, by this share of the leg at 0.2 legs of
# hip drop and more.
KNEE_LOW, KNEE_LOW_DROP = 0.04, 0.2
# A knee nearer the camera looks wider: by so much per share of hip drop.
WIDER_PER_DROP = 0.25


@dataclass(frozen=True, eq=False)
class Upright:
    """(T,) True where the person stands upright; ``facing`` +1 towards the camera."""

    frames: BoolArray
    facing: float


@dataclass(frozen=True, eq=False)
class LegLine:
    """One leg over time.

    ``chain`` (T, 3, 2) px hip, knee, ankle; ``raw`` the same as the landmarks have
    it; ``sd_px`` (T, 3) sideways; ``outlined`` (T,) True where the knee comes from
    the outline. ``leg_px``, ``thigh_px``, ``shank_px``: as seen in standing.
    """

    side: Side
    chain: FloatArray
    raw: FloatArray
    sd_px: FloatArray
    outlined: BoolArray
    leg_px: float
    thigh_px: float
    shank_px: float


def find_leg_line(
    pose: PoseSequence,
    leg_edges_px: FloatArray | None,
    side: Side,
    upright: Upright,
    raised: bool = False,
) -> LegLine:
    """Follow one leg through a recording.

    Parameters
    ----------
    leg_edges_px
        (T, 2, rows, 2) of ``leg_outline``; None where it was not read.
    upright
        When the person stood upright, and which way they faced.
    raised
        Whether the other thigh is raised (single-leg squats).
    """
    raw = np.stack(
        [pose.point(side.landmark(joint)) for joint in ("hip", "knee", "ankle")], axis=1
    )
    segments = np.linalg.norm(np.diff(raw, axis=1), axis=-1)[upright.frames]
    thigh_px, shank_px = (float(np.nanmedian(part)) for part in segments.T)
    leg_px = thigh_px + shank_px
    outward = upright.facing if side is Side.LEFT else -upright.facing
    knee, knee_sd = np.full((len(raw), 2), np.nan), np.full(len(raw), np.nan)
    if leg_edges_px is not None:
        own = leg_edges_px[:, 0 if side is Side.LEFT else 1]
        # Outer edge first.
        own = own[..., ::-1] if outward > 0 else own
        knee, knee_sd = _knee(raw, own, upright.frames, outward, leg_px)
    outlined = np.isfinite(knee[:, 0])
    chain = raw.copy()
    hip_bias = RAISED_HIP_BIAS if raised else HIP_BIAS
    chain[:, 0, 0] -= outward * hip_bias * leg_px
    chain[:, 2, 0] -= outward * ANKLE_BIAS * leg_px
    chain[outlined, 1] = knee[outlined]
    sd = np.stack(
        [
            np.full(len(raw), HIP_SD),
            np.where(outlined, knee_sd, LANDMARK_KNEE_SD),
            np.full(len(raw), ANKLE_SD),
        ],
        axis=1,
    )
    sd_px = np.hypot(sd * leg_px, PIXEL_SD)
    return LegLine(side, chain, raw, sd_px, outlined, leg_px, thigh_px, shank_px)


def _knee(
    raw: FloatArray,
    edges: FloatArray,
    standing: BoolArray,
    outward: float,
    leg_px: float,
) -> tuple[FloatArray, FloatArray]:
    """(T, 2) px middle of the outline at the knee, and its SD in shares of the leg.

    ``edges`` (T, rows, 2): outer and inner. Where the inner one lies against the
    other leg, half the width from standing is taken off the outer one.
    """
    drop = np.clip(1 - (raw[:, 2, 1] - raw[:, 0, 1]) / leg_px, 0, 1)
    height = raw[:, 1, 1] - KNEE_LOW * leg_px * np.clip(drop / KNEE_LOW_DROP, 0, 1)
    rows = row_heights(raw)
    outer, inner = (_at(rows, edges[..., k], height) for k in (0, 1))
    both = np.isfinite(outer) & np.isfinite(inner)
    wide = np.abs(outer - inner)[both & standing]
    half = (np.median(wide) / 2 if wide.size else np.nan) * (1 + WIDER_PER_DROP * drop)
    x = np.where(both, (outer + inner) / 2, outer - outward * half)
    x = x - outward * OUTLINE_BIAS * leg_px
    return np.stack([x, height], axis=1), np.where(both, OUTLINE_SD, ONE_EDGE_SD)


def _at(rows: FloatArray, edge: FloatArray, height: FloatArray) -> FloatArray:
    """(T,) edge x at a height, between the rows; NaN next to an unknown edge."""
    step = rows[:, 1] - rows[:, 0]
    place = (height - rows[:, 0]) / step
    place = np.where(np.isfinite(place), np.clip(place, 0, rows.shape[1] - 1.001), 0)
    below = place.astype(int)
    share = place - below
    frames = np.arange(len(rows))
    return np.asarray(
        (1 - share) * edge[frames, below] + share * edge[frames, below + 1]
    )
