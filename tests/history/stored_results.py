"""Results as the store gets them, made by hand."""

from dataclasses import replace

import numpy as np

from balance.codes import (
    Answer,
    EndReason,
    EventCode,
    FindingCode,
    JudgementCode,
    Severity,
    TrialKind,
)
from balance.pose import FootTracks, PoseSequence, Recording, Scene, SwayTrack
from balance.results import (
    Assessment,
    CameraGeometry,
    Conditions,
    Event,
    Finding,
    Judgement,
    Measurement,
    Options,
    Person,
    Repetition,
    Scale,
    Software,
    Source,
    Trial,
)

SOFTWARE = Software("0.1.0", "0.10.33", "0" * 64)
SOURCE = Source("clip.mp4", "1" * 64, 60.0, 1800, 30.0, 640, 480, 0)


def stance(side: str = "left", hold_s: float = 20.0, cap_s: float = 45.0) -> Trial:
    """A stand of ``hold_s``, ended by the cap where it reaches it."""
    capped = hold_s >= cap_s
    hold = Measurement(
        hold_s, "s", hold_s - 0.07, None if capped else hold_s + 0.07, capped
    )
    return Trial(
        TrialKind.SINGLE_LEG_STANCE,
        side,
        2.0,
        2.0 + hold_s,
        True,
        True,
        EndReason.TIME_CAP if capped else EndReason.TOUCHDOWN,
        {"hold_s": hold, "sway_ml_rms_mm": None},
        events=(Event(EventCode.LEGS_TOUCHING, 4.2),),
        judgements=(
            Judgement(JudgementCode.HOLD_BELOW_AGE_BAND, Answer.NO, None, "in band"),
        ),
        findings=(Finding(FindingCode.NO_SCALE, Severity.INFO, "no height"),),
    )


def squats() -> Trial:
    """A squat set of two repetitions."""
    repetitions = tuple(
        Repetition(
            start,
            start + 1,
            start + 2,
            {"knee_flexion_deg": Measurement(70.5, "°", 65.0, 76.0, at_s=start + 1)},
        )
        for start in (1.0, 4.0)
    )
    mean = {"fppa_left_deg_mean": Measurement(4.25, "°", 1.0, 7.5)}
    return Trial(
        TrialKind.SQUAT_SET, "both", 1.0, 6.0, True, True, EndReason.SET_END,
        mean, repetitions=repetitions,
    )  # fmt: skip


def assessment_of(
    *trials: Trial, eyes: str = "open", age: float | None = 70.0, name: str = "clip.mp4"
) -> Assessment:
    """An assessment with these trials, by default one stand on the left leg."""
    return Assessment(
        SOFTWARE,
        replace(SOURCE, name=name),
        Options(),
        Person(1780.0, age, "f"),
        Conditions(eyes, "barefoot", "firm"),
        "single_leg_stance_eyes_open",
        Scale(Measurement(4.9, "mm/px", 4.7, 5.1)),
        CameraGeometry(yaw_deg=Measurement(1.25, "°", -2.0, 4.5)),
        trials or (stance(),),
        (Finding(FindingCode.AGE_UNKNOWN, Severity.INFO, "=HYPERLINK(1)", 1.5),),
    )


def recording_of(frames: int = 90, seed: int = 1) -> Recording:
    """A recording of noise, with gaps, for a round trip."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(frames) / 30.0
    xy = rng.uniform(0, 640, (frames, 33, 2))
    xy[10:12, 5] = np.nan
    pose = PoseSequence(time_s, xy, rng.random((frames, 33)), (640, 480), "clip.mp4")
    empty = np.full(frames, np.nan)
    return Recording(
        pose,
        SwayTrack(rng.random(frames), empty),
        FootTracks(rng.random((frames, 2)), np.full((frames, 2), np.nan)),
        Scene.unknown(frames),
        SOURCE,
        SOFTWARE,
    )
