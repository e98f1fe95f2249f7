"""What a report shows of each trial, in the order in which it is read.

Everything here is words and images of an ``Assessment``; nothing is computed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from balance.model.codes import Answer, FindingCode, JudgementCode, Severity, TrialKind
from balance.model.corrections import EventTarget, TrialField, parse_target
from balance.model.results import (
    Assessment,
    Finding,
    Judgement,
    Measurement,
    Measures,
    Overrule,
    Trial,
)
from balance.reporting.words import wording
from balance.reporting.words.measure_words import measure_words
from balance.reporting.words.wording import FormattedValue

# Which findings say why a measure is missing, by the beginning of its name.
_REASONS: Mapping[str, tuple[FindingCode, ...]] = {
    "sway": (
        FindingCode.TOO_SHORT_FOR_SWAY,
        FindingCode.SWAY_NOT_FRONTAL,
        FindingCode.BELOW_NOISE_FLOOR,
        FindingCode.SWAY_FROM_LANDMARKS,
        FindingCode.NO_TEXTURE,
        FindingCode.FRAME_RATE_TOO_LOW,
        FindingCode.CAMERA_MOVED,
        FindingCode.LOST_SIGHT,
        FindingCode.NO_SCALE,
    ),
    "pelvic_drop": (
        FindingCode.HIDDEN_BY_RAISED_THIGH,
        FindingCode.NOT_VISIBLE_FROM_THIS_VIEW,
    ),
    "hip_adduction": (
        FindingCode.HIDDEN_BY_RAISED_THIGH,
        FindingCode.NOT_VISIBLE_FROM_THIS_VIEW,
    ),
    "heel_lift": (FindingCode.HEEL_NOT_SEEN, FindingCode.NO_SCALE),
    "fppa_at_45": (FindingCode.CAMERA_TURNED,),
    "fppa_frontal_at_": (FindingCode.CAMERA_TURNED,),
    "": (
        FindingCode.NOT_VISIBLE_FROM_THIS_VIEW,
        FindingCode.CAMERA_TURNED,
        FindingCode.CLOTHES_HIDE_KNEE,
        FindingCode.LOST_SIGHT,
        FindingCode.NO_SCALE,
    ),
}
# The norms of a hold are the best of three.
_FAIR_TRIES = 3
# Why a measure may be missing that no finding is about.
_WITHOUT_FINDING = {
    "fppa_at_45": "not given: the knee did not bend to 45°, or did not show there",
    "fppa_frontal_at_": "not given: the knee did not bend or show so far",
}
# So many findings stand on the first page, the gravest.
SHOWN_FINDINGS = 5
SHOWN_LETTERS = 900
_SEVERITY_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
# Why a hold was not compared with the times of an age, or not fairly.
_NORM_FINDINGS = (
    FindingCode.EYES_UNKNOWN,
    FindingCode.AGE_UNKNOWN,
    FindingCode.OUTSIDE_NORM_AGES,
    FindingCode.ONE_TRY,
)
# What a reader of the table of repetitions looks at first.
_KEY_MEASURES = (
    "knee_flexion_deg",
    "fppa_frontal_left_deg",
    "fppa_frontal_right_deg",
    "knee_ankle_separation_ratio",
    "trunk_lean_deg",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A measure in words: ``said`` is None where ``reason`` tells why."""

    name: str
    plain: str
    term: str
    said: FormattedValue | None
    reason: str = ""
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class JudgementView:
    """A judgement in words."""

    question: str
    term: str
    answer: str
    word: str
    shape: str
    because: str
    time_s: float | None
    source: str | None


