"""What a stored file may say of a person and a test; more is a mistake or a forgery.

The command line is narrower where it asks; see ``pipeline/setup.py``.
"""

import math

from balance.model.errors import InputError
from balance.model.results import Conditions, Options, Person

HEIGHT_MM = (300.0, 2800.0)
AGE_YEARS = (0.0, 130.0)
# A day in seconds: no recording is longer.
LATEST_S = 86_400.0
# The fastest cameras of people reach some thousands.
HIGHEST_RATE_HZ = 50_000.0
FPS = (1.0, 1000.0)
# How many times slower than it was: 1 is real time, 40 are 1200 frames at 30.
SLOW_MOTION = (0.1, 100.0)
# Letters of a name of a person, an examiner or a place.
LONGEST_NAME = 200
CONDITIONS = {
    "eyes": ("open", "closed", "unknown"),
    "footwear": ("barefoot", "shoes", "unknown"),
    "surface": ("firm", "soft", "unknown"),
}


def require_plausible(person: Person, conditions: Conditions, options: Options) -> None:
    """Refuse values that nobody can have, in one sentence.

    Raises
    ------
    InputError
        That names the value and what it may be.
    """
    require_within("the height in mm", person.height_mm, HEIGHT_MM)
    require_within("the age in years", person.age_years, AGE_YEARS)
    if person.sex not in (None, "f", "m"):
        raise InputError(f"the sex {person.sex!r} must be f or m")
    for name, choices in CONDITIONS.items():
        value = getattr(conditions, name)
        if value not in choices:
            raise InputError(f"{name} {value!r}: must be one of {', '.join(choices)}")
    require_short("the person's code", person.code)
    require_short("the examiner", conditions.examiner)
    require_short("the place", conditions.place)
    for name in ("from_s", "to_s"):
        require_within(name, getattr(options, name), (-LATEST_S, LATEST_S))
    require_within("fps", options.fps, FPS)
    require_within("slow motion", options.slow_motion, SLOW_MOTION)


def require_short(name: str, text: str | None) -> None:
    """Refuse a name that is longer than a name, or breaks a line."""
    if text is not None and not (0 < len(text) <= LONGEST_NAME and text.isprintable()):
        raise InputError(f"{name} must be one line of at most {LONGEST_NAME} letters")


def require_within(name: str, value: float | None, limits: tuple[float, float]) -> None:
    """Refuse a number outside its limits; NaN is outside all of them."""
    low, high = limits
    if value is not None and not (math.isfinite(value) and low <= value <= high):
        raise InputError(f"{name} {value:g} is not between {low:g} and {high:g}")
