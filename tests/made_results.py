"""Recordings and assessments made by hand, whose every number is known."""

import numpy as np

from balance.model.codes import (
    Answer,
    EndReason,
    EventCode,
    FindingCode,
    Grade,
    JudgementCode,
    Severity,
    TrialKind,
)
from balance.model.landmarks import Landmark
from balance.model.recording import (
    FootTracks,
    PoseSequence,
    Recording,
    Scene,
    SwayTrack,
)
from balance.model.results import (
    Assessment,
    CameraGeometry,
    Conditions,
    Curve,
    CurvePoint,
    Event,
    Finding,
    Judgement,
    LostPoint,
    Measurement,
    Norm,
    Options,
    Overrule,
    Person,
    Repetition,
    Scale,
    Score,
    Signal,
    Software,
    Source,
    Trial,
)

WIDTH, HEIGHT, RATE_HZ, SECONDS = 320, 240, 25.0, 16.0
PERSON = Person(height_mm=1700.0, age_years=67.0, sex=None)
CONDITIONS = Conditions("open", "barefoot", "firm")
SPRINGER = "Springer 2007, table 1"


def measured(value, half, unit, **more):
    return Measurement(value, unit, value - half, value + half, **more)


def standing_points():
    """(33, 2) px of someone who faces the camera, feet on the line y = 220."""
    xy = np.full((33, 2), np.nan)
    for name, x, y in (
        ("SHOULDER", 18, 80),
        ("ELBOW", 24, 110),
        ("WRIST", 26, 136),
        ("HIP", 10, 130),
        ("KNEE", 10, 170),
        ("ANKLE", 10, 210),
        ("HEEL", 10, 216),
        ("FOOT_INDEX", 13, 220),
    ):
        # Facing the camera, the person's left is on the image's right.
        xy[Landmark[f"LEFT_{name}"]] = 160 + x, y
        xy[Landmark[f"RIGHT_{name}"]] = 160 - x, y
    for point in range(Landmark.NOSE, Landmark.MOUTH_RIGHT + 1):
        xy[point] = 160 + (point - 5) * 0.8, 52
    return xy


def recording(*, sway_px=0.0, lifted=None, squat=False):
    """Someone who sways, lifts a foot from 2 s to 14 s, or squats every 4 s."""
    time_s = np.arange(0.0, SECONDS, 1 / RATE_HZ)
    xy = np.repeat(standing_points()[None], len(time_s), axis=0)
    ml_px = sway_px * np.sqrt(2) * np.sin(2 * np.pi * 0.5 * time_s)
    xy[:, :, 0] += ml_px[:, None]
    if lifted is not None:
        up = (time_s >= 2.0) & (time_s <= 14.0)
        for joint in ("ankle", "heel", "foot_index"):
            xy[up, lifted.landmark(joint), 1] -= 20.0
    if squat:
        down = 10.0 * (1 - np.cos(2 * np.pi * time_s / 4.0))
        xy[:, :25, 1] += down[:, None]
        xy[:, [25, 26], 1] += down[:, None] / 2
    frames = len(time_s)
    pose = PoseSequence(time_s, xy, np.ones((frames, 33)), (WIDTH, HEIGHT), "made")
    return Recording(
        pose,
        SwayTrack(160 + ml_px, np.full(frames, 0.1)),
        FootTracks(xy[:, Landmark.LEFT_ANKLE], xy[:, Landmark.RIGHT_ANKLE]),
        Scene.unknown(frames),
        Source("made.mp4", "ab" * 32, SECONDS, frames, RATE_HZ, WIDTH, HEIGHT, 0),
        Software("0.1.0", "0.10.33", "cd" * 32),
        person=PERSON,
        conditions=CONDITIONS,
    )


