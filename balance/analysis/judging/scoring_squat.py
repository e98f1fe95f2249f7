"""What a squat's numbers mean: answers by their chance, and a score with reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import erf, sqrt

from balance.model.codes import Answer, Grade, JudgementCode
from balance.model.landmarks import Side
from balance.model.results import (
    SDS_95,
    Judgement,
    LostPoint,
    Measurement,
    Measures,
    Score,
)
from balance.reference.thresholds import SquatThresholds, Threshold

YES_FROM, NO_TO = 0.9, 0.1


@dataclass(frozen=True, slots=True)
class SquatEvidence:
    """What the judge may look at: measures of a repetition or the means of a set.

    ``suffix`` is ``_mean`` for a set. ``why_not`` says why a None is None.
    ``heels`` is the rise of each heel in units of its own noise, None where the
    view does not show it.
    """

    measures: Measures
    sides: tuple[Side, ...]
    time_s: float
    why_not: str
    suffix: str = ""
    heels: Mapping[Side, float] | None = None

    def measure(self, name: str) -> Measurement | None:
        """Measure by the name that it has in a repetition."""
        return self.measures.get(name + self.suffix)


def chance_beyond(measured: Measurement, threshold: float) -> float:
    """Chance that the true value lies above a threshold, 0 to 1."""
    if measured.low is None or measured.high is None:
        return float(measured.value > threshold)
    sd = max((measured.high - measured.low) / (2 * SDS_95), 1e-9)
    return 0.5 * (1 + erf((measured.value - threshold) / sd / sqrt(2)))


def answer_of(chance: float) -> Answer:
    """Yes from a chance of 0.9, no up to 0.1, between them cannot tell."""
    if chance >= YES_FROM:
        return Answer.YES
    return Answer.NO if chance <= NO_TO else Answer.CANNOT_TELL


def judge_squat(
    seen: SquatEvidence, thresholds: SquatThresholds
) -> tuple[Judgement, ...]:
    """Answer every question that is asked of a squat."""
    found = [_knee_valgus(seen, side, thresholds) for side in seen.sides]
    found.append(
        _by_size(
            seen, JudgementCode.TRUNK_LEAN, "trunk_lean_deg", thresholds.trunk_lean
        )
    )
    found.append(
        _by_size(
            seen, JudgementCode.PELVIC_DROP, "pelvic_drop_deg", thresholds.pelvic_drop
        )
    )
    for side in seen.sides:
        code = JudgementCode[f"HIP_ADDUCTION_{side.name}"]
        name = f"hip_adduction_{side}_deg"
        found.append(_by_size(seen, code, name, thresholds.hip_adduction, signed=True))
        found.append(_heel_lift(seen, side, thresholds.heel_lift))
    if len(seen.sides) == 2:
        found.append(
            _by_size(
                seen,
                JudgementCode.SHIFT_AWAY,
                "pelvic_shift_pct_hip_width",
                thresholds.shift_away,
            )
        )
        found.append(_difference(seen, thresholds.left_right_difference))
    return tuple(found)


def _judgement(
    seen: SquatEvidence,
    code: JudgementCode,
    answer: Answer,
    because: str,
    limit: Threshold,
) -> Judgement:
    return Judgement(code, answer, None, because, seen.time_s, limit.source)


def _unknown(seen: SquatEvidence, code: JudgementCode, limit: Threshold) -> Judgement:
    return _judgement(seen, code, Answer.CANNOT_TELL, seen.why_not, limit)


def _graded(judgement: Judgement, value: float, limit: Threshold) -> Judgement:
    """Add the grade that goes with the answer; none where it cannot be told."""
    if judgement.answer is Answer.CANNOT_TELL:
        return judgement
    grade = Grade.NONE
    if judgement.answer is Answer.YES:
        grade = Grade.MARKED if value >= limit.marked else Grade.DRIFT
    return Judgement(
        judgement.code,
        judgement.answer,
        grade,
        judgement.because,
        judgement.time_s,
        judgement.source,
    )


def in_words(measured: Measurement) -> str:
    """Return a value with its interval, minus signs long enough to be seen."""
    unit = _SIGNS.get(measured.unit, "")
    text = f"{measured.value:.1f}{unit}"
    if measured.low is not None and measured.high is not None:
        text += f" ({measured.low:.1f} to {measured.high:.1f})"
    return text.replace("-", "−")


_SIGNS = {"deg": "°", "%": " %"}


def _by_size(
    seen: SquatEvidence,
    code: JudgementCode,
    name: str,
    limit: Threshold,
    signed: bool = False,
) -> Judgement:
    """Judge how far a measure lies from 0, to either side unless ``signed``."""
    measured = seen.measure(name)
    if measured is None:
        return _unknown(seen, code, limit)
    chance = chance_beyond(measured, limit.beyond)
    size = measured.value
    if not signed:
        chance += 1 - chance_beyond(measured, -limit.beyond)
        size = abs(size)
    unit = _SIGNS.get(measured.unit, "")
    because = f"{in_words(measured)} against {limit.beyond:g}{unit}"
    found = _judgement(seen, code, answer_of(chance), because, limit)
    return _graded(replace(found, chance=chance), size, limit)


def _knee_valgus(
    seen: SquatEvidence, side: Side, thresholds: SquatThresholds
) -> Judgement:
    """On one leg by the frontal angle; on two the knee must be inside its ankle too.

    In a wide stance a straight leg has its knee inside its ankle, and in a narrow one
    a knee may turn in and still stand over its foot: only both together cave in.
    """
    code = JudgementCode[f"KNEE_VALGUS_{side.name}"]
    limit = thresholds.knee_valgus
    angle = seen.measure(f"fppa_frontal_{side}_deg")
    if angle is None:
        return _by_place(seen, side, thresholds)
    chance = chance_beyond(angle, limit.beyond)
    because = f"knee angle {in_words(angle)} against {limit.beyond:g}°"
    source = limit.source
    inside = seen.measure(f"knee_inside_ankle_{side}_pct_leg")
    ratio = seen.measure("knee_ankle_separation_ratio")
    if inside is not None and ratio is not None:
        below = 1 - chance_beyond(ratio, thresholds.knee_separation.beyond)
        chance = min(chance, max(below, chance_beyond(inside, 0.0)))
        because += (
            f"; knees {ratio.value:.2f} times as far apart as ankles, this one "
            f"{inside.value:.1f} % of the leg inside its own"
        )
        source += "; " + thresholds.knee_separation.source
    found = Judgement(code, answer_of(chance), None, because, seen.time_s, source)
    return _graded(replace(found, chance=chance), angle.value, limit)


def _by_place(
    seen: SquatEvidence, side: Side, thresholds: SquatThresholds
) -> Judgement:
    """Judge a knee without an angle: outside its ankle it does not cave in."""
    code = JudgementCode[f"KNEE_VALGUS_{side.name}"]
    limit = thresholds.knee_separation
    inside = seen.measure(f"knee_inside_ankle_{side}_pct_leg")
    if inside is None or chance_beyond(inside, 0.0) > NO_TO:
        return _unknown(seen, code, limit)
    because = f"the knee stays {-inside.value:.1f} % of the leg outside its ankle"
    found = _judgement(seen, code, Answer.NO, because, limit)
    return _graded(found, 0.0, limit)


def _heel_lift(seen: SquatEvidence, side: Side, limit: Threshold) -> Judgement:
    code = JudgementCode[f"HEEL_LIFT_{side.name}"]
    if seen.heels is None or side not in seen.heels:
        return _judgement(
            seen,
            code,
            Answer.CANNOT_TELL,
            "only the near heel is seen, and from the side only",
            limit,
        )
    times = seen.heels[side]
    # What rises beyond the limit is no noise; what stays a noise unit and more below
    # is no lift that would have been seen.
    unlikely = answer_of(0.5 * (1 + erf((times - limit.beyond) / sqrt(2))))
    answer = Answer.YES if times >= limit.beyond else unlikely
    because = (
        f"the heel rose by {times:.1f} times the noise of its landmark; "
        f"{limit.beyond:g} times count"
    ).replace("-", "−")
    found = _judgement(seen, code, answer, because, limit)
    return _graded(found, times, limit)


def _difference(seen: SquatEvidence, limit: Threshold) -> Judgement:
    code = JudgementCode.LEFT_RIGHT_DIFFERENCE
    left, right = (seen.measure(f"fppa_frontal_{side}_deg") for side in Side)
    if left is None or right is None or None in (left.low, right.low):
        return _unknown(seen, code, limit)
    apart = left.value - right.value
    sd = sqrt(sum(((m.value - (m.low or 0.0)) / SDS_95) ** 2 for m in (left, right)))
    half = SDS_95 * sd
    both = Measurement(apart, "deg", apart - half, apart + half)
    chance = chance_beyond(both, limit.beyond) + 1 - chance_beyond(both, -limit.beyond)
    because = (
        f"left {left.value:.1f}°, right {right.value:.1f}°; a difference of up to "
        f"{limit.beyond:g}° may be chance"
    )
    found = _judgement(seen, code, answer_of(chance), because, limit)
    return _graded(replace(found, chance=chance), abs(apart), limit)


_PART_OF = {
    JudgementCode.KNEE_VALGUS_LEFT: "knee_valgus",
    JudgementCode.KNEE_VALGUS_RIGHT: "knee_valgus",
    JudgementCode.TRUNK_LEAN: "trunk_lean",
    JudgementCode.PELVIC_DROP: "pelvic_drop",
    JudgementCode.SHIFT_AWAY: "shift_away",
    JudgementCode.HEEL_LIFT_LEFT: "heel_lift",
    JudgementCode.HEEL_LIFT_RIGHT: "heel_lift",
}


def score_squat(judgements: Iterable[Judgement], thresholds: SquatThresholds) -> Score:
    """Score from low to high; what cannot be told is lost in ``low`` only."""
    judged = [one for one in judgements if one.code in _PART_OF]
    parts = [_PART_OF[one.code] for one in judged]
    least = most = 0.0
    reasons = []
    for one in judged:
        part = _PART_OF[one.code]
        points = thresholds.points[part] / parts.count(part)
        if one.answer is Answer.NO:
            continue
        lost = points
        if one.grade is Grade.DRIFT:
            lost *= thresholds.points["drift_share"]
        most += lost
        least += lost if one.answer is Answer.YES else 0.0
        source = one.source or thresholds.points_source
        because = f"{one.because} ({one.answer.value.replace('_', ' ')})"
        reasons.append(LostPoint(one.code.value, round(lost, 1), because, source))
    out_of = round(thresholds.points["out_of"])
    return Score(round(out_of - most), round(out_of - least), out_of, tuple(reasons))
