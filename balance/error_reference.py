"""Load what is known of the errors of sway from the package's data."""

from collections.abc import Mapping
from functools import cache

from balance.error_model import MeasureError, SwayErrors
from balance.reference import read_data


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
