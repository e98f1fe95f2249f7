"""From numbers to what they mean: norm band, judgement of the hold, score."""

from dataclasses import replace

from balance.analysis.judging.scoring_squat import answer_of, chance_beyond
from balance.model.codes import (
    Answer,
    EventCode,
    FindingCode,
    Grade,
    JudgementCode,
    Severity,
)
from balance.model.results import (
    Conditions,
    Event,
    Finding,
    Judgement,
    LostPoint,
    Measurement,
    Norm,
    Person,
    Score,
)
from balance.reference.norms import HoldNorm, find_hold_band, find_hold_norms
from balance.reference.thresholds import Norms, Part

ADULT = 18


def hold_norm(
    norms: Norms, person: Person, conditions: Conditions
) -> tuple[Norm | None, Finding | None]:
    """Norm of a single-leg hold, or the reason why there is none."""
    if conditions.eyes not in ("open", "closed"):
        return None, Finding(
            FindingCode.EYES_UNKNOWN,
            Severity.INFO,
            "Not compared with people of the same age: were the eyes open? "
            "Say whether they were (eyes: open or closed).",
        )
    if person.age_years is None:
        return None, Finding(
            FindingCode.AGE_UNKNOWN,
            Severity.INFO,
            "Not compared with people of the same age: the age was not given.",
        )
    rows = find_hold_norms(norms.hold, person.age_years, conditions.eyes, person.sex)
    if person.age_years < ADULT or not rows:
        return None, Finding(
            FindingCode.OUTSIDE_NORM_AGES,
            Severity.INFO,
            f"Not compared: there are no norms for the age of {person.age_years:.0f}.",
        )
    return _norm_of(rows, person, conditions.eyes), None


def _norm_of(rows: tuple[HoldNorm, ...], person: Person, eyes: str) -> Norm:
    """One norm from the best fitting rows; a span where only both sexes exist."""
    first = rows[0]
    seconds = [first.typical_s]
    if first.sex not in ("all", person.sex):
        seconds = sorted({row.typical_s for row in rows})
    words = " to ".join(f"{value:.1f}" for value in seconds)
    cap = "" if first.cap_s is None else f", stopped at {first.cap_s:.0f} s"
    return Norm(
        band=(
            f"{first.ages[0]}–{first.ages[1]} years, eyes {eyes}: typically {words} s "
            f"({first.statistic}{cap})"
        ),
        cap_s=first.cap_s,
        source=first.source,
        typical_s=seconds[0],
        ages=first.ages,
        eyes=eyes,
    )


def judge_hold(
    norms: Norms, person: Person, conditions: Conditions, hold: Measurement
) -> Judgement | None:
    """Whether a hold lies below the lowest band that was published for the age.

    None below the age for which bands exist. A censored hold below a band cannot be
    told, since the true one may be above.
    """
    if person.age_years is None or conditions.eyes != "open":
        return None
    bands = [band for band in norms.bands if person.age_years >= band.age_from]
    if not bands:
        return None
    limit_s = max(band.below_s for band in bands)
    sources = "; ".join(dict.fromkeys(band.source for band in bands))
    code = JudgementCode.HOLD_BELOW_AGE_BAND
    if hold.censored and hold.value < limit_s:
        because = (
            f"at least {hold.value:.1f} s were seen; whether it would have been "
            f"{limit_s:.0f} s cannot be told"
        )
        return Judgement(code, Answer.CANNOT_TELL, None, because, source=sources)
    chance = 0.0 if hold.censored else 1 - chance_beyond(hold, limit_s)
    found = Judgement(
        code, answer_of(chance), Grade.NONE, "", source=sources, chance=chance
    )
    if found.answer is Answer.NO:
        because = f"held {hold.value:.1f} s, the band ends at {limit_s:.0f} s"
        return replace(found, because=because)
    if found.answer is Answer.CANNOT_TELL:
        because = f"{hold.value:.1f} s is within the timing error of {limit_s:.0f} s"
        return replace(found, grade=None, because=because)
    band = find_hold_band(norms.bands, person.age_years, "open", hold.value)
    lowest = band is not None and band.from_s <= 0
    because = band.text if band else f"held {hold.value:.1f} s"
    grade = Grade.MARKED if lowest else Grade.DRIFT
    return replace(found, grade=grade, because=because)


def score_stance(
    norms: Norms,
    norm: Norm | None,
    hold: Measurement,
    lean: Measurement | None,
    events: tuple[Event, ...],
) -> Score | None:
    """Score from low to high; what cannot be told is a lost point only in ``low``."""
    if not norms.parts:
        return None
    losses = [
        _hold_loss(norms, norms.parts["hold"], norm, hold),
        _lean_loss(norms.parts["trunk_lean"], lean),
        _error_loss(norms.parts["errors"], events),
    ]
    least = sum(loss[0] for loss in losses)
    most = sum(loss[1] for loss in losses)
    reasons = tuple(
        LostPoint(code, round(high, 1), because, source)
        for _, high, code, because, source in losses
        if high > 0.05
    )
    out_of = norms.out_of
    return Score(round(out_of - most), round(out_of - least), out_of, reasons)


_Loss = tuple[float, float, str, str, str]


def _hold_loss(norms: Norms, part: Part, norm: Norm | None, hold: Measurement) -> _Loss:
    """Points lost by a short hold, against the norm or any norm there is."""
    cap = part.limits["reference_s"]
    if norm is not None and norm.typical_s is not None:
        easy = hard = norm.typical_s
        against = f"people of this age typically hold {norm.typical_s:.1f} s"
        source = norm.source
    else:
        easy = min((row.typical_s for row in norms.hold), default=cap)
        hard = cap
        against = "age or eyes are not known, so the reference is not either"
        source = part.source
    longest = hard if hold.high is None else hold.high
    most = part.points * (1 - min((hold.low or 0.0) / hard, 1.0))
    least = part.points * (1 - min(longest / easy, 1.0))
    sign = "at least " if hold.censored else ""
    because = f"held {sign}{hold.value:.1f} s; {against}"
    return min(least, most), most, "hold", because, source


def _lean_loss(part: Part, lean: Measurement | None) -> _Loss:
    if lean is None or lean.low is None or lean.high is None:
        because = "the trunk was not seen well enough"
        return 0.0, part.points, "trunk_lean", because, part.source
    free, full = part.limits["free_deg"], part.limits["full_deg"]

    def lost(degrees: float) -> float:
        share = (abs(degrees) - free) / (full - free)
        return part.points * min(max(share, 0.0), 1.0)

    ends = (lost(lean.low), lost(lean.high), lost(lean.value))
    side = "towards" if lean.value >= 0 else "away from"
    because = f"the trunk leaned {abs(lean.value):.0f}° {side} the stance leg"
    return min(ends), max(ends), "trunk_lean", because, part.source


def _error_loss(part: Part, events: tuple[Event, ...]) -> _Loss:
    """Errors that were seen; one more may lie where the camera cannot see."""
    notes = (EventCode.TOUCHDOWN, EventCode.TRUNK_LEAN_PEAK)
    count = sum(event.code not in notes for event in events)
    # A touch of the legs cannot be told from a foot in front of or behind the leg.
    doubtful = sum(event.code is EventCode.LEGS_TOUCHING for event in events)
    least = min(part.points, (count - doubtful) * part.limits["each"])
    most = min(part.points, (count + 1) * part.limits["each"])
    seen = "1 error" if count == 1 else f"{count} errors"
    because = f"{seen} seen; eyes and hidden hands cannot be watched"
    return least, most, "errors", because, part.source
