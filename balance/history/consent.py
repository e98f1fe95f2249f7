"""The text that a person agrees to, kept with the agreement word for word."""

from functools import cache
from importlib.resources import files


@cache
def consent_text() -> str:
    """Return the current text, whose first line carries its version."""
    path = files("balance").joinpath("data", "consent.txt")
    return path.read_text(encoding="utf-8").strip()
