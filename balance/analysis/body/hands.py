"""Where the hands are over the hip bones."""

from balance.analysis.body.geometry import midpoint
from balance.analysis.signals import fill_gaps, length, median, smooth_at_own_times
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, PoseSequence

# Hands move no faster than this when they take hold; landmark noise does.
SMOOTH_HZ = 3.0
# The hip bone's crest lies about so much of the trunk above the hip joint.
CREST = 0.2
LONGEST_GAP_S = 0.3


def hand_place(pose: PoseSequence, side: Side) -> FloatArray:
    """(T, 2) a wrist from its hip bone's crest, in trunk lengths; NaN not seen."""
    trunk = midpoint(pose, "shoulder") - midpoint(pose, "hip")
    trunk_px = median(length(trunk))
    hip = pose.point(side.landmark("hip"))
    crest = hip + CREST * (pose.point(side.landmark("shoulder")) - hip)
    away = (pose.point(side.landmark("wrist")) - crest) / trunk_px
    gapless = fill_gaps(pose.time_s, away, LONGEST_GAP_S)
    return smooth_at_own_times(pose.time_s, gapless, SMOOTH_HZ)
