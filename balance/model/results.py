"""What an assessment says: numbers with intervals, judgements, findings.

The shapes here are the file contract of ``assessment.json``; the field names are
its keys. Nothing here computes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from balance.model.codes import (
    Answer,
    EndReason,
    EventCode,
    FindingCode,
    Grade,
    JudgementCode,
    RatingCode,
    Severity,
    TrialKind,
)

SCHEMA_VERSION = 1

# So many standard deviations either way hold 95 % of what is normally distributed.
SDS_95 = 1.959964
# Units that are not written behind a number.
_NO_UNIT = ("", "1", "ratio", "count")


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number with its unit and its 95 % interval.

    Parameters
    ----------
    value
        The number; its sign is that of the measure's definition (+ = valgus).
    unit
        "s", "mm", "deg", "%", "mm/s", "count", "ratio" and the like.
    low, high
        The 95 % interval; None where that side is open.
    censored
        True: the true duration is at least ``value``, and ``high`` is None.
    at_s
        When a peak was, in seconds of the video.
    """

    value: float
    unit: str
    low: float | None
    high: float | None
    censored: bool | None = None
    at_s: float | None = None

    @classmethod
    def with_sd(
        cls, value: float, sd: float, unit: str, at_s: float | None = None
    ) -> "Measurement":
        """Return a value with the normal 95 % interval of a standard deviation."""
        half = SDS_95 * sd
        return cls(value, unit, value - half, value + half, at_s=at_s)

    def __str__(self) -> str:
        """Return ``10.98 s (10.91 to 11.05)``; ``≥ 31.30 s`` for a censored value."""
        low, high = self.low, self.high
        if low is None or high is None or not math.isfinite(high - low) or low == high:
            number = f"{self.value:.2f}"
            interval = "" if low is None else f" (from {low:.2f})"
            interval = interval if high is None else ""
        else:
            # As many decimals as the interval's width can bear.
            width = abs(high - low)
            digits = max(1 - round(math.log10(width)), 1 if width < 10 else 0)
            number = f"{self.value:.{digits}f}"
            interval = f" ({low:.{digits}f} to {high:.{digits}f})"
        unit = "" if self.unit in _NO_UNIT else f" {self.unit}"
        return f"{'≥ ' if self.censored else ''}{number}{unit}{interval}"


