"""A person's visits in one test: best and mean of three, and real change or luck.

One trend is one leg, one test, one protocol and one measure. A visit is a day: what
was done later the same day belongs to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

import numpy as np

from balance.history.trends.change import (
    Change,
    ChangeRule,
    DetectableChange,
    PublishedChange,
    Series,
    detectable_change,
    find_changes,
    share_limit,
)

TRIES_PER_VISIT = 3


class TrendAnswer(StrEnum):
    """What the visits say."""

    REAL_CHANGE = "real_change"
    NO_CHANGE_DETECTED = "no_change_detected"
    CANNOT_TELL = "cannot_tell"


class Statistic(StrEnum):
    """What stands for a visit: its best try, or the mean of its tries."""

    BEST = "best"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is followed: the measure, its unit, and what stands for a visit."""

    measure: str = "hold_s"
    unit: str = "s"
    statistic: Statistic = Statistic.BEST


@dataclass(frozen=True, slots=True)
class TrialValue:
    """One trial. ``censored``: the true value is at least this.

    ``at_cap``: censored because the cap was reached, which is a full try; any other
    censored one (lost sight, end of the video) was not seen to its end.
    """

    value: float
    censored: bool = False
    at_cap: bool = False


@dataclass(frozen=True, slots=True)
class VisitValue:
    """What one visit says of one leg in one test; censored is shown as "≥"."""

    on: date
    best: float
    best_censored: bool
    mean: float
    mean_censored: bool
    tries: tuple[TrialValue, ...]


@dataclass(frozen=True, eq=False)
class Trend:
    """Visits in order, the changes called on the way, and the answer in words.

    ``level`` is the mean of the visits since the last change (or since the first
    visit), ``since`` the index of the first of them.
    """

    reading: "Reading"
    visits: tuple[VisitValue, ...]
    changes: tuple[Change, ...]
    detectable: DetectableChange
    answer: TrendAnswer
    text: str
    level: float | None
    level_censored: bool
    since: int


def visit_value(on: date, tries: Sequence[TrialValue]) -> VisitValue:
    """Best and mean of the first three trials.

    A trial not seen to its end counts only when it is the longest, or the only kind
    there is: it would pull the mean down by what the camera missed.
    """
    tries = tuple(tries)[:TRIES_PER_VISIT]
    if not tries:
        raise ValueError("a visit needs at least one trial")
    best = max(tries, key=lambda one: (one.value, one.censored))
    full = [one for one in tries if not one.censored or one.at_cap] or list(tries)
    return VisitValue(
        on,
        best.value,
        best.censored,
        fmean(one.value for one in full),
        any(one.censored for one in full),
        tries,
    )


def find_trend(
    visits: Sequence[VisitValue],
    rule: ChangeRule,
    published: PublishedChange | None,
    reading: Reading,
    followed: int = 2,
) -> Trend:
    """Say of visits in order of time whether anything really changed.

    ``followed`` is the number of series of this person that are looked at (two legs
    in one test: 2), among which the allowance of false alarms is shared.
    """
    visits = tuple(sorted(visits, key=lambda visit: visit.on))
    series = as_series(visits, reading.statistic)
    shared = share_limit(rule, followed, _most_visits_in_a_year(visits))
    changes = tuple(find_changes(series, shared, published))
    since = changes[-1].first if changes else 0
    detectable = _learned(series, changes, rule, published)
    now = series.part(since, len(series))
    trend = Trend(
        reading,
        visits,
        changes,
        detectable,
        TrendAnswer.CANNOT_TELL,
        "",
        float(now.value.mean()) if len(now) else None,
        bool(now.censored.any()),
        since,
    )
    answer = _answer(trend)
    return replace(trend, answer=answer, text=describe(replace(trend, answer=answer)))


def as_series(visits: Sequence[VisitValue], statistic: Statistic) -> Series:
    """Return the visits' values as arrays."""
    best = statistic is Statistic.BEST
    return Series(
        np.array([v.best if best else v.mean for v in visits], float),
        np.array([v.best_censored if best else v.mean_censored for v in visits], bool),
    )


def shown(value: float, unit: str, censored: bool = False) -> str:
    """Return a value for people: one decimal, "≥" where it was cut off."""
    number = f"{value:.1f}".removesuffix(".0")
    space = "" if unit in ("%", "°") else " "
    return f"{'≥ ' if censored else ''}{number}{space}{unit}"


def describe(trend: Trend) -> str:
    """Return the answer in one or two sentences."""
    if not trend.visits:
        return "No visit yet."
    if trend.answer is TrendAnswer.REAL_CHANGE:
        return _describe_change(trend, trend.changes[-1])
    if trend.answer is TrendAnswer.CANNOT_TELL:
        return _describe_doubt(trend)
    value = trend.detectable.value
    assert value is not None
    return (
        "No change that can be told from luck: between two visits, less than "
        f"{shown(value, trend.reading.unit)} is luck ({_basis(trend.detectable)})."
    )


def _answer(trend: Trend) -> TrendAnswer:
    if trend.changes:
        return TrendAnswer.REAL_CHANGE
    if len(trend.visits) < 2 or trend.detectable.value is None:
        return TrendAnswer.CANNOT_TELL
    series = as_series(trend.visits, trend.reading.statistic)
    # All at the cap: nothing above it can be seen, so "no change" would be a guess.
    return (
        TrendAnswer.CANNOT_TELL
        if series.censored.all()
        else TrendAnswer.NO_CHANGE_DETECTED
    )


def _describe_change(trend: Trend, change: Change) -> str:
    size = f"{change.size:+.1f} {trend.reading.unit}"
    if change.low is not None and change.high is not None:
        size += f", 95 % interval {change.low:+.1f} to {change.high:+.1f}"
    elif change.low is not None:
        size = f"at least {change.low:+.1f} {trend.reading.unit}"
    elif change.high is not None:
        size = f"at most {change.high:+.1f} {trend.reading.unit}"
    first = trend.visits[change.first].on.isoformat()
    value = change.detectable.value
    assert value is not None
    luck = shown(value, trend.reading.unit)
    return (
        f"Real change since {first}: {size}. It is larger than the {luck} "
        f"that luck explains ({_basis(change.detectable)})."
    )


def _describe_doubt(trend: Trend) -> str:
    if len(trend.visits) < 2:
        return "One visit tells a level, not a change."
    if as_series(trend.visits, trend.reading.statistic).censored.all():
        return "Every visit reached the end of the measurement; more cannot be seen."
    return (
        "Whether this is change or luck cannot be told yet: nothing is published for "
        f"this test and age, and {trend.detectable.source}."
    )


def _basis(detectable: DetectableChange) -> str:
    if detectable.basis == "own":
        return f"learned from {detectable.source}"
    return f"published: {detectable.source}"


def _learned(
    series: Series,
    changes: Sequence[Change],
    rule: ChangeRule,
    published: PublishedChange | None,
) -> DetectableChange:
    """Learn the scatter from all visits, each about the level of its own time."""
    edges = [0, *(change.first for change in changes), len(series)]
    parts = [series.part(a, b) for a, b in pairwise(edges)]
    return detectable_change(parts, rule, published)


def _most_visits_in_a_year(visits: Sequence[VisitValue]) -> int:
    days = np.array([visit.on.toordinal() for visit in visits], int)
    after = np.searchsorted(days, days + 365, side="left")
    return int((after - np.arange(len(days))).max(initial=0))
