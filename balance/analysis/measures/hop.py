"""Gentle hops (experimental): how many, how long in the air, the knee at landing.

A hop is seen by both feet leaving the floor together. The knee's frontal angle at
landing is the projected one; landmarks read it too small, and no correction for fast
movement has been checked, so it is reported and not judged.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balance.analysis.body.geometry import (
    facing,
    frontal_plane_projection_angle,
    midpoint,
)
from balance.analysis.signals import fill_gaps, median, runs
from balance.model.codes import EndReason, FindingCode, Severity, TrialKind
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence
from balance.model.results import Finding, Measurement, Repetition, Trial

FloatArray = NDArray[np.float64]

# Toes of the hopping foot this share of a leg above the floor (about 17 mm), and the
# body with them at least half as much.
IN_AIR = 0.02
BODY_SHARE = 0.5
SHORTEST_S, LONGEST_S = 0.08, 0.8
LANDING_S = 0.25
LONGEST_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop: when the foot left and met the floor, and the knee just after."""

    side: Side | None
    off_s: float
    down_s: float
    frame_s: float
    landing_fppa_deg: float


def hop_trials(pose: PoseSequence) -> tuple[Trial, ...]:
    """Return the sets of hops of a recording, each leg its own."""
    sets: list[list[Hop]] = []
    for hop in find_hops(pose):
        last = sets[-1][-1] if sets else None
        if last and last.side is hop.side and hop.off_s - last.down_s < LONGEST_PAUSE_S:
            sets[-1].append(hop)
        else:
            sets.append([hop])
    return tuple(_trial(pose, hops) for hops in sets if len(hops) >= 2)


def find_hops(pose: PoseSequence) -> tuple[Hop, ...]:
    """Return every hop on one or both legs."""
    if len(pose) < 16:
        return ()
    toes = [pose.point(side.landmark("foot_index"))[:, 1] for side in Side]
    hips = midpoint(pose, "hip")[:, 1]
    lower = np.fmax(*toes)
    leg_px = median(lower - hips)
    # The floor under the foot: where the lower foot usually is, over two seconds.
    toe_up = _above_usual(pose, lower) / leg_px
    body_up = _above_usual(pose, hips) / leg_px
    air = (toe_up > IN_AIR) & (body_up > BODY_SHARE * IN_AIR)
    frame_s = 1.0 / pose.rate_hz
    hops = []
    for run in runs(air):
        off_s = float(pose.time_s[run.start]) - frame_s / 2
        down_s = float(pose.time_s[run.stop - 1]) + frame_s / 2
        if SHORTEST_S <= down_s - off_s <= LONGEST_S:
            side = _hopping_leg(pose, run, leg_px)
            angle = _landing_angle(pose, side, down_s)
            hops.append(Hop(side, off_s, down_s, frame_s, angle))
    return tuple(hops)


def _above_usual(pose: PoseSequence, y: FloatArray) -> FloatArray:
    """(T,) px above the median of the two seconds round each frame."""
    from scipy.ndimage import median_filter

    bridged = fill_gaps(pose.time_s, y, 0.3)
    frames = max(3, round(2.0 * pose.rate_hz) | 1)
    known = np.where(np.isfinite(bridged), bridged, median(bridged))
    return np.asarray(median_filter(known, frames, mode="nearest") - bridged)


def _hopping_leg(pose: PoseSequence, run: slice, leg_px: float) -> Side | None:
    """Return the leg that lands, by the lower foot; None where both are level."""
    left, right = (median(pose.point(s.landmark("foot_index"))[run, 1]) for s in Side)
    if abs(left - right) < 0.05 * leg_px:
        return None
    return Side.LEFT if left > right else Side.RIGHT


def _landing_angle(pose: PoseSequence, side: Side | None, down_s: float) -> float:
    """Greatest frontal angle of the landing leg just after contact, + valgus."""
    after = (pose.time_s >= down_s) & (pose.time_s <= down_s + LANDING_S)
    if not after.any():
        return float("nan")
    looks = facing(pose)[after]
    angles = []
    for leg in (side,) if side else tuple(Side):
        hip, knee, ankle = (
            pose.point(leg.landmark(joint))[after] for joint in ("hip", "knee", "ankle")
        )
        angles.append(frontal_plane_projection_angle(hip, knee, ankle, leg, looks))
    return float(np.nanmax(np.concatenate(angles)))


def _trial(pose: PoseSequence, hops: list[Hop]) -> Trial:
    angles = np.array([hop.landing_fppa_deg for hop in hops])
    known = angles[np.isfinite(angles)]
    text = "Experimental: the knee at landing is read from fast, blurred frames."
    return Trial(
        kind=TrialKind.HOP_SET,
        side=hops[0].side.value if hops[0].side else "both",
        start_s=hops[0].off_s,
        end_s=hops[-1].down_s,
        start_seen=True,
        end_seen=bool(hops[-1].down_s < pose.time_s[-1]),
        end_reason=EndReason.SET_END,
        measures={
            "repetitions": Measurement(len(hops), "count", len(hops), len(hops)),
            "landing_fppa_raw_deg_mean": (
                Measurement(float(known.mean()), "deg", None, None)
                if len(known)
                else None
            ),
        },
        repetitions=tuple(_repetition(hop) for hop in hops),
        findings=(Finding(FindingCode.BELOW_NOISE_FLOOR, Severity.INFO, text),),
    )


def _repetition(hop: Hop) -> Repetition:
    flight = hop.down_s - hop.off_s
    angle = hop.landing_fppa_deg
    known = np.isfinite(angle)
    return Repetition(
        hop.off_s,
        (hop.off_s + hop.down_s) / 2,
        hop.down_s,
        {
            # Off and down are each known to within a frame.
            "flight_s": Measurement(
                flight, "s", max(0.0, flight - hop.frame_s), flight + hop.frame_s
            ),
            "landing_fppa_raw_deg": (
                Measurement(angle, "deg", None, None) if known else None
            ),
        },
    )
