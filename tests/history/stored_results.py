"""Results as the store gets them, made by hand."""

from dataclasses import replace

import made_results
import numpy as np
from made_results import measured

from balance.model.codes import (
    Answer,
    EndReason,
    EventCode,
    FindingCode,
    JudgementCode,
    Severity,
)
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
    Event,
    Finding,
    Judgement,
    Measurement,
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
    hold = measured(hold_s, 0.07, "s", censored=capped)
    if capped:
        hold = replace(hold, high=None)
    return made_results.stance(
        side,
        end_s=2.0 + hold_s,
        end_reason=EndReason.TIME_CAP if capped else EndReason.TOUCHDOWN,
        measures={"hold_s": hold, "sway_ml_rms_mm": None},
        signal=None,
        norm=None,
        events=(Event(EventCode.LEGS_TOUCHING, 4.2),),
        judgements=(
            Judgement(JudgementCode.HOLD_BELOW_AGE_BAND, Answer.NO, None, "in band"),
        ),
        findings=(Finding(FindingCode.NO_SCALE, Severity.INFO, "no height"),),
        score=None,
        overruled=(),
    )


def squats() -> Trial:
    """A squat set of two repetitions."""
    repetitions = tuple(
        Repetition(
            start,
            start + 1,
            start + 2,
            {"knee_flexion_deg": measured(70.5, 5.5, "°", at_s=start + 1)},
        )
        for start in (1.0, 4.0)
    )
    return replace(
        made_results.squats(),
        start_s=1.0,
        end_s=6.0,
        measures={"fppa_frontal_left_deg_mean": measured(4.25, 3.25, "°")},
        repetitions=repetitions,
        judgements=(),
        findings=(),
    )


def assessment_of(
    *trials: Trial, eyes: str = "open", age: float | None = 70.0, name: str = "clip.mp4"
) -> Assessment:
    """An assessment with these trials, by default one stand on the left leg."""
    return made_results.assessment(
        *(trials or (stance(),)),
        software=SOFTWARE,
        source=replace(SOURCE, name=name),
        person=Person(1780.0, age, "f"),
        conditions=Conditions(eyes, "barefoot", "firm"),
        protocol="single_leg_stance_eyes_open",
        scale=Scale(Measurement(4.9, "mm/px", 4.7, 5.1)),
        camera=CameraGeometry(yaw_deg=Measurement(1.25, "°", -2.0, 4.5)),
        findings=(
            Finding(FindingCode.AGE_UNKNOWN, Severity.INFO, "=HYPERLINK(1)", 1.5),
        ),
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
