"""What is believed of a recording before anything is measured.

Swapped legs are put back, landmarks that cannot be are taken out, short gaps are
bridged; what was done is told in findings.
"""

from dataclasses import dataclass, replace

import numpy as np

from balance.analysis.body.cleaning import bridge_gaps, landmark_confidence
from balance.analysis.body.leg_swaps import LegSwaps, repair_leg_swaps
from balance.model.codes import FindingCode, Severity
from balance.model.recording import FloatArray, PoseSequence, Recording
from balance.model.results import Finding

# A landmark is used from this confidence on.
LEAST_CONFIDENCE = 0.5
# A gap up to this long is bridged by straight lines: a foot cannot be put down and
# lifted again in it (the shortest tap that counts is 0.1 s long, plus both ways).
LONGEST_BRIDGE_S = 0.25
# Where more of the clip than this is doubtful, left and right cannot be told apart.
DOUBTFUL_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class CleanRecording:
    """A recording as it is measured, and what was done to it."""

    recording: Recording
    findings: tuple[Finding, ...]


def clean(recording: Recording) -> CleanRecording:
    """Take what can be believed of a recording."""
    swaps = _clear(recording.pose, repair_leg_swaps(recording.pose))
    believed = landmark_confidence(swaps.pose) >= LEAST_CONFIDENCE
    xy = np.where(believed[..., None], swaps.pose.xy_px, np.nan)
    bridged = bridge_gaps(replace(swaps.pose, xy_px=xy), LONGEST_BRIDGE_S)
    findings = [*_swap_findings(swaps), *_lost_findings(bridged.lost_s)]
    edges = _edges_put_back(recording, swaps)
    clean = replace(recording, pose=bridged.pose, leg_edges_px=edges)
    return CleanRecording(clean, tuple(findings))


def _edges_put_back(recording: Recording, swaps: LegSwaps) -> FloatArray | None:
    """Exchange the outlines of the legs where the legs were exchanged."""
    edges = recording.leg_edges_px
    if edges is None or not swaps.repaired.any():
        return edges
    put_back = edges.copy()
    put_back[swaps.repaired] = edges[swaps.repaired][:, ::-1]
    return put_back


def _clear(pose: PoseSequence, swaps: LegSwaps) -> LegSwaps:
    """Leave the legs as they were tracked where the history is not clear."""
    if swaps.doubtful.mean() <= DOUBTFUL_SHARE:
        return swaps
    return LegSwaps(pose, np.zeros(len(pose), bool), swaps.doubtful | swaps.repaired)


def _swap_findings(swaps: LegSwaps) -> list[Finding]:
    found = []
    time_s = swaps.pose.time_s
    if swaps.repaired.any():
        share = 100 * float(swaps.repaired.mean())
        found.append(
            Finding(
                FindingCode.LEGS_SWAP_REPAIRED,
                Severity.INFO,
                f"Left and right leg were mixed up by the tracking in {share:.0f} % of "
                "the video and put back.",
                float(time_s[np.argmax(swaps.repaired)]),
            )
        )
    if swaps.doubtful.mean() > DOUBTFUL_SHARE:
        found.append(
            Finding(
                FindingCode.LEGS_SWAPPED,
                Severity.WARNING,
                "Left and right leg may be mixed up. Record from the front, in clothes "
                "that let the legs be told apart.",
                float(time_s[np.argmax(swaps.doubtful)]),
            )
        )
    return found


def _lost_findings(lost_s: tuple[tuple[float, float], ...]) -> list[Finding]:
    return [
        Finding(
            FindingCode.LOST_SIGHT,
            Severity.WARNING,
            f"The person was out of sight from {start:.1f} to {end:.1f} s; nothing is "
            "measured across it.",
            start,
        )
        for start, end in lost_s[:5]
    ]
