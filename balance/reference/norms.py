"""What healthy people do: rows with ages, numbers and their source, and look-ups.

Hold times are skewed and end at a cap, so there are no z-scores and no percentiles:
a row gives the typical time and the cap, and where it comes from.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HoldNorm:
    """Typical single-leg hold of one age band.

    ``ages`` first and last year; ``eyes`` "open" or "closed"; ``sex`` "f", "m" or
    "all"; ``statistic`` what of a person's tries was averaged ("best of 3", "mean
    over studies"); ``cap_s`` None where the studies pooled had different caps.
    ``provenance``: "seen" in the paper itself, or "second-hand".
    """

    ages: tuple[int, int]
    eyes: str
    sex: str
    statistic: str
    typical_s: float
    cap_s: float | None
    source: str
    provenance: str


@dataclass(frozen=True, slots=True)
class HoldBand:
    """Words for a hold from ``from_s`` up to, not including, ``below_s``."""

    code: str
    age_from: int
    from_s: float
    below_s: float
    eyes: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class MinimumChange:
    """Smallest change between two visits that is not luck, by age."""

    measure: str
    ages: tuple[int, int]
    eyes: str
    mdc95_s: float
    sem_s: float
    text: str
    source: str


def find_hold_norms(
    norms: Iterable[HoldNorm],
    age_years: float,
    eyes: str,
    sex: str | None = None,
    statistic: str = "best of 3",
) -> tuple[HoldNorm, ...]:
    """Rows that fit a person: their own sex first, then all, then the other.

    Without a known sex the rows for all come first; where only women's and men's
    rows exist (eyes closed), both are returned and the caller shows the span.
    """
    whole_years = int(age_years)
    fitting = [
        row
        for row in norms
        if row.ages[0] <= whole_years <= row.ages[1]
        and row.eyes == eyes
        and row.statistic == statistic
    ]
    order = {sex: 0, "all": 1} if sex else {"all": 0}
    return tuple(sorted(fitting, key=lambda row: order.get(row.sex, 2)))


def find_hold_band(
    bands: Iterable[HoldBand], age_years: float, eyes: str, hold_s: float
) -> HoldBand | None:
    """Band of a hold at this age; None above all bands or below their age."""
    for band in bands:
        if (
            age_years >= band.age_from
            and eyes == band.eyes
            and band.from_s <= hold_s < band.below_s
        ):
            return band
    return None


@dataclass(frozen=True, slots=True)
class RepetitionNorm:
    """Typical count of one decade; ``condition`` how it was measured."""

    ages: tuple[int, int]
    sex: str
    repetitions: int
    condition: str
    source: str
    provenance: str


@dataclass(frozen=True, slots=True)
class StageFlag:
    """What a form says of a stage held for less than ``below_s`` from an age on."""

    stage: str
    age_from: int
    below_s: float
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class PointChange:
    """Smallest change of a score between visits that was published as real."""

    protocol: str
    mdc_points: float
    text: str
    source: str


def find_repetition_norm(
    norms: Iterable[RepetitionNorm], age_years: float, sex: str
) -> RepetitionNorm | None:
    """Row of a person's decade and sex; None outside the published ages."""
    for row in norms:
        if row.ages[0] <= int(age_years) <= row.ages[1] and row.sex == sex:
            return row
    return None
