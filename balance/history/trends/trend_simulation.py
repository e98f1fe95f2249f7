"""How often the rule of change is wrong and how soon it is right, by simulation.

People with a known level and scatter do three trials a visit on either leg, cut at the
cap. In half of the questions nothing changes, in the others one leg does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balance.history.trends.change import (
    Change,
    PublishedChange,
    Series,
    chance_of_order,
    find_changes,
    share_limit,
)
from balance.history.trends.change_reference import load_change_rule, published_change

FloatArray = NDArray[np.float64]

CAP_S = 45.0
TRIES = 3
LEGS = 2
YEAR = 50
# Scatter of the largest of three normal values, in units of theirs.
BEST_OF_THREE_SD = 0.748


@dataclass(frozen=True, slots=True)
class Scatter:
    """Within-person scatter: of the single try, or of the visit as a whole."""

    sd_s: float
    of: str

    @property
    def visit_sd_s(self) -> float:
        """Standard deviation of a visit's best of three, nothing cut off."""
        return self.sd_s * BEST_OF_THREE_SD if self.of == "try" else self.sd_s

    def best_of_three(
        self, level_s: FloatArray, visits: int, rng: np.random.Generator
    ) -> FloatArray:
        """(people, visits) best of three, between 0 and the cap.

        ``level_s`` (people, visits) or (people, 1) is the level of the best.
        """
        people = len(level_s)
        if self.of == "visit":
            best = level_s + rng.normal(0, self.sd_s, (people, visits))
        else:
            # The expected largest of three lies 0.846 SD above the single try.
            tries = rng.normal(-0.846, 1.0, (people, visits, TRIES)) * self.sd_s
            best = level_s + tries.max(axis=2)
        return np.clip(best, 0.0, CAP_S)


SCATTERS = tuple(Scatter(sd, of) for sd in (3.0, 8.7) for of in ("try", "visit"))


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose visits are simulated, and whether a published figure covers them."""

    scatter: Scatter
    known: str
    figure: PublishedChange | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, the share in per cent of people."""

    setting: Setting
    question: str
    share_pct: float


def simulate(people: int = 1000, seed: int = 20261120) -> list[Row]:
    """Return the whole table; the same seed gives the same table."""
    old = published_change("hold_s", "single_leg_stance", 70, "open")
    rows: list[Row] = []
    for number, scatter in enumerate(SCATTERS):
        for known, figure in (("60 and older", old), ("younger", None)):
            rng = np.random.default_rng([seed, number, figure is None])
            setting = Setting(scatter, known, figure)
            rows += _false_alarms(setting, people, rng)
            rows += _power(setting, people, rng)
    return rows


def _false_alarms(
    setting: Setting, people: int, rng: np.random.Generator
) -> Iterator[Row]:
    """Let nothing change, at levels from 3 s to far above the cap."""
    called = np.zeros((people, 2), bool)
    for person in range(people):
        level = np.full((LEGS, 1), rng.uniform(3.0, 60.0))
        for values in setting.scatter.best_of_three(level, 2 * YEAR, rng):
            for change in _changes(values, setting.figure):
                called[person, change.called_at // YEAR] = True
    for year in range(2):
        share = 100 * float(called[:, year].mean())
        yield Row(setting, f"false change in year {year + 1}", share)


def _power(setting: Setting, people: int, rng: np.random.Generator) -> Iterator[Row]:
    """Change one leg for good by 1.5 detectable changes: count who is told."""
    own = 1.96 * np.sqrt(2) * setting.scatter.visit_sd_s
    cases = [("own", own, visits) for visits in (12, 25, 40)]
    if setting.figure is not None:
        cases.insert(0, ("published", max(own, setting.figure.value), 4))
    for basis, detectable, visits_before in cases:
        called = [
            _is_called(setting, 1.5 * detectable, visits_before, rng)
            for _ in range(people)
        ]
        question = f"change after {visits_before} visits, 1.5 x {basis} MDC"
        yield Row(setting, question, 100 * float(np.mean(called)))


def _is_called(
    setting: Setting, size_s: float, visits_before: int, rng: np.random.Generator
) -> bool:
    """Simulate one leg, up or down by chance; is it called in its six visits."""
    low = rng.uniform(2.0, max(2.0, CAP_S - size_s - 2.0))
    sign = 1 if rng.random() < 0.5 else -1
    levels = np.full((1, visits_before + 6), low + size_s if sign > 0 else low)
    levels[:, :visits_before] = low if sign > 0 else low + size_s
    values = setting.scatter.best_of_three(levels, visits_before + 6, rng)[0]
    return any(
        change.called_at >= visits_before and sign * change.size > 0
        for change in _changes(values, setting.figure)
    )


def _changes(values: FloatArray, figure: PublishedChange | None) -> list[Change]:
    rule = share_limit(load_change_rule(), LEGS, YEAR)
    return find_changes(Series(values, values >= CAP_S), rule, figure)


def calibrate(people: int = 40_000, seed: int = 1) -> float:
    """Chance of order that a share ``false_per_year`` of people fall below by luck.

    One series of 50 visits after 100 before it; nothing changes. Only ranks matter,
    so uniform values stand for any distribution.
    """
    rule, rng = load_change_rule(), np.random.default_rng(seed)
    lowest = np.ones(people)
    for person in range(people):
        values = Series(rng.random(3 * YEAR))
        lowest[person] = min(
            chance_of_order(
                values.part(max(0, stop - last - rule.most_before), stop - last),
                values.part(stop - last, stop),
                sign,
            )
            for stop in range(2 * YEAR + 1, 3 * YEAR + 1)
            for last in rule.last_visits
            for sign in (1, -1)
        )
    return float(np.quantile(lowest, rule.false_per_year))


def table(rows: list[Row]) -> str:
    """Return the rows as text, one line a question."""
    head = f"{'SD':7}{'of':7}{'person':15}{'question':44}people"
    lines = [
        f"{row.setting.scatter.sd_s:3.1f} s  {row.setting.scatter.of:7}"
        f"{row.setting.known:15}{row.question:44}{row.share_pct:5.1f} %"
        for row in rows
    ]
    return "\n".join([head, *lines])
