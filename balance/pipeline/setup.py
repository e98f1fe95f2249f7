"""What was said on the command line, in the app or by a program, checked once."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from balance.model.codes import CHOICES
from balance.model.errors import InputError
from balance.model.plausible import FPS, LATEST_S, SLOW_MOTION, require_short
from balance.model.results import Conditions, Options, Person
from balance.model.setup import Setup
from balance.reference.loader import load_protocol

# The shortest and tallest adults known are 55 and 272 cm; children stand from 80 on.
HEIGHT_CM = (80.0, 250.0)
AGE_YEARS = (3.0, 120.0)
SECONDS = (-LATEST_S, LATEST_S)
_PERSON = ("height_cm", "age", "sex", "code")
_CONDITIONS = ("eyes", "footwear", "surface", "examiner", "place")


def as_option(name: str) -> str:
    """Return the option of the command line for a parameter of Python."""
    name = {"from_s": "from", "to_s": "to"}.get(name, name)
    return "--" + name.replace("_", "-")


def as_parameter(name: str) -> str:
    """Return a parameter of Python as it is, for `make_setup`'s ``named``."""
    return name


def make_setup(
    *, named: Callable[[str], str] = as_option, model: Path | None = None, **said: Any
) -> Setup:
    """Check what was said and return it with the project's units.

    Parameters
    ----------
    named
        How a parameter is called where it is refused.
    model
        Another pose model (``.task`` file).
    said
        ``height_cm``, ``age`` (years), ``sex``, ``code`` (of a person), ``eyes``,
        ``footwear``, ``surface``, ``examiner``, ``place``, ``protocol``, ``test``,
        ``from_s``, ``to_s`` (s), ``person``, ``mirrored``, ``flow``,
        ``every_frame``, ``fps``, ``slow_motion``; None is the same as not said.

    Raises
    ------
    InputError
        With one sentence that names the option, what it was and what it may be.
    """
    given = {name: value for name, value in said.items() if value is not None}
    height_cm, age = given.get("height_cm"), given.get("age")
    where = "give the body height in centimetres"
    _within(named("height_cm"), height_cm, HEIGHT_CM, where)
    _within(named("age"), age, AGE_YEARS, "give the age in years")
    for name, choices in CHOICES.items():
        if name in given:
            one_of(named(name), given[name], choices)
    for name in ("from_s", "to_s"):
        _within(named(name), given.get(name), SECONDS, "give seconds of the video")
    _within(named("fps"), given.get("fps"), FPS, "give frames per second")
    slower = given.get("slow_motion")
    _within(named("slow_motion"), slower, SLOW_MOTION, "give how many times slower")
    for name in ("code", "examiner", "place"):
        require_short(named(name), given.get(name))
    start, stop = given.get("from_s"), given.get("to_s")
    if start is not None and stop is not None and stop <= start:
        raise InputError(
            f"{named('to_s')} {stop:g} must come after {named('from_s')} {start:g}."
        )
    protocol = load_protocol(given.pop("protocol", "auto")).code
    conditions = {name: given.pop(name) for name in _CONDITIONS if name in given}
    height_mm = None if height_cm is None else 10 * height_cm
    facts = {name: given.pop(name, None) for name in _PERSON}
    return Setup(
        person=Person(height_mm, age, facts["sex"], facts["code"]),
        conditions=Conditions(**conditions),
        options=Options(**given),
        protocol=protocol,
        model=model,
    )


def one_of(name: str, value: str, choices: Iterable[str]) -> str:
    """Return a value that is one of the choices.

    Raises
    ------
    InputError
        With the choices and, where one is close, what was probably meant.
    """
    known = [str(choice) for choice in choices]
    if value in known:
        return value
    close = get_close_matches(value.lower(), known, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise InputError(f"{name} {value}: choose one of {', '.join(known)}.{hint}")


def _within(
    name: str, value: float | None, limits: tuple[float, float], help_text: str
) -> None:
    low, high = limits
    if value is not None and not low <= value <= high:
        raise InputError(
            f"{name} {value:g} is not between {low:g} and {high:g}; {help_text}."
        )