Measures = Mapping[str, Measurement | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know, in a sentence that a person can act on."""

    code: FindingCode
    severity: Severity
    text: str
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at ``time_s`` of a trial."""

    code: EventCode
    time_s: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question answered yes, no or cannot tell, and why.

    ``chance`` (0 to 1) of a true yes; None where nothing was seen of it.
    """

    code: JudgementCode
    answer: Answer
    grade: Grade | None
    because: str
    time_s: float | None = None
    source: str | None = None
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """An item of the raters' list: whether its fault was seen, and why."""

    code: RatingCode
    answer: Answer
    because: str
    source: str
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Norm:
    """What people of this age do: a band in words, its numbers and its source."""

    band: str
    cap_s: float | None
    source: str
    typical_s: float | None = None
    ages: tuple[int, int] | None = None
    eyes: str | None = None


@dataclass(frozen=True, slots=True)
class LostPoint:
    """One reason why a score is below its maximum, or uncertain."""

    code: str
    points_lost: float
    because: str
    source: str


@dataclass(frozen=True, slots=True)
class Score:
    """From ``low`` to ``high``: what cannot be told widens it."""

    low: int
    high: int
    out_of: int
    reasons: tuple[LostPoint, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """How the sway signal of a trial was processed."""

    cutoff_hz: float
    rate_hz: float
    window_s: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Overrule:
    """A person's correction of a result: what, what it was, by whom, when.

    ``becomes`` is what it was changed to; None in results of version 0.1.0.
    """

    what: str
    was: str
    by: str
    at: str
    becomes: str | None = None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A measure where another one is ``at``, with its 95 % interval."""

    at: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The course of a measure ``over`` another one, by their names and units."""

    measure: str
    over: str
    points: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class Repetition:
    """One squat, heel raise or the like: from start over ``bottom_s`` to end."""

    start_s: float
    bottom_s: float
    end_s: float
    measures: Measures
    judgements: tuple[Judgement, ...] = ()
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial, and everything that was measured and judged of it.

    ``trial["hold_s"]`` is a measure by its name: None where it could not be had
    (``findings`` say why), KeyError where the trial has no such measure.

    Parameters
    ----------
    kind, side
        What was done, and the stance leg: "left", "right" or "both".
    start_s, end_s
        In seconds of the video; ``start_seen`` and ``end_seen`` tell whether the
        recording holds those moments, else the trial may have been longer.
    end_reason
        Why it ended.
    measures
        By name; the unit and the interval are in each.
    signal, norm, score
        How the sway was filtered, what people of this age do, the points of a
        protocol; None where there is none.
    events, repetitions, judgements, ratings, findings
        In the order of time.
    overruled
        Corrections by a person, the oldest first.
    """

    kind: TrialKind
    side: str
    start_s: float
    end_s: float
    start_seen: bool
    end_seen: bool
    end_reason: EndReason
    measures: Measures = field(default_factory=dict)
    signal: Signal | None = None
    norm: Norm | None = None
    events: tuple[Event, ...] = ()
    repetitions: tuple[Repetition, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    ratings: tuple[Rating, ...] = ()
    findings: tuple[Finding, ...] = ()
    score: Score | None = None
    overruled: tuple[Overrule, ...] = ()

    def __getitem__(self, measure: str) -> Measurement | None:
        return self.measures[measure]


@dataclass(frozen=True, slots=True)
class Software:
    """What made the numbers."""

    balance: str
    mediapipe: str
    model_sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """The video that was measured."""

    name: str
    sha256: str
    duration_s: float
    frames: int
    rate_hz: float
    width_px: int
    height_px: int
    rotation_deg: int
    # When it was recorded (ISO 8601), where the file or whoever handed it in says.
    recorded_at: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What was told about the person; None where it was not.

    Parameters
    ----------
    height_mm
        Body height in mm; without it lengths are in % of body height.
    age_years, sex
        For norms; ``sex`` is "f" or "m".
    code
        Under which the person is known, where the result is for somebody.
    """

    height_mm: float | None = None
    age_years: float | None = None
    sex: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the camera cannot see of the test.

    Parameters
    ----------
    eyes
        "open", "closed" or "unknown".
    footwear
        "barefoot", "shoes" or "unknown".
    surface
        "firm", "soft" or "unknown".
    examiner, place
        Kept for the record; they change no number.
    """

    eyes: str = "unknown"
    footwear: str = "unknown"
    surface: str = "unknown"
    examiner: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """Everything else that changes a number; the fields are parameters of `analyze`.

    ``test`` is what to look for, ``from_s`` and ``to_s`` the part of the video in s,
    ``person`` who of several, ``mirrored`` whether the video is a mirror image,
    ``flow`` whether hips and feet are followed by their texture, ``every_frame``
    whether landmarks are found in each frame even while nothing moves, ``fps`` the
    frames per second of a file without time stamps, ``slow_motion`` how many times
    slower it plays than it was (None: as the file says).
    """

    test: str = "auto"
    from_s: float | None = None
    to_s: float | None = None
    person: str | None = None
    mirrored: bool = False
    flow: bool = True
    every_frame: bool = False
    fps: float | None = None
    slow_motion: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Millimetres per pixel at the person, and where it comes from."""

    mm_per_px: Measurement
    # "height": typed body height; other sources may follow.
    from_: str = "height"


@dataclass(frozen=True, slots=True)
class CameraGeometry:
    """How the camera stood: turned round the person, tilted, moved.

    ``yaw_deg`` of its axis, + = towards the person's left; ``roll_deg`` + = what it
    shows is turned clockwise.
    """

    yaw_deg: Measurement | None = None
    roll_deg: Measurement | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole result of one recording; what ``assessment.json`` holds.

    ``software``, ``source``, ``options``, ``person``, ``conditions`` and ``protocol``
    are what the numbers come from, ``scale`` is None without body height, ``camera``
    how the camera stood. ``trials`` are in the order of time, none where nothing was
    found; ``findings`` of the whole recording say why; ``schema_version`` of the file.
    """

    software: Software
    source: Source
    options: Options
    person: Person
    conditions: Conditions
    protocol: str
    scale: Scale | None
    camera: CameraGeometry
    trials: tuple[Trial, ...]
    findings: tuple[Finding, ...]
    schema_version: int = SCHEMA_VERSION
