"""Whether wide clothes hide the knees.

Under trousers that follow the leg the outline at the knee is 0.13 to 0.20 leg lengths
wide (rendered people in six outfits and the real clips, both legs); 0.25 under loose
ordinary ones before a camera that looks down. What is much wider is cloth, and where
the knee is in it nobody can say. A skirt shows otherwise: the legs have one outline at
the knees though the feet stand well apart.
"""

import numpy as np
from numpy.typing import NDArray

from balance.analysis.body.view import SceneGeometry
from balance.analysis.signals import length, median
from balance.model.codes import FindingCode, Severity
from balance.model.landmarks import Side
from balance.model.leg_outline import ROW_SHARES, outline_read
from balance.model.recording import BoolArray, FloatArray
from balance.model.results import Finding

# Own choices, in leg lengths: above the widest trousers seen; and ankles so far apart
# that knees in trousers showed a gap between them in every clip.
WIDEST_LEG = 0.28
APART = 0.22
# The leg counts as straight from here on: a bent or raised one is drawn wider.
STRAIGHT = 0.93
KNEE_ROWS = np.flatnonzero((ROW_SHARES >= 0.4) & (ROW_SHARES <= 0.6))
# Until somebody squats the outline is read once a second; a leg in motion says little.
FEWEST_FRAMES = 3
LEAST_S = 1.0


def clothes_finding(view: SceneGeometry) -> Finding | None:
    """Return ``clothes_hide_knee`` where the outline at the knees is no leg's.

    Only for a camera in front or behind, where the outline of the legs was read; None
    where there is nothing to say.
    """
    edges = view.recording.leg_edges_px
    if edges is None or view.side_on:
        return None
    if not (_wide(view, edges) or _one_outline(view, edges)):
        return None
    return Finding(
        FindingCode.CLOTHES_HIDE_KNEE,
        Severity.WARNING,
        "Clothes hide the knees, so knee angles cannot be trusted. Wear shorts or "
        "tight trousers.",
    )


def _wide(view: SceneGeometry, edges: FloatArray) -> bool:
    """Whether a straight leg is wider at the knee than any leg in tight cloth."""
    read = np.flatnonzero(outline_read(edges))
    for number, side in enumerate(Side):
        leg = edges[read, number][:, KNEE_ROWS]
        width = (leg[..., 1] - leg[..., 0]) / view.feet.leg_px
        seen = _straight(view, side)[read] & np.isfinite(width).any(axis=1)
        if _long_enough(view, read[seen]) and median(width[seen]) > WIDEST_LEG:
            return True
    return False


def _one_outline(view: SceneGeometry, edges: FloatArray) -> bool:
    """Whether knees share an outline while the feet stand well apart."""
    feet = view.feet
    ankles = np.abs(feet.ankle[Side.LEFT][:, 0] - feet.ankle[Side.RIGHT][:, 0])
    apart = feet.planted & (ankles > APART) & outline_read(edges)
    if not _long_enough(view, apart):
        return False
    knees = edges[apart][:, :, KNEE_ROWS]
    # One edge of each leg is there, the one towards the other leg is not.
    joined = np.isfinite(knees).any(axis=-1) & ~np.isfinite(knees).all(axis=-1)
    return bool(joined.mean() > 0.8)


def _long_enough(view: SceneGeometry, seen: BoolArray | NDArray[np.intp]) -> bool:
    time_s = view.recording.pose.time_s[seen]
    return len(time_s) >= FEWEST_FRAMES and bool(np.ptp(time_s) >= LEAST_S)


def _straight(view: SceneGeometry, side: Side) -> BoolArray:
    """(T,) True where the leg is as long in the image as it can be."""
    hip, knee, ankle = (
        view.recording.pose.point(side.landmark(joint))
        for joint in ("hip", "knee", "ankle")
    )
    with np.errstate(invalid="ignore"):
        long = (length(hip - knee) + length(knee - ankle)) / view.feet.leg_px
        return np.asarray(long > STRAIGHT)
