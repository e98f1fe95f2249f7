"""What a squat's numbers mean: answers by their chance, and a score with reasons."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import erf, hypot, sqrt

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
# So many standard deviations below a value lie 90 of 100.
SDS_90 = 1.2816


@dataclass(frozen=True, slots=True)
class SquatEvidence:
    """What the judge may look at: measures of a repetition or the means of a set.

    ``suffix`` is ``_mean`` for a set. ``why_not`` says why a None is None.
    ``frontal``: whether the view shows the person's frontal plane. ``heels`` is the
    rise of each heel that the view shows, in units of its own noise.
    """

    measures: Measures
    sides: tuple[Side, ...]
    time_s: float
    why_not: str
    suffix: str = ""
    frontal: bool = True
    heels: Mapping[Side, float] | None = None

    def measure(self, name: str) -> Measurement | None:
        """Measure by the name that it has in a repetition."""
        return self.measures.get(name + self.suffix)


def chance_beyond(measured: Measurement, threshold: float) -> float:
    """Chance that the true value lies above a threshold, 0 to 1."""
    if measured.low is None or measured.high is None:
        return float(measured.value > threshold)
    sd = max((measured.high - measured.low) / (2 * SDS_95), 1e-9)
    return _below((measured.value - threshold) / sd)


def _below(sds: float) -> float:
    """Share of a normal distribution below so many standard deviations."""
    return 0.5 * (1 + erf(sds / sqrt(2)))


def answer_of(chance: float) -> Answer:
    """Yes from a chance of 0.9, no up to 0.1, between them cannot tell."""
    if chance >= YES_FROM:
        return Answer.YES
    return Answer.NO if chance <= NO_TO else Answer.CANNOT_TELL


def judge_squat(
    seen: SquatEvidence, thresholds: SquatThresholds
) -> tuple[Judgement, ...]:
    """Answer every question that the view can answer; the others are not asked."""
    found: list[Judgement | None] = []
    if seen.frontal:
        found += [_knee_valgus(seen, side, thresholds) for side in seen.sides]
        found += _sizes(seen, thresholds)
        found += [_adduction(seen, side, thresholds) for side in seen.sides]
        if len(seen.sides) == 2:
            found.append(_difference(seen, thresholds.left_right_difference))
    found += [_heel_lift(seen, side, thresholds.heel_lift) for side in seen.heels or {}]
    return tuple(one for one in found if one is not None)


def _sizes(
    seen: SquatEvidence, thresholds: SquatThresholds
) -> Iterator[Judgement | None]:
    """Trunk, and on two legs pelvis; a raised thigh hides the pelvis' drop."""
    code, limit = JudgementCode.TRUNK_LEAN, thresholds.trunk_lean
    yield _by_size(seen, code, "trunk_lean_deg", limit)
    if len(seen.sides) == 1:
        return
    code, limit = JudgementCode.PELVIC_DROP, thresholds.pelvic_drop
    yield _by_size(seen, code, "pelvic_drop_deg", limit)
    code, limit = JudgementCode.SHIFT_AWAY, thresholds.shift_away
    yield _by_size(seen, code, "pelvic_shift_pct_hip_width", limit)


def _judgement(
    seen: SquatEvidence,
    code: JudgementCode,
    chance: float,
    because: str,
    limit: Threshold,
) -> Judgement:
    """Answer by the chance of a true yes."""
    chance = round(min(max(chance, 0.0), 1.0), 3)
    answer = answer_of(chance)
    return Judgement(code, answer, None, because, seen.time_s, limit.source, chance)


def _graded(judgement: Judgement, value: float, limit: Threshold) -> Judgement:
    """Add the grade that goes with the answer; none where it cannot be told."""
    if judgement.answer is Answer.CANNOT_TELL:
        return judgement
    grade = Grade.NONE
    if judgement.answer is Answer.YES:
        grade = Grade.MARKED if value >= limit.marked else Grade.DRIFT
    return replace(judgement, grade=grade)


