"""What the pages ask: who there is, one person's trends, one visit.

Reads only; each page is a few queries, whatever the number of trials.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, or_, select

from balance.history import schema
from balance.history.people import PersonRecord, get_person, need_person, person_of_row
from balance.history.recordings import StoredRecording, load_recordings
from balance.history.self_reports import SelfReport, load_self_reports
from balance.history.store import Store
from balance.history.trends.change import DetectableChange, Series
from balance.history.trends.change_reference import load_change_rule, published_change
from balance.history.trends.sides import (
    SideDifference,
    compare_sides,
    compare_sides_over_visits,
)
from balance.history.trends.trend import (
    Reading,
    Statistic,
    Trend,
    TrialValue,
    VisitValue,
    find_trend,
    visit_value,
)
from balance.model.codes import EndReason, TrialKind

# What is followed from visit to visit: (kind, measure) and what stands for a visit.
FOLLOWED = {
    (TrialKind.SINGLE_LEG_STANCE, "hold_s"): Statistic.BEST,
    (TrialKind.TANDEM_STANCE, "hold_s"): Statistic.BEST,
    (TrialKind.SINGLE_LEG_STANCE, "sway_ml_rms_mm"): Statistic.MEAN,
    (TrialKind.SQUAT_SET, "fppa_frontal_left_deg_mean"): Statistic.MEAN,
    (TrialKind.SQUAT_SET, "fppa_frontal_right_deg_mean"): Statistic.MEAN,
    (TrialKind.SINGLE_LEG_SQUAT_SET, "fppa_frontal_left_deg_mean"): Statistic.MEAN,
    (TrialKind.SINGLE_LEG_SQUAT_SET, "fppa_frontal_right_deg_mean"): Statistic.MEAN,
}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in the list of people.

    ``last_holds``: the best seconds of the last visit on each leg ("left", "right"),
    and whether they were at least so many.
    """

    person: PersonRecord
    visits: int
    last_visit: date | None
    last_holds: dict[str, tuple[float, bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What one trend is about; trends of other conditions are other trends."""

    kind: TrialKind
    side: str
    protocol: str
    eyes: str
    footwear: str
    surface: str
    measure: str

    @property
    def about_hold(self) -> bool:
        """Whether this is a time to hold."""
        return self.measure == "hold_s"


@dataclass(frozen=True, eq=False)
class PersonPage:
    """A person's page: trends by question, left against right, self-reports.

    ``sides`` holds, for each question with both legs, the comparison over all visits
    that did both; its key is the left leg's question.
    """

    person: PersonRecord
    visit_days: tuple[date, ...]
    trends: dict[Question, Trend]
    sides: dict[Question, SideDifference]
    self_reports: tuple[SelfReport, ...]


@dataclass(frozen=True, eq=False)
class VisitPage:
    """A visit's page: its results whole, its values and left against right."""

    person: PersonRecord
    on: date
    recordings: tuple[StoredRecording, ...]
    values: dict[Question, VisitValue]
    sides: dict[Question, SideDifference]
    # The trends up to and including this visit.
    trends: dict[Question, Trend]


def people_page(store: Store) -> list[PersonLine]:
    """Everybody with the number of visits and the last one, by code."""
    visit, person = schema.visit, schema.person
    query = (
        select(person, func.count(visit.c.id).label("visits"),
               func.max(visit.c.on_day).label("last"))
        .outerjoin(visit, visit.c.person_id == person.c.id)
        .group_by(person.c.id)
        .order_by(person.c.code_key)
    )  # fmt: skip
    with store.read() as connection:
        rows = connection.execute(query).mappings().all()
        holds = _last_holds(connection)
    return [
        PersonLine(
            person_of_row(row),
            row["visits"],
            _day(row["last"]),
            holds.get(row["id"], {}),
        )
        for row in rows
    ]


def _last_holds(connection: Connection) -> dict[str, dict[str, tuple[float, bool]]]:
    """Return the best holds on one leg at everybody's last visit, by person and leg."""
    visit, recording = schema.visit, schema.recording
    trial, measure = schema.trial, schema.measure
    last = (
        select(visit.c.person_id, func.max(visit.c.on_day).label("on_day"))
        .group_by(visit.c.person_id)
        .subquery()
    )
    query = (
        select(visit.c.person_id, trial.c.side, measure.c.value, measure.c.censored)
        .join(last, (last.c.person_id == visit.c.person_id)
              & (last.c.on_day == visit.c.on_day))
        .join(recording, recording.c.visit_id == visit.c.id)
        .join(trial, trial.c.recording_id == recording.c.id)
        .join(measure, measure.c.trial_id == trial.c.id)
        .where(trial.c.kind == TrialKind.SINGLE_LEG_STANCE.value)
        .where(measure.c.name == "hold_s", measure.c.repetition == 0)
        .where(measure.c.value.is_not(None))
        .order_by(measure.c.value)
    )  # fmt: skip
    best: dict[str, dict[str, tuple[float, bool]]] = {}
    for person, side, value, censored in connection.execute(query):
        best.setdefault(person, {})[side] = float(value), bool(censored)
    return best


def person_page(store: Store, code: str, until: date | None = None) -> PersonPage:
    """Everything about one person but the results themselves."""
    with store.read() as connection:
        key = need_person(connection, code)
        rows = _followed_rows(connection, key, until)
        days = connection.execute(
            select(schema.visit.c.on_day)
            .where(schema.visit.c.person_id == key)
            .order_by(schema.visit.c.on_day)
        ).scalars()
        visit_days = tuple(date.fromisoformat(day) for day in days)
    tries, ages, units = _tries(rows)
    trends = _trends(tries, ages, units)
    return PersonPage(
        get_person(store, code),
        visit_days,
        trends,
        _sides_over_visits(trends),
        tuple(load_self_reports(store, code)),
    )


def visit_page(store: Store, code: str, on: date) -> VisitPage:
    """One visit, with the trends as they stood on that day."""
    page = person_page(store, code, until=on)
    values = {
        question: trend.visits[-1]
        for question, trend in page.trends.items()
        if trend.visits[-1].on == on
    }
    recordings = tuple(load_recordings(store, code, on))
    trends = {question: page.trends[question] for question in values}
    sides = _sides_of_visit(values, trends)
    return VisitPage(page.person, on, recordings, values, sides, trends)


def _followed_rows(
    connection: Connection, person: str, until: date | None
) -> Sequence[tuple[Any, ...]]:
    """Rows of day, the columns of a question, age, end, value, unit and cap."""
    visit, recording = schema.visit, schema.recording
    trial, measure = schema.trial, schema.measure
    followed = [
        (trial.c.kind == kind.value) & (measure.c.name == name)
        for kind, name in FOLLOWED
    ]
    # The names alone, too: by them the index of the measures is entered.
    names = {name for _, name in FOLLOWED}
    query = (
        select(
            visit.c.on_day, trial.c.kind, trial.c.side, recording.c.protocol,
            recording.c.eyes, recording.c.footwear, recording.c.surface,
            measure.c.name, recording.c.age_years, trial.c.end_reason,
            measure.c.value, measure.c.unit, measure.c.censored,
        )
        .join(recording, recording.c.visit_id == visit.c.id)
        .join(trial, trial.c.recording_id == recording.c.id)
        .join(measure, measure.c.trial_id == trial.c.id)
        .where(visit.c.person_id == person, measure.c.repetition == 0)
        .where(measure.c.name.in_(sorted(names)))
        .where(measure.c.value.is_not(None), or_(*followed))
        .order_by(visit.c.on_day, recording.c.saved_at, trial.c.position)
    )  # fmt: skip
    if until is not None:
        query = query.where(visit.c.on_day <= until.isoformat())
    return [tuple(row) for row in connection.execute(query)]


Tries = dict[Question, dict[date, list[TrialValue]]]


def _tries(
    rows: Iterable[tuple[Any, ...]],
) -> tuple[Tries, dict[Question, float | None], dict[Question, str]]:
    """Sort the rows into questions and days; note the newest age and the unit."""
    by_text: dict[tuple[Any, ...], dict[str, list[TrialValue]]] = {}
    last: dict[tuple[Any, ...], tuple[float | None, str]] = {}
    for day, *asked, age, ended, value, unit, censored in rows:
        key = tuple(asked)
        at_cap = bool(censored) and ended == EndReason.TIME_CAP
        one = TrialValue(float(value), bool(censored), at_cap)
        by_text.setdefault(key, {}).setdefault(day, []).append(one)
        last[key] = age, unit or ""
    tries = {
        _question(key): {date.fromisoformat(day): found for day, found in days.items()}
        for key, days in by_text.items()
    }
    ages = {_question(key): age for key, (age, _) in last.items()}
    units = {_question(key): unit for key, (_, unit) in last.items()}
    return tries, ages, units


def _question(asked: tuple[Any, ...]) -> Question:
    kind, *others = asked
    return Question(TrialKind(kind), *others)


def _trends(
    tries: Tries, ages: dict[Question, float | None], units: dict[Question, str]
) -> dict[Question, Trend]:
    rule = load_change_rule()
    trends: dict[Question, Trend] = {}
    for question, days in tries.items():
        visits = [visit_value(day, found) for day, found in days.items()]
        statistic = FOLLOWED[question.kind, question.measure]
        reading = Reading(question.measure, units[question], statistic)
        published = published_change(
            _published_name(question.measure),
            question.kind,
            ages[question],
            question.eyes,
        )
        followed = _shares(question, tries)
        trends[question] = find_trend(visits, rule, published, reading, followed)
    return dict(sorted(trends.items(), key=_order))


def _shares(question: Question, tries: Tries) -> int:
    """Into how many the allowance of false alarms is cut.

    Times to hold are what people come for: they share one half of it, everything
    else the other, so that a new measure does not make them blind.
    """
    alike = [one for one in tries if one.about_hold == question.about_hold]
    return len(alike) * (1 if len(alike) == len(tries) else 2)


def _order(item: tuple[Question, Trend]) -> tuple[Any, ...]:
    kinds = list(FOLLOWED)
    question = item[0]
    rank = kinds.index((question.kind, question.measure))
    return (rank, question.protocol, question.eyes, question.side)


def _published_name(measure: str) -> str:
    """Leg and mean of repetitions do not change what a published figure is about."""
    for part in ("_left", "_right"):
        measure = measure.replace(part, "")
    return measure.removesuffix("_mean")


def _pairs(questions: Collection[Question]) -> list[tuple[Question, Question]]:
    """Questions about the left leg, each with the same of the right."""
    known = set(questions)
    lefts = [question for question in questions if question.side == "left"]
    pairs = [(left, replace(left, side="right")) for left in lefts]
    return [(left, right) for left, right in pairs if right in known]


def _sides_over_visits(trends: dict[Question, Trend]) -> dict[Question, SideDifference]:
    found = {}
    for left, right in _pairs(trends):
        lefts = {visit.on: visit for visit in trends[left].visits}
        rights = {visit.on: visit for visit in trends[right].visits}
        both = sorted(set(lefts) & set(rights))
        difference = compare_sides_over_visits(
            _bests([lefts[day] for day in both]),
            _bests([rights[day] for day in both]),
            trends[left].reading.unit,
        )
        if difference is not None:
            found[left] = difference
    return found


def _sides_of_visit(
    values: dict[Question, VisitValue], trends: dict[Question, Trend]
) -> dict[Question, SideDifference]:
    found = {}
    for left, right in _pairs(values):
        detectable: DetectableChange = trends[left].detectable
        difference = compare_sides(
            _as_series(values[left].tries),
            _as_series(values[right].tries),
            trends[left].reading.unit,
            detectable,
        )
        if difference is not None:
            found[left] = difference
    return found


def _as_series(tries: Iterable[TrialValue]) -> Series:
    tries = list(tries)
    return Series(
        np.array([one.value for one in tries], float),
        np.array([one.censored for one in tries], bool),
    )


def _bests(visits: Iterable[VisitValue]) -> Series:
    visits = list(visits)
    return Series(
        np.array([visit.best for visit in visits], float),
        np.array([visit.best_censored for visit in visits], bool),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
