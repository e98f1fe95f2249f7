"""Everything that results are held against, loaded once from the package's data."""

from collections.abc import Mapping
from functools import cache

from balance.reference.contact_model import load_contact_model
from balance.reference.loader import (
    load_hold_bands,
    load_norms,
    load_squat_ratings,
    load_squat_thresholds,
    read_data,
)
from balance.reference.repetition_model import load_repetition_model
from balance.reference.thresholds import MeasureError, Norms, Part, SwayErrors


@cache
def load_standards() -> Norms:
    """Everything that results are held against, with the weights of the score."""
    weights = read_data("score_weights.toml")
    parts = {
        name: Part(
            table["points"],
            {
                key: value
                for key, value in table.items()
                if key not in ("points", "source")
            },
            table["source"],
        )
        for name, table in weights.items()
        if isinstance(table, Mapping)
    }
    squats = load_squat_thresholds()
    return Norms(
        load_norms(),
        load_hold_bands(),
        parts,
        weights["out_of"],
        squats,
        load_sway_errors(),
        load_squat_ratings(),
        load_contact_model(),
        load_repetition_model(),
    )


@cache
def load_sway_errors() -> SwayErrors:
    """Return the errors of ``error_model.toml``."""
    sway = read_data("error_model.toml")["sway"]
    return SwayErrors(
        _table(sway["picture"]),
        _table(sway["landmarks"]),
        _table(sway["centre_of_mass"]),
    )


def _table(rows: Mapping[str, Mapping[str, float]]) -> dict[str, MeasureError]:
    return {name: MeasureError(**row) for name, row in rows.items()}