def _unknown(seen: SquatEvidence, code: JudgementCode, limit: Threshold) -> Judgement:
    answer, source = Answer.CANNOT_TELL, limit.source
    return Judgement(code, answer, None, seen.why_not, seen.time_s, source)


def in_words(measured: Measurement) -> str:
    """Return a value with its interval, minus signs long enough to be seen."""
    unit = _SIGNS.get(measured.unit, "")
    text = f"{measured.value:.1f}{unit}"
    if measured.low is not None and measured.high is not None:
        text += f" ({measured.low:.1f} to {measured.high:.1f})"
    return text.replace("-", "−")


_SIGNS = {"deg": "°", "%": " %"}


def _by_size(
    seen: SquatEvidence, code: JudgementCode, name: str, limit: Threshold
) -> Judgement | None:
    """Judge how far a measure lies from 0, to either side; None: it was not seen."""
    measured = seen.measure(name)
    if measured is None:
        return None
    chance = chance_beyond(measured, limit.beyond)
    chance += 1 - chance_beyond(measured, -limit.beyond)
    unit = _SIGNS.get(measured.unit, "")
    because = f"{in_words(measured)} against {limit.beyond:g}{unit}"
    found = _judgement(seen, code, chance, because, limit)
    return _graded(found, abs(measured.value), limit)


def _adduction(
    seen: SquatEvidence, side: Side, thresholds: SquatThresholds
) -> Judgement | None:
    """Judge the thigh's angle to the pelvis; a deep squat on the way down."""
    limit = thresholds.hip_adduction
    for name in ("hip_adduction_{}_deg", "hip_adduction_at_60_{}_deg"):
        measured = seen.measure(name.format(side))
        if measured is not None:
            because = f"{in_words(measured)} against {limit.beyond:g}°"
            if "at_60" in name:
                because += ", at 60° of knee bend on the way down"
            code = JudgementCode[f"HIP_ADDUCTION_{side.name}"]
            chance = chance_beyond(measured, limit.beyond)
            found = _judgement(seen, code, chance, because, limit)
            return _graded(found, measured.value, limit)
    return _adduction_by_thigh(seen, side, thresholds)


def _adduction_by_thigh(
    seen: SquatEvidence, side: Side, thresholds: SquatThresholds
) -> Judgement | None:
    """Judge a standing leg by its thigh.

    The raised thigh hides the pelvis' drop, which adds to the adduction: how much is
    taken from people who were measured in three dimensions.
    """
    thigh, limit = seen.measure(f"thigh_inwards_{side}_deg"), thresholds.hip_adduction
    if thigh is None or thigh.low is None:
        return None
    drop = thresholds.usual["pelvic_drop_on_one_leg"]
    sd = float(hypot((thigh.value - thigh.low) / SDS_95, drop.sd))
    total = Measurement.with_sd(thigh.value + drop.mean, sd, "deg")
    because = (
        f"the thigh leans in by {in_words(thigh)}; the drop of the pelvis, hidden by "
        f"the raised thigh, adds {drop.mean:g}° (SD {drop.sd:g}) in people measured in "
        f"3-D: {in_words(total)} against {limit.beyond:g}°"
    )
    code = JudgementCode[f"HIP_ADDUCTION_{side.name}"]
    found = _judgement(seen, code, chance_beyond(total, limit.beyond), because, limit)
    found = replace(found, source=f"{limit.source}; hidden drop: {drop.source}")
    return _graded(found, total.value, limit)


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
    where = ""
    if angle is None:
        angle = seen.measure(f"fppa_frontal_at_60_{side}_deg")
        where = " at 60° of knee bend on the way down"
    if angle is None:
        return _by_place(seen, side, thresholds)
    chance = chance_beyond(angle, limit.beyond)
    because = f"knee angle {in_words(angle)}{where} against {limit.beyond:g}°"
    source = limit.source
    inside = seen.measure(f"knee_inside_ankle_{side}_pct_leg")
    ratio = seen.measure("knee_ankle_separation_ratio")
    if inside is not None and ratio is not None:
        chance = min(chance, _knee_inside(inside, ratio, thresholds))
        because += (
            f"; knees {ratio.value:.2f} times as far apart as ankles, this one "
            + _over_ankle(inside)
        )
        source += "; " + thresholds.knee_separation.source
    found = _judgement(seen, code, chance, because, limit)
    return _graded(replace(found, source=source), angle.value, limit)