@dataclass(frozen=True, slots=True)
class RatingView:
    """The raters' list in words: how many faults were seen, and each item."""

    summary: str
    items: tuple[JudgementView, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding in words."""

    severity: str
    word: str
    shape: str
    text: str
    time_s: float | None


@dataclass(frozen=True, slots=True)
class NormComparison:
    """What is said of a hold beside the times of an age, with the sources."""

    lines: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """The result of one leg or one kind of set, as it stands on top."""

    key: str
    title: str
    side: str
    sentence: str
    number: FormattedValue | None
    count: int | None
    counted: str
    reason: str
    tries: tuple[FormattedValue, ...]
    answers: tuple[JudgementView, ...]
    ended: str
    band: str
    sway: FormattedValue | None


def cards(*assessments: Assessment) -> list[Card]:
    """Return one card for each leg and each kind of trial, the best try on it.

    Several recordings of one visit count together.
    """
    groups: dict[tuple[str, str], list[Trial]] = {}
    findings = [finding for one in assessments for finding in one.findings]
    for trial in (trial for one in assessments for trial in one.trials):
        key = (trial.kind.value, trial.side)
        # Every set is a result of its own; of holds the best counts.
        if wording.is_set(trial):
            key = (f"{trial.kind.value} {trial.start_s}", trial.side)
        groups.setdefault(key, []).append(trial)
    return [_card(group, findings) for group in groups.values()]


def _card(trials: list[Trial], findings: Iterable[Finding]) -> Card:
    best = max(trials, key=_hold_value)
    hold = best.measures.get("hold_s")
    is_set = wording.is_set(best)
    sway = best.measures.get("sway_ml_rms_mm")
    tries = [trial.measures.get("hold_s") for trial in trials]
    card = Card(
        key=f"{best.kind.value} {best.side}",
        title=wording.trial_title(best),
        side=best.side,
        sentence=wording.headline(best),
        number=wording.say_in(best, "hold_s", hold) if hold and not is_set else None,
        count=len(best.repetitions) if is_set else None,
        counted=wording.counted(best) if is_set else "",
        reason="" if hold or is_set else reason_for("hold_s", best, findings),
        tries=tuple(wording.say(each) for each in tries if each),
        answers=tuple(_top_answers(best)),
        ended=wording.end_words(best),
        band=best.norm.band if best.norm else "",
        sway=wording.say(sway) if sway else None,
    )
    errors = best.measures.get("errors")
    return card if errors is None else _with_errors(card, errors)


def _with_errors(card: Card, errors: Measurement) -> Card:
    """Return the card of a trial in which errors count, not seconds."""
    count = round(errors.value)
    return replace(
        card,
        sentence=card.title,
        number=None,
        count=count,
        counted="error" if count == 1 else "errors",
        reason="",
        tries=(),
        band="",
    )


def _hold_value(trial: Trial) -> float:
    hold = trial.measures.get("hold_s")
    return hold.value if hold else -1.0


def _top_answers(trial: Trial) -> list[JudgementView]:
    """Return the questions that belong on top: the age band, and the knees."""
    codes = {
        JudgementCode.HOLD_BELOW_AGE_BAND,
        JudgementCode.KNEE_VALGUS_LEFT,
        JudgementCode.KNEE_VALGUS_RIGHT,
    }
    return [answered(j) for j in trial.judgements if j.code in codes]


def answered(judgement: Judgement) -> JudgementView:
    """Return a judgement in words; its grade is part of a yes."""
    question, term = wording.JUDGEMENT_WORDS[judgement.code]
    grade = wording.GRADE_WORDS[judgement.grade] if judgement.grade else ""
    word = wording.answer_words(judgement)
    return JudgementView(
        question=question,
        term=term,
        answer=judgement.answer.value,
        word=f"{word}, {grade}" if grade else word,
        shape=wording.ANSWER_SHAPES[judgement.answer],
        because=judgement.because,
        time_s=judgement.time_s,
        source=judgement.source,
    )


def rated(trial: Trial) -> RatingView | None:
    """Return the raters' list of a set in words; None where it has none."""
    if not trial.ratings:
        return None
    items = []
    for rating in trial.ratings:
        question, term = wording.RATING_WORDS[rating.code]
        items.append(
            JudgementView(
                question=question,
                term=term,
                answer=rating.answer.value,
                word=wording.ANSWER_WORDS[rating.answer],
                shape=wording.ANSWER_SHAPES[rating.answer],
                because=rating.because,
                time_s=rating.time_s,
                source=rating.source,
            )
        )
    count = Counter(rating.answer for rating in trial.ratings)
    summary = (
        f"{count[Answer.YES]} of {len(items)} faults were seen, "
        f"{count[Answer.NO]} were not there, and {count[Answer.CANNOT_TELL]} cannot "
        "be told from this view."
    )
    return RatingView(summary, tuple(items))


def in_words(findings: Iterable[Finding]) -> list[FindingView]:
    """Return findings in words, each once, the most important first."""
    unique = dict.fromkeys(findings)
    ordered = sorted(unique, key=lambda finding: _SEVERITY_ORDER[finding.severity])
    seen: set[str] = set()
    rows = []
    for finding in ordered:
        if finding.text in seen:
            continue
        seen.add(finding.text)
        rows.append(
            FindingView(
                finding.severity.value,
                wording.SEVERITY_WORDS[finding.severity],
                wording.SEVERITY_SHAPES[finding.severity],
                finding.text,
                finding.time_s,
            )
        )
    return rows


def on_top(
    findings: Iterable[Finding], *, beside_norm: bool = False
) -> tuple[list[FindingView], list[FindingView]]:
    """Return what to read first, and the rest, which is among the details.

    ``beside_norm``: what is said of an age's times stands on the page already.
    """
    left_out = _NORM_FINDINGS if beside_norm else ()
    rows = in_words(f for f in findings if f.code not in left_out)
    letters = [len(row.text) for row in rows]
    shown = 1
    while shown < SHOWN_FINDINGS and sum(letters[: shown + 1]) <= SHOWN_LETTERS:
        shown += 1
    return rows[:shown], rows[shown:]


def all_findings(*assessments: Assessment) -> list[Finding]:
    """Return the findings of recordings and of every trial in them.

    That a single try is no fair comparison is left out where there were several.
    """
    trials = [trial for one in assessments for trial in one.trials]
    rows = [finding for one in assessments for finding in one.findings]
    rows += [finding for trial in trials for finding in trial.findings]
    sides = [t.side for t in trials if t.kind is TrialKind.SINGLE_LEG_STANCE]
    several = all(sides.count(side) >= _FAIR_TRIES for side in sides)
    return [one for one in rows if not (several and one.code is FindingCode.ONE_TRY)]


def compared_with_age(*assessments: Assessment) -> NormComparison | None:
    """Return what is said of stands beside an age's times; None without stands.

    A stand whose errors are counted has no time of its own.
    """
    trials = [trial for one in assessments for trial in one.trials]
    if not any(
        trial.kind is TrialKind.SINGLE_LEG_STANCE and "hold_s" in trial.measures
        for trial in trials
    ):
        return None
    norms = list(dict.fromkeys(trial.norm for trial in trials if trial.norm))
    lines = [norm.band for norm in norms]
    lines += [
        finding.text
        for finding in all_findings(*assessments)
        if finding.code in _NORM_FINDINGS
    ]
    if not lines:
        lines = ["There is no norm for this test under this protocol."]
    sources = tuple(dict.fromkeys(norm.source for norm in norms))
    return NormComparison(tuple(dict.fromkeys(lines)), sources)


def corrections(trial: Trial) -> list[str]:
    """Return what was corrected by hand, each as one line."""
    return [
        f"{wording.correction_words(note.what)}: was {_was(note)}; "
        f"corrected by {note.by}, {note.at[:16].replace('T', ' ')}"
        for note in trial.overruled
    ]


def _was(note: Overrule) -> str:
    target = parse_target(note.what)
    if isinstance(target, EventTarget):
        return "counted"
    in_seconds = target in (TrialField.START, TrialField.END)
    return f"{float(note.was):.2f} s" if in_seconds else note.was.replace("_", " ")


def measure_rows(
    measures: Measures, trial: Trial, findings: Iterable[Finding]
) -> list[Row]:
    """Return every measure in words; one that could not be had, with the reason."""
    general = list(findings)
    return [_row(name, value, trial, general) for name, value in measures.items()]


def _row(
    name: str, value: Measurement | None, trial: Trial, findings: list[Finding]
) -> Row:
    plain, term = measure_words(name)
    if value is None:
        return Row(name, plain, term, None, reason_for(name, trial, findings))
    return Row(name, plain, term, wording.say_in(trial, name, value), at_s=value.at_s)


def reason_for(name: str, trial: Trial, findings: Iterable[Finding]) -> str:
    """Return the sentence that says why a measure is missing."""
    known = [*trial.findings, *findings]
    stem = next((stem for stem in _REASONS if stem and name.startswith(stem)), "")
    for code in _REASONS[stem]:
        for finding in known:
            if finding.code is code:
                return finding.text
    if stem in _WITHOUT_FINDING:
        return _WITHOUT_FINDING[stem]
    if known:
        return "not given: see the notes on this recording"
    return "not given: it could not be measured in this recording"


def key_measures(trial: Trial) -> list[str]:
    """Return the measures for the columns of the table of repetitions."""
    given = [name for rep in trial.repetitions for name in rep.measures]
    return [name for name in _KEY_MEASURES if name in given]
