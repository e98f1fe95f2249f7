"""How a number, a code and a trial are said to a person.

Plain words for whoever was tested, the field's own term beside them for the
clinician. Every number is said with its 95 % interval. The texts are plain: whoever
shows them escapes them.
"""

import math
from dataclasses import dataclass, replace

from balance.model.codes import (
    Answer,
    EndReason,
    EventCode,
    Grade,
    JudgementCode,
    RatingCode,
    Severity,
    TrialKind,
)
from balance.model.corrections import (
    EventTarget,
    JudgementTarget,
    Target,
    TrialField,
    parse_target,
)
from balance.model.errors import InputError
from balance.model.results import Assessment, Judgement, Measurement, Trial

UNIT_SIGNS = {
    "deg": "°",
    "pct": "%",
    "percent": "%",
    "1/min": "a minute",
    "ratio": "",
    "1": "",
    "count": "",
}
# Digits after the point that a reader can use; more are added where they are needed
# to tell the ends of an interval apart.
_USUAL_DECIMALS = {"Hz": 2, "ratio": 2, "mm/px": 2, "": 2, "count": 0}
_MOST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class FormattedValue:
    """A measurement in words: ``11.0``, ``s``, ``10.9–11.1``."""

    value: str
    unit: str
    interval: str

    def __str__(self) -> str:
        return f"{self.value}{self.joined_unit} ({self.interval})"

    @property
    def joined_unit(self) -> str:
        """The unit with the space that it wants before it."""
        return self.unit if self.unit in ("°", "") else f" {self.unit}"


def say(measurement: Measurement) -> FormattedValue:
    """Return a measurement in words, never without its interval."""
    low, high = measurement.low, measurement.high
    digits = _decimals(measurement)
    unit = UNIT_SIGNS.get(measurement.unit, measurement.unit)
    at_least = measurement.censored or (high is None and low is not None)
    value = ("≥ " if at_least else "") + say_number(measurement.value, digits)
    return FormattedValue(value, unit, _interval(low, high, digits))


def say_in(trial: Trial, name: str, measurement: Measurement) -> FormattedValue:
    """Return a measure of a trial in words: a hold set by hand has no interval."""
    said = say(measurement)
    moved = {note.what for note in trial.overruled} & BY_HAND_TIMES
    return replace(said, interval=BY_HAND) if name == "hold_s" and moved else said


def counted_of(count: int, one: str) -> str:
    """Return a count with its word: "1 visit", "2 visits"."""
    return f"{count} {one}{'' if count == 1 else 's'}"


def say_number(value: float, decimals: int = 1) -> str:
    """Return a number with a real minus sign, and no minus before a zero."""
    text = f"{value:.{decimals}f}"
    if text.startswith("-"):
        return "−" + text[1:] if float(text) else text[1:]
    return text


def _interval(low: float | None, high: float | None, digits: int) -> str:
    if low is None and high is None:
        return "interval unknown"
    if high is None:
        return f"from {say_number(low or 0.0, digits)}, no upper limit"
    if low is None:
        return f"up to {say_number(high, digits)}, no lower limit"
    dash = "–" if low >= 0 and high >= 0 else " to "
    return f"{say_number(low, digits)}{dash}{say_number(high, digits)}"


def _decimals(measurement: Measurement) -> int:
    digits = _USUAL_DECIMALS.get(measurement.unit, 1)
    low, high = measurement.low, measurement.high
    if low is None or high is None or not math.isfinite(high - low) or low == high:
        return digits
    while digits < _MOST_DECIMALS and round(low, digits) == round(high, digits):
        digits += 1
    return digits


# A value whose beginning or end a person has set has no interval of its own.
BY_HAND = "set by hand"
BY_HAND_TIMES = {"start_s", "end_s", "side", "split_s"}

SIDE_WORDS = {"left": "left leg", "right": "right leg", "both": "both legs"}

_KIND_TITLES = {
    TrialKind.SINGLE_LEG_STANCE: ("Standing on the {leg}", "single-leg stance"),
    TrialKind.SQUAT_SET: ("Squats", "bilateral squat set"),
    TrialKind.SINGLE_LEG_SQUAT_SET: ("Squats on the {leg}", "single-leg squat set"),
    TrialKind.TWO_LEG_STANCE: ("Standing on both legs", "bipedal stance"),
    TrialKind.SIDE_BY_SIDE_STANCE: ("Feet side by side", "side-by-side stance"),
    TrialKind.SEMI_TANDEM_STANCE: ("One foot half in front", "semi-tandem stance"),
    TrialKind.TANDEM_STANCE: ("Heel to toe", "tandem stance"),
    TrialKind.HEEL_RAISE_SET: ("Heel raises, {leg}", "heel-raise set"),
    TrialKind.WEIGHT_SHIFT_SET: ("Shifting weight", "weight-shift set"),
    TrialKind.HOP_SET: ("Hops on the {leg}", "hop set"),
    TrialKind.SIT_TO_STAND_SET: ("Chair stands", "sit-to-stand set"),
}
_REPETITION_WORDS = {
    TrialKind.SQUAT_SET: "squat",
    TrialKind.SINGLE_LEG_SQUAT_SET: "squat",
    TrialKind.HEEL_RAISE_SET: "heel raise",
    TrialKind.WEIGHT_SHIFT_SET: "weight shift",
    TrialKind.HOP_SET: "hop",
    TrialKind.SIT_TO_STAND_SET: "chair stand",
}
_STANCE_WORDS = {
    TrialKind.SINGLE_LEG_STANCE: "on your {leg}",
    TrialKind.TWO_LEG_STANCE: "on both legs",
    TrialKind.SIDE_BY_SIDE_STANCE: "with your feet side by side",
    TrialKind.SEMI_TANDEM_STANCE: "with one foot half in front of the other",
    TrialKind.TANDEM_STANCE: "heel to toe",
}


