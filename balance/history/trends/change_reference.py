"""Load the rule of change and the published minimum detectable changes."""

from functools import cache

from balance.history.trends.change import ChangeRule, PublishedChange
from balance.reference.loader import load_minimum_changes, read_data


@cache
def load_change_rule() -> ChangeRule:
    """Return the rule of ``change.toml``."""
    rule = {
        name: entry["value"] for name, entry in read_data("change.toml")["rule"].items()
    }
    return ChangeRule(**{**rule, "last_visits": tuple(rule["last_visits"])})


@cache
def load_published_changes() -> tuple[PublishedChange, ...]:
    """All published figures: hold times by age from the norms, others from here."""
    holds = tuple(
        PublishedChange(
            "hold_s",
            ("single_leg_stance",),
            row.mdc95_s,
            "s",
            row.source,
            (float(row.ages[0]), float(row.ages[1])),
            row.eyes,
        )
        for row in load_minimum_changes()
        if row.measure == "hold_s"
    )
    rows = read_data("change.toml")["published"]
    others = tuple(
        PublishedChange(
            row["measure"],
            tuple(row["kinds"]),
            row["value"],
            row["unit"],
            row["source"],
        )
        for row in rows
    )
    return holds + others


def published_change(
    measure: str, kind: str, age_years: float | None, eyes: str
) -> PublishedChange | None:
    """Return the published figure for a measure and a person, or None.

    Figures of one age group are not lent to another, nor to an unknown age.
    """
    for row in load_published_changes():
        if row.measure == measure and kind in row.kinds and _fits(row, age_years, eyes):
            return row
    return None


def _fits(row: PublishedChange, age_years: float | None, eyes: str) -> bool:
    if row.eyes is not None and eyes != row.eyes:
        return False
    if row.ages is None:
        return True
    # The last year of an age group lasts until the next birthday.
    return age_years is not None and row.ages[0] <= age_years < row.ages[1] + 1
