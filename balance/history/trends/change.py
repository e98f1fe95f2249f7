"""Is a change real, or luck? One person, one leg, one test, visit after visit.

Looking again at every visit makes luck look like change sooner or later, so the rule
is sequential. A change is called when both hold:

1. *Evidence.* The last k visits (k = 3 … 12) rank beyond the visits before them more
   clearly than a calibrated limit allows. The chance is the exact one of the
   Mann-Whitney count, so it asks nothing of the distribution: skew, a cap at 45 s and
   an unknown scatter cannot raise the false alarms, only the order of visits counts.
   A capped visit may be any longer time: it is always counted against the change.
2. *Size.* The two means differ by more than the minimum detectable change: the
   person's own, from the scatter of the visits within both segments.

Before a person's own repeats are enough, a published minimum detectable change stands
in: the means of at least three visits on either side must differ by more than it.

References
----------
.. [1] Hawkins & Deng (2010), A nonparametric change-point control chart, J Qual
   Technol 42(2): rank tests over all splits, limits with a fixed false alarm rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# 1.96 · √2: no own minimum detectable change is fewer standard deviations.
SMALLEST_IN_SD = 2.77


@dataclass(frozen=True, slots=True)
class PublishedChange:
    """A minimum detectable change from a paper, for whom and what it holds."""

    measure: str
    kinds: tuple[str, ...]
    value: float
    unit: str
    source: str
    ages: tuple[float, float] | None = None
    eyes: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """When a change is called; the numbers and their reasons are in change.toml.

    ``limit`` is the one-sided chance that one series with ``visits_per_year`` may
    show by luck at its most striking visit of the year, so that ``false_per_year``
    of the people are told of a change that is none.
    """

    limit: float
    false_per_year: float
    visits_per_year: int
    last_visits: tuple[int, ...]
    fewest_before: int
    most_before: int
    fewest_own: int
    confirm_visits: int


@dataclass(frozen=True, slots=True)
class DetectableChange:
    """The smallest difference of two visits that is not put down to luck.

    ``value`` None: neither enough own visits nor a published figure. ``basis`` is
    "own" or "published"; ``visits`` what the own one was learned from.
    """

    value: float | None
    basis: str | None
    source: str
    visits: int = 0
    sd: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was called: between which visits, how large, known from when.

    ``first`` is the index of the first visit after the change, ``called_at`` of the
    one at which it was called. ``low`` or ``high`` is None where a cap hides the end.
    """

    first: int
    called_at: int
    before: float
    after: float
    low: float | None
    high: float | None
    detectable: DetectableChange

    @property
    def size(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, eq=False)
class Series:
    """Values of successive visits; where ``censored`` the true one is larger."""

    value: FloatArray
    censored: BoolArray = field(default_factory=lambda: np.zeros(0, bool))

    def __post_init__(self) -> None:
        if not len(self.censored):
            object.__setattr__(self, "censored", np.zeros(len(self.value), bool))

    def __len__(self) -> int:
        return len(self.value)

    def part(self, start: int, stop: int) -> "Series":
        """Visits ``start`` up to, not including, ``stop``."""
        return Series(self.value[start:stop], self.censored[start:stop])


def find_changes(
    series: Series, rule: ChangeRule, published: PublishedChange | None
) -> list[Change]:
    """Replay the visits in order and return every change called on the way.

    After a call the visits from the change on are the new normal, against which the
    next change is looked for. Who looks at more than one series, or more often than
    the rule was calibrated for, shares its limit out first: :func:`share_limit`.
    """
    changes: list[Change] = []
    sums = _Sums(series.value)
    start = 0
    for stop in range(1, len(series) + 1):
        span = (start, stop)
        change = _change_now(series, sums, span, rule, published)
        if change:
            changes.append(change)
            start = change.first
    return changes


def share_limit(rule: ChangeRule, followed: int, visits_per_year: float) -> ChangeRule:
    """Share the allowance of luck out over all that is looked at in a year.

    ``followed``: how many series (legs, tests) of the person are looked at.
    """
    looks = max(1.0, visits_per_year / rule.visits_per_year)
    return replace(rule, limit=rule.limit / max(1, followed) / looks)