def is_set(trial: Trial) -> bool:
    """Tell whether a trial counts repetitions rather than seconds."""
    return trial.kind in _REPETITION_WORDS


def bottom_words(trial: Trial) -> str:
    """Return what somebody does at the bottom of a repetition."""
    seated = trial.kind is TrialKind.SIT_TO_STAND_SET
    return "off the seat" if seated else "deepest"


def trial_title(trial: Trial) -> str:
    """Return a trial's name in plain words."""
    return kind_title(trial.kind, trial.side)


def kind_title(kind: TrialKind, side: str) -> str:
    """Return the name of what is done on a side, in plain words."""
    return _KIND_TITLES[kind][0].format(leg=SIDE_WORDS[side])


def trial_term(trial: Trial) -> str:
    """Return a trial's name in the clinician's words."""
    term = _KIND_TITLES[trial.kind][1]
    return term if trial.side == "both" else f"{term}, {trial.side}"


def headline(trial: Trial) -> str:
    """Return what the person did, as it stands before the number."""
    if is_set(trial):
        leg = SIDE_WORDS[trial.side]
        return "You did" if trial.side == "both" else f"On your {leg} you did"
    where = _STANCE_WORDS[trial.kind].format(leg=SIDE_WORDS[trial.side])
    return f"You stood {where} for"


def counted(trial: Trial) -> str:
    """Return what is counted in a set: ``squats``, or ``squat`` for a single one."""
    word = _REPETITION_WORDS[trial.kind]
    return word if len(trial.repetitions) == 1 else f"{word}s"


def nothing_measured(assessment: Assessment) -> str:
    """Return the one sentence of a result without a trial."""
    said = [finding.text for finding in assessment.findings]
    return f"{assessment.source.name}: {said[-1] if said else 'nothing was found.'}"


def end_words(trial: Trial) -> str:
    """Return why a trial ended, as a sentence."""
    other = {"left": "right", "right": "left"}.get(trial.side, "lifted")
    stance = f"{trial.side} foot" if trial.side != "both" else "foot"
    return _END_WORDS[trial.end_reason].format(other=other, stance=stance)


_END_WORDS = {
    EndReason.TOUCHDOWN: "The {other} foot touched the floor.",
    EndReason.STANCE_FOOT_MOVED: "The {stance} moved: a hop, a slide or a turn.",
    EndReason.LEGS_TOUCHING: "The legs touched each other.",
    EndReason.HAND_SUPPORT: "A hand took hold of something.",
    EndReason.ARMS_MOVED: "The arms left their place.",
    EndReason.EYES_OPENED: "The eyes opened.",
    EndReason.TIME_CAP: "The time of the test was over.",
    EndReason.LOST_SIGHT: "The camera lost sight of you.",
    EndReason.CAMERA_CUT: "The video has a cut here.",
    EndReason.VIDEO_END: "The video ended before the trial did.",
    EndReason.SET_END: "The set was finished.",
    EndReason.OTHER_PERSON: "Somebody else came in the way.",
    EndReason.STOPPED_BY_USER: "The test was stopped by hand.",
}

EVENT_WORDS = {
    EventCode.LEGS_TOUCHING: "legs touched",
    EventCode.HANDS_OFF_HIPS: "hands off hips",
    EventCode.EYES_OPENED: "eyes opened",
    EventCode.STEP_STUMBLE_FALL: "step or stumble",
    EventCode.HIP_BEYOND_30_DEG: "leg swung out beyond 30°",
    EventCode.FOREFOOT_OR_HEEL_LIFTED: "forefoot or heel lifted",
    EventCode.OUT_OF_POSITION: "out of position",
    EventCode.TOUCHDOWN: "foot down",
    EventCode.STANCE_FOOT_MOVED: "standing foot moved",
    EventCode.TRUNK_LEAN_PEAK: "most lean of the trunk",
}