def stance(side="left", **changes):
    values = {
        "kind": TrialKind.SINGLE_LEG_STANCE,
        "side": side,
        "start_s": 2.0,
        "end_s": 14.0,
        "start_seen": True,
        "end_seen": True,
        "end_reason": EndReason.TOUCHDOWN,
        "measures": {
            "hold_s": measured(12.0, 0.07, "s"),
            "sway_ml_rms_mm": measured(5.0, 0.6, "mm"),
            "trunk_lean_peak_deg": measured(5.2, 1.1, "deg", at_s=6.3),
            "pelvic_drop_deg": None,
        },
        "signal": Signal(3.0, 25.0, (2.6, 13.4)),
        "norm": Norm(
            "60–69 years, eyes open: typically 32.1 s", 45.0, SPRINGER, 32.1, (60, 69)
        ),
        "events": (
            Event(EventCode.LEGS_TOUCHING, 5.2),
            Event(EventCode.TOUCHDOWN, 14.0),
        ),
        "judgements": (
            Judgement(
                JudgementCode.HOLD_BELOW_AGE_BAND,
                Answer.YES,
                Grade.MARKED,
                "12.0 s is below 32.1 s",
                source=SPRINGER,
            ),
            Judgement(
                JudgementCode.PELVIC_DROP,
                Answer.CANNOT_TELL,
                None,
                "the raised thigh hides it",
            ),
        ),
        "findings": (
            Finding(
                FindingCode.HIDDEN_BY_RAISED_THIGH,
                Severity.INFO,
                "The raised thigh hides how level the pelvis is.",
            ),
        ),
        "score": Score(
            70, 86, 100, (LostPoint("hold", 12, "held for less time", SPRINGER),)
        ),
        "overruled": (
            Overrule(
                "event:legs_touching@5.2",
                "legs_touching at 5.2 s",
                "clinician",
                "2026-11-20",
            ),
        ),
    }
    return Trial(**(values | changes))


def censored_stance(side="right"):
    return stance(
        side,
        end_reason=EndReason.VIDEO_END,
        end_seen=False,
        measures={
            "hold_s": Measurement(12.0, "s", 11.9, None, censored=True),
            "sway_ml_rms_mm": None,
        },
        findings=(
            Finding(
                FindingCode.TOO_SHORT_FOR_SWAY,
                Severity.INFO,
                "Sway needs a hold of 10 s.",
            ),
        ),
    )


def squats(count=3):
    repetitions = tuple(
        Repetition(
            4.0 * k,
            4.0 * k + 2.0,
            4.0 * k + 4.0,
            {
                "knee_flexion_deg": measured(80.0, 7.0, "deg"),
                "fppa_frontal_left_deg": measured(11.5 + k, 3.4, "deg"),
                "fppa_frontal_right_deg": measured(-3.0, 3.3, "deg"),
                "heel_lift_left_mm": None,
            },
            curves=tuple(
                Curve(
                    f"fppa_frontal_{side}_deg",
                    "knee_flexion_deg",
                    tuple(
                        CurvePoint(at, at / 8, at / 8 - 3, at / 8 + 3)
                        for at in (30.0, 45.0, 80.0)
                    ),
                )
                for side in ("left", "right")
            ),
        )
        for k in range(count)
    )
    return Trial(
        kind=TrialKind.SQUAT_SET,
        side="both",
        start_s=0.0,
        end_s=4.0 * count,
        start_seen=True,
        end_seen=True,
        end_reason=EndReason.SET_END,
        measures={"fppa_frontal_left_deg_mean": measured(12.5, 2.0, "deg")},
        repetitions=repetitions,
        judgements=(
            Judgement(
                JudgementCode.KNEE_VALGUS_LEFT,
                Answer.YES,
                Grade.DRIFT,
                "the left knee passed inside its ankle",
                2.0,
                "Mizner 2012",
            ),
        ),
        findings=(
            Finding(
                FindingCode.NOT_VISIBLE_FROM_THIS_VIEW,
                Severity.INFO,
                "Heel lift is seen from the side only.",
            ),
        ),
    )


def assessment(*trials, findings=(), **changes):
    values = {
        "software": Software("0.1.0", "0.10.33", "cd" * 32),
        "source": Source("made.mp4", "ab" * 32, SECONDS, 400, RATE_HZ, 320, 240, 0),
        "options": Options(),
        "person": PERSON,
        "conditions": CONDITIONS,
        "protocol": "auto",
        "scale": Scale(measured(5.0, 0.2, "mm/px")),
        "camera": CameraGeometry(measured(1.2, 2.0, "deg"), None),
        "trials": trials,
        "findings": findings,
    }
    return Assessment(**(values | changes))