def detectable_change(
    parts: Sequence[Series], rule: ChangeRule, published: PublishedChange | None
) -> DetectableChange:
    """Minimum detectable change, 95 %: own if learned, else published, else None.

    Own: t(0.975) · √2 · SD of the visits about the mean of their part, so that few
    visits make it larger, as they should.
    """
    sd, freedom, visits = within_sd(parts)
    if visits >= rule.fewest_own and sd > 0:
        factor = float(stats.t.ppf(0.975, freedom)) * np.sqrt(2)
        source = f"this person's own {visits} visits"
        return DetectableChange(float(factor * sd), "own", source, visits, sd)
    if published is not None:
        return DetectableChange(published.value, "published", published.source, visits)
    missing = f"{rule.fewest_own - visits} more visits are needed to learn it"
    return DetectableChange(None, None, missing, visits)


def within_sd(parts: Sequence[Series]) -> tuple[float, int, int]:
    """Scatter of visits about the means of their parts, capped ones reckoned with.

    Returns the standard deviation, its degrees of freedom and the visits it comes
    from. Only visits that were not capped count; a part of which more than half is
    capped tells nothing of its scatter and is left out.
    """
    used = [part for part in parts if len(part) and part.censored.mean() <= 0.5]
    visits = sum(int((~part.censored).sum()) for part in used)
    freedom = visits - len(used)
    if freedom < 1:
        return float("nan"), 0, visits
    return _censored_fit(used)[1], freedom, visits


def _change_now(
    series: Series,
    sums: "_Sums",
    span: tuple[int, int],
    rule: ChangeRule,
    published: PublishedChange | None,
) -> Change | None:
    """Return the change that the visits of ``span`` show at its end, if any."""
    start, stop = span
    smallest = published.value if published else np.inf
    for last in rule.last_visits:
        split = stop - last
        first = max(start, split - rule.most_before)
        if split - first < rule.confirm_visits:
            continue
        # The cheap question first: nearly every visit ends here.
        size, sd = sums.difference(first, split, stop)
        if abs(size) <= min(SMALLEST_IN_SD * sd, smallest):
            continue
        before, after = series.part(first, split), series.part(split, stop)
        detectable = _passed(before, after, 1 if size > 0 else -1, rule, published)
        if detectable:
            split = sums.sharpest_split(first, split, stop)
            before, after = series.part(first, split), series.part(split, stop)
            return _describe(before, after, split, stop, detectable)
    return None


class _Sums:
    """Running sums, so that means and scatter of any stretch cost nothing."""

    def __init__(self, value: FloatArray) -> None:
        self.sum = [0.0, *np.cumsum(value).tolist()]
        self.squares = [0.0, *np.cumsum(value**2).tolist()]

    def sharpest_split(self, first: int, split: int, stop: int) -> int:
        """Split from ``split`` on that leaves least scatter: when it changed."""
        splits = range(split, max(split + 1, stop - 1))
        return min(splits, key=lambda at: self.difference(first, at, stop)[1])

    def difference(self, first: int, split: int, stop: int) -> tuple[float, float]:
        """Mean after minus mean before the split, and the SD about both means."""
        before, after = split - first, stop - split
        sum_before = self.sum[split] - self.sum[first]
        sum_after = self.sum[stop] - self.sum[split]
        squares = self.squares[stop] - self.squares[first]
        squares -= sum_before**2 / before + sum_after**2 / after
        sd = float(max(squares, 0.0) / (before + after - 2)) ** 0.5
        return sum_after / after - sum_before / before, sd


def _passed(
    before: Series,
    after: Series,
    sign: int,
    rule: ChangeRule,
    published: PublishedChange | None,
) -> DetectableChange | None:
    """Return the minimum detectable change that was passed, or None."""
    size = sign * (_mean_for(after, sign) - _mean_for(before, -sign))
    by_rank = (
        len(before) >= rule.fewest_before
        and chance_of_order(before, after, sign) <= rule.limit
    )
    if not by_rank and (published is None or size <= published.value):
        return None
    own = detectable_change((before, after), rule, None)
    if by_rank and own.value is not None and size > own.value:
        return own
    if published is not None and size > max(published.value, own.value or 0.0):
        return DetectableChange(published.value, "published", published.source)
    return None