# The question in plain words, and the clinician's term.
JUDGEMENT_WORDS = {
    JudgementCode.HOLD_BELOW_AGE_BAND: (
        "Below the lower limit for this age?",
        "hold time below the age band",
    ),
    JudgementCode.KNEE_VALGUS_LEFT: (
        "Did the left knee move inwards?",
        "dynamic knee valgus, left",
    ),
    JudgementCode.KNEE_VALGUS_RIGHT: (
        "Did the right knee move inwards?",
        "dynamic knee valgus, right",
    ),
    JudgementCode.TRUNK_LEAN: (
        "Did the trunk lean to one side?",
        "lateral trunk lean",
    ),
    JudgementCode.TRUNK_LEAN_FORWARD: (
        "Did the trunk lean far forward?",
        "forward trunk lean",
    ),
    JudgementCode.PELVIC_DROP: (
        "Did the pelvis drop on one side?",
        "contralateral pelvic drop",
    ),
    JudgementCode.HIP_ADDUCTION_LEFT: (
        "Did the left thigh move inwards?",
        "hip adduction, left",
    ),
    JudgementCode.HIP_ADDUCTION_RIGHT: (
        "Did the right thigh move inwards?",
        "hip adduction, right",
    ),
    JudgementCode.HEEL_LIFT_LEFT: (
        "Did the left heel come up?",
        "heel lift, left",
    ),
    JudgementCode.HEEL_LIFT_RIGHT: (
        "Did the right heel come up?",
        "heel lift, right",
    ),
    JudgementCode.SHIFT_AWAY: (
        "Did the weight go to one side?",
        "lateral pelvic shift",
    ),
    JudgementCode.LEFT_RIGHT_DIFFERENCE: (
        "Do the two sides differ?",
        "left–right difference",
    ),
}
_CORRECTED = {
    TrialField.START: "start",
    TrialField.END: "end",
    TrialField.SIDE: "standing leg",
    TrialField.END_REASON: "why it ended",
    TrialField.SPLIT: "the foot was down in between",
}


def correction_words(what: str) -> str:
    """Return what of a trial was corrected, in words; ``what`` as it is stored."""
    try:
        target = parse_target(what)
    except InputError:  # of a later version
        return what
    return target_words(target)


def target_words(target: Target) -> str:
    """Return what may be corrected, in words."""
    if isinstance(target, JudgementTarget):
        return JUDGEMENT_WORDS[target.code][0]
    if isinstance(target, EventTarget):
        return f"{EVENT_WORDS[target.code]} at {target.time_s:.1f} s"
    return _CORRECTED[target]


# What raters look for: the question in plain words, and the clinician's term.
RATING_WORDS = {
    RatingCode.ARMS: ("Did the arms leave their place?", "arm strategy"),
    RatingCode.TRUNK: ("Did the trunk lean to one side?", "trunk alignment"),
    RatingCode.PELVIS_LEVEL: ("Did one side of the pelvis drop?", "pelvic plane"),
    RatingCode.PELVIS_TURN: ("Did the pelvis shift or turn?", "pelvic shift, rotation"),
    RatingCode.THIGH_INWARDS: ("Did the thigh move inwards?", "hip adduction"),
    RatingCode.KNEE_INWARDS: ("Did the knee move inwards?", "dynamic knee valgus"),
    RatingCode.KNEE_PAST_TOES: (
        "Was the knee inside the big toe?",
        "knee medial to the first toe",
    ),
    RatingCode.KNEE_SHAKE: (
        "Did the knee shake from side to side?",
        "medio-lateral perturbation of the knee",
    ),
    RatingCode.FREE_FOOT_DOWN: (
        "Did the free foot touch the floor?",
        "steady stance, free foot",
    ),
    RatingCode.FOOT_MOVES: (
        "Did the standing foot move?",
        "steady stance, standing foot",
    ),
    RatingCode.HEEL_LIFTS: ("Did the heel come up?", "heel lift"),
    RatingCode.OVERALL_IMPRESSION: (
        "Did it look effortful or hurried?",
        "overall impression",
    ),
}
ANSWER_WORDS = {Answer.YES: "yes", Answer.NO: "no", Answer.CANNOT_TELL: "cannot tell"}
# A chance this near to one half leans to neither side.
_EVEN = 0.1


# Begins the answer where a yes is likelier than not.
LIKELY = "likely"


def answer_words(judgement: Judgement) -> str:
    """Return "yes", "no", or what is likelier with its chance: "likely (79 %)"."""
    chance = judgement.chance
    if judgement.answer is not Answer.CANNOT_TELL or chance is None:
        return ANSWER_WORDS[judgement.answer]
    if abs(chance - 0.5) < _EVEN:
        return f"{ANSWER_WORDS[Answer.CANNOT_TELL]} ({100 * chance:.0f} %)"
    return f"{LIKELY if chance > 0.5 else 'unlikely'} ({100 * chance:.0f} %)"


# A shape beside the word, so that the colour is not the only sign.
ANSWER_SHAPES = {Answer.YES: "▲", Answer.NO: "●", Answer.CANNOT_TELL: "?"}
GRADE_WORDS = {Grade.NONE: "", Grade.DRIFT: "a little", Grade.MARKED: "clearly"}
SEVERITY_WORDS = {
    Severity.INFO: "good to know",
    Severity.WARNING: "please check",
    Severity.ERROR: "blocking",
}
SEVERITY_SHAPES = {Severity.INFO: "i", Severity.WARNING: "!", Severity.ERROR: "×"}