def _knee_inside(
    inside: Measurement, ratio: Measurement, thresholds: SquatThresholds
) -> float:
    """Chance that the knees are together, or that this one is inside its ankle."""
    together = 1 - chance_beyond(ratio, thresholds.knee_separation.beyond)
    return max(together, chance_beyond(inside, 0.0))


def _over_ankle(inside: Measurement) -> str:
    place = "inside" if inside.value > 0 else "outside"
    return f"{abs(inside.value):.1f} % of the leg {place} its own"


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
    found = _judgement(seen, code, chance_beyond(inside, 0.0), because, limit)
    return _graded(found, 0.0, limit)


# What rises by the limit is a lift; 1.3 noise units below it, a lift would have shown.
HEEL_STEEPNESS = 2.0


def _heel_lift(seen: SquatEvidence, side: Side, limit: Threshold) -> Judgement | None:
    code = JudgementCode[f"HEEL_LIFT_{side.name}"]
    if seen.heels is None or side not in seen.heels:
        return None
    times = seen.heels[side]
    chance = _below(HEEL_STEEPNESS * (times - limit.beyond) + SDS_90)
    because = (
        f"the heel rose by {times:.1f} times the noise of its landmark; "
        f"{limit.beyond:g} times count"
    ).replace("-", "−")
    return _graded(_judgement(seen, code, chance, because, limit), times, limit)


# An error of the yaw moves both knees' angles, one up and one down: the difference is
# wider than two errors of their own would make it, and narrower than their sum.
DIFFERENCE_SD_SHARE = 0.9


def _difference(seen: SquatEvidence, limit: Threshold) -> Judgement | None:
    code = JudgementCode.LEFT_RIGHT_DIFFERENCE
    left, right = (seen.measure(f"fppa_frontal_{side}_deg") for side in Side)
    if left is None or right is None or left.low is None or right.low is None:
        return None
    apart = left.value - right.value
    half = DIFFERENCE_SD_SHARE * (left.value - left.low + right.value - right.low)
    both = Measurement(apart, "deg", apart - half, apart + half)
    chance = chance_beyond(both, limit.beyond) + 1 - chance_beyond(both, -limit.beyond)
    because = (
        f"left {left.value:.1f}°, right {right.value:.1f}°; a difference of up to "
        f"{limit.beyond:g}° may be chance"
    ).replace("-", "−")
    found = _judgement(seen, code, chance, because, limit)
    return _graded(found, abs(apart), limit)


_PART_OF = {
    JudgementCode.KNEE_VALGUS_LEFT: "knee_valgus",
    JudgementCode.KNEE_VALGUS_RIGHT: "knee_valgus",
    JudgementCode.TRUNK_LEAN: "trunk_lean",
    JudgementCode.PELVIC_DROP: "pelvic_drop",
    JudgementCode.SHIFT_AWAY: "shift_away",
    JudgementCode.HEEL_LIFT_LEFT: "heel_lift",
    JudgementCode.HEEL_LIFT_RIGHT: "heel_lift",
}


def score_squat(
    judgements: Iterable[Judgement], thresholds: SquatThresholds
) -> Score | None:
    """Score from low to high; what cannot be told is lost in ``low`` only.

    What the view does not show was not asked and costs nothing. None where it does
    not show the knees, which weigh most.
    """
    judged = [one for one in judgements if one.code in _PART_OF]
    if not any(_PART_OF[one.code] == "knee_valgus" for one in judged):
        return None
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
