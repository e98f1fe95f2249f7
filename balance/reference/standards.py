"""Everything that results are held against, loaded once from the package's data."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from balance.reference.loader import (
    known_keys,
    load_hold_bands,
    load_norms,
    load_squat_ratings,
    load_squat_thresholds,
    read_data,
)
from balance.reference.thresholds import MeasureError, Norms, Part, SwayErrors


@cache
def load_standards() -> Norms:
    """Everything that results are held against, with the weights of the score."""
    name = "score_weights.toml"
    weights = known_keys(read_data(name), ("out_of", "source", *PART_LIMITS), name)
    parts = {code: _part(code, weights[code]) for code in PART_LIMITS}
    squats = load_squat_thresholds()
    return Norms(
        load_norms(),
        load_hold_bands(),
        parts,
        weights["out_of"],
        squats,
        load_sway_errors(),
        load_squat_ratings(),
    )


# The limits of each part of the score of a stance.
PART_LIMITS: dict[str, tuple[str, ...]] = {
    "hold": ("reference_s",),
    "trunk_lean": ("free_deg", "full_deg"),
    "errors": ("each",),
}


def _part(code: str, table: Mapping[str, Any]) -> Part:
    limits = PART_LIMITS[code]
    known = ("points", "source", *limits)
    plain = known_keys(table, known, f"score_weights.toml: {code}")
    return Part(plain["points"], {n: plain[n] for n in limits}, plain["source"])


@cache
def load_sway_errors() -> SwayErrors:
    """Return the errors of ``error_model.toml``."""
    sway = read_data("error_model.toml")["sway"]
    parts = ("source", "video", "landmarks", "centre_of_mass")
    known_keys(sway, parts, "error_model.toml: sway")
    return SwayErrors(
        _table(sway["video"]),
        _table(sway["landmarks"]),
        _table(sway["centre_of_mass"]),
    )


def _table(rows: Mapping[str, Mapping[str, float]]) -> dict[str, MeasureError]:
    known = ("relative_sd", "floor", "noise")
    return {
        name: MeasureError(**known_keys(row, known, f"error_model.toml: {name}"))
        for name, row in rows.items()
    }
