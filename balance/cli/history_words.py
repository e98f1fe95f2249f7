"""A person's page and a visit's page as lines for a terminal."""

from collections.abc import Iterator, Mapping
from datetime import date

from balance.history import Store
from balance.history.pages import Question, person_page, visit_page
from balance.history.trends.sides import SideDifference
from balance.history.trends.trend import Trend, VisitValue, shown
from balance.reporting.words import wording
from balance.reporting.words.measure_words import measure_words


def say_person(store: Store, code: str) -> Iterator[str]:
    """Trends, left against right, and the last self-report."""
    page = person_page(store, code)
    visits = wording.counted_of(len(page.visit_days), "visit")
    yield f"{page.person.code}: {visits}"
    for question, trend in page.trends.items():
        yield from _trend(question, trend)
    yield from _sides(page.sides)
    if page.self_reports:
        latest = page.self_reports[-1]
        yield (
            f"Reported on {latest.on}: fatigue {_answer(latest.fatigue)}, pain "
            f"{_answer(latest.pain)}, training {_answer(latest.training_minutes)} min"
        )


def say_visit(store: Store, code: str, on: date) -> Iterator[str]:
    """Results of one day, with the keys by which they can be corrected."""
    page = visit_page(store, code, on)
    yield f"{page.person.code} on {on}: {len(page.recordings)} recordings"
    for question, value in page.values.items():
        yield f"{_title(question)}: {_value(question, page.trends[question], value)}"
    yield from _sides(page.sides)
    for kept in page.recordings:
        yield f"Recording {kept.key} ({kept.assessment.source.name})"
        for number, trial in enumerate(kept.assessment.trials, start=1):
            mark = ", corrected" if trial.overruled else ""
            words = f"{wording.trial_title(trial)}: {wording.end_words(trial)}"
            yield f"  {number}. {words}{mark}"


def _trend(question: Question, trend: Trend) -> Iterator[str]:
    yield f"{_title(question)} (eyes {question.eyes}, {question.protocol})"
    for visit in trend.visits[-5:]:
        yield f"  {visit.on}  {_value(question, trend, visit)}"
    yield f"  {trend.text}"


def _value(question: Question, trend: Trend, visit: VisitValue) -> str:
    unit = trend.reading.unit
    mean = shown(visit.mean, unit, visit.mean_censored)
    if not question.about_hold:
        return mean
    best = shown(visit.best, unit, visit.best_censored)
    return f"best {best}, mean {mean} of {len(visit.tries)}"


def _sides(sides: Mapping[Question, SideDifference]) -> Iterator[str]:
    for question, difference in sides.items():
        words = measure_words(question.measure)[0]
        yield f"Left and right, {words.lower()}: {difference.text}"


def _title(question: Question) -> str:
    title = wording.kind_title(question.kind, question.side)
    if question.about_hold:
        return title
    return f"{title}: {measure_words(question.measure)[0].lower()}"


def _answer(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