def chance_of_order(before: Series, after: Series, sign: int) -> float:
    """One-sided chance of so clear an order between two groups by luck alone.

    Exact Mann-Whitney; ties, and capped times whose true length is unknown, are
    counted against the change, so the chance is never understated.
    """
    if sign > 0:
        reach = np.where(before.censored, np.inf, before.value)
        against = reach[:, None] >= after.value[None, :]
    else:
        reach = np.where(after.censored, np.inf, after.value)
        against = before.value[:, None] <= reach[None, :]
    tail = _mann_whitney_tail(len(before), len(after))
    return float(tail[np.count_nonzero(against)])


@cache
def _mann_whitney_tail(m: int, k: int) -> FloatArray:
    """(m·k + 1,) chance that the Mann-Whitney count is at most its index."""
    # scipy has the same distribution, but 1 ms a call is too slow for replaying
    # years of visits; the test holds the two against each other.
    counts = np.ones(1)
    for size in range(1, k + 1):
        longer = np.zeros(m * size + 1)
        longer[: len(counts)] = counts
        # times (1 − x^(m+size)), then divided by (1 − x^size): Gaussian binomial
        shifted = longer.copy()
        shifted[m + size :] -= longer[: len(longer) - m - size]
        for offset in range(size):
            shifted[offset::size] = np.cumsum(shifted[offset::size])
        counts = shifted
    return np.asarray(np.cumsum(counts) / counts.sum(), float)


def _mean_for(part: Series, sign: int) -> float:
    """Mean that does not flatter a change: low for the side that must be high."""
    if sign > 0 or not part.censored.any():
        return float(part.value.mean())
    if part.censored.mean() > 0.5:
        # How far above the cap cannot be told; what was seen stands, as "at least".
        return float(part.value.mean())
    return float(_censored_fit([part])[0][0])


def _describe(
    before: Series, after: Series, split: int, stop: int, detectable: DetectableChange
) -> Change:
    low_mean, high_mean = float(before.value.mean()), float(after.value.mean())
    size = high_mean - low_mean
    sd, freedom, _ = within_sd((before, after))
    low = high = None
    if freedom >= 1:
        half = float(stats.t.ppf(0.975, freedom)) * sd
        half *= float(np.sqrt(1 / len(before) + 1 / len(after)))
        low = None if before.censored.any() else size - half
        high = None if after.censored.any() else size + half
    return Change(split, stop - 1, low_mean, high_mean, low, high, detectable)


def _censored_fit(parts: Sequence[Series]) -> tuple[list[float], float]:
    """Means of the parts and their common SD, by maximum likelihood.

    Expectation-maximisation for normal values of which the censored are known only
    to be larger. Without any this is the plain pooled estimate.
    """
    means = [float(part.value.mean()) for part in parts]
    freedom = max(1, sum(len(part) for part in parts) - len(parts))
    squares = sum(
        float(((p.value - m) ** 2).sum()) for p, m in zip(parts, means, strict=True)
    )
    sd = float(np.sqrt(squares / freedom))
    if sd == 0 or not any(part.censored.any() for part in parts):
        return means, sd
    for _ in range(60):
        squares = 0.0
        for index, part in enumerate(parts):
            expected, variance = _expect(part, means[index], sd)
            means[index] = float(expected.mean())
            squares += float(((expected - means[index]) ** 2 + variance).sum())
        previous, sd = sd, float(np.sqrt(squares / freedom))
        if abs(sd - previous) < 1e-4 * sd:
            break
    return means, sd


def _expect(part: Series, mean: float, sd: float) -> tuple[FloatArray, FloatArray]:
    """Return expected value and variance of each visit, given what was seen."""
    a = (part.value - mean) / sd
    # φ(a) / (1 − Φ(a)) by logarithms: the plain ratio is 0/0 far above the mean.
    hazard = np.exp(-0.5 * a**2 - 0.5 * np.log(2 * np.pi) - special.log_ndtr(-a))
    expected = np.where(part.censored, mean + sd * hazard, part.value)
    variance = np.where(part.censored, sd**2 * (1 + a * hazard - hazard**2), 0.0)
    return expected, np.maximum(variance, 0.0)
