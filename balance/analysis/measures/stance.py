"""What is measured of a single-leg stance besides sway."""

import numpy as np

from balance.analysis.body.geometry import facing, knee_flexion, midpoint, trunk_lean
from balance.analysis.events.trials import Stance
from balance.model.codes import EndReason, FindingCode, Severity
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, PoseSequence
from balance.model.results import SDS_95, Finding, Measurement

# Reasons after which the true hold is at least what was seen.
CENSORING = frozenset(
    {
        EndReason.TIME_CAP,
        EndReason.LOST_SIGHT,
        EndReason.CAMERA_CUT,
        EndReason.VIDEO_END,
        EndReason.OTHER_PERSON,
    }
)
# Trunk lean from the landmarks is right within half a degree (FINDINGS: rendered
# people), as an SD with the camera's roll from quiet standing.
LEAN_SD_DEG = 0.5
# MediaPipe's knee from the side against an IMU: -2.3 (SD 6.4) degrees (Cosoli 2026,
# iris.uniecampus.it/handle/11389/91575).
KNEE_SD_DEG = 6.4


def measure_hold(stance: Stance) -> Measurement:
    """Hold time in s; censored where the start or the end was not seen."""
    value = stance.end_s - stance.start_s
    half = SDS_95 * float(np.hypot(stance.start_sd_s, stance.end_sd_s))
    censored = not stance.start_seen or stance.end_reason in CENSORING
    return Measurement(
        value, "s", max(value - half, 0.0), None if censored else value + half, censored
    )


def measure_trunk_lean(
    pose: PoseSequence, stance: Stance, roll_deg: Measurement
) -> dict[str, Measurement | None]:
    """Mean and peak sideways lean in degrees, + = towards the stance leg.

    The camera's roll is taken out; its error widens the interval. None where the
    trunk was not seen.
    """
    pose = _during(pose, stance)
    turned = facing(pose)
    shoulder, hip = (midpoint(pose, joint) for joint in ("shoulder", "hip"))
    lean = trunk_lean(shoulder, hip, turned)
    lean = _towards(stance.side, lean - roll_deg.value * turned)
    seen = np.isfinite(lean)
    if seen.sum() < 3:
        return {"trunk_lean_deg": None, "trunk_lean_peak_deg": None}
    roll_sd_deg = (roll_deg.value - (roll_deg.low or 0.0)) / SDS_95
    sd = float(np.hypot(LEAN_SD_DEG, roll_sd_deg))
    peak = int(np.nanargmax(np.abs(lean)))
    return {
        "trunk_lean_deg": Measurement.with_sd(float(np.nanmean(lean)), sd, "deg"),
        "trunk_lean_peak_deg": Measurement.with_sd(
            float(lean[peak]), 2 * sd, "deg", float(pose.time_s[peak])
        ),
    }


def measure_knee_flexion(
    pose: PoseSequence, stance: Stance, side_on: bool
) -> Measurement | None:
    """Mean bend of the standing knee in degrees; None unless seen from the side."""
    if not side_on:
        return None
    pose = _during(pose, stance)
    joints = (stance.side.landmark(joint) for joint in ("hip", "knee", "ankle"))
    bend = knee_flexion(*(pose.point(joint) for joint in joints))
    if np.isfinite(bend).sum() < 3:
        return None
    return Measurement.with_sd(float(np.nanmean(bend)), KNEE_SD_DEG, "deg")


def _during(pose: PoseSequence, stance: Stance) -> PoseSequence:
    first = int(np.searchsorted(pose.time_s, stance.start_s))
    return pose[first : int(np.searchsorted(pose.time_s, stance.end_s, "right"))]


def _towards(side: Side, lean_left_deg: FloatArray) -> FloatArray:
    return lean_left_deg if side is Side.LEFT else -lean_left_deg


def hidden_by_thigh(stance: Stance) -> Finding:
    """Why pelvic drop and hip adduction of a stand are not given."""
    return Finding(
        FindingCode.HIDDEN_BY_RAISED_THIGH,
        Severity.INFO,
        "Pelvic drop and hip adduction are not given: the raised thigh drags the hip "
        "point of its side up by 5 to 12 degrees, so they would be wrong.",
        stance.start_s,
    )
