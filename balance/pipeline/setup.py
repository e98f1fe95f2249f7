"""What was told on the command line or in the app, checked once at the edge."""

from pathlib import Path
from typing import Any

from balance.model.errors import InputError
from balance.model.plausible import FPS, LATEST_S
from balance.model.results import Conditions, Options, Person
from balance.model.setup import Setup
from balance.reference.loader import load_protocol

# The shortest and tallest adults known are 55 and 272 cm; children stand from 80 on.
HEIGHT_CM = (80.0, 250.0)
AGE_YEARS = (3.0, 120.0)
SECONDS = (-LATEST_S, LATEST_S)
CHOICES = {
    "test": (
        "auto",
        "single-leg-stance",
        "squat",
        "single-leg-squat",
        "heel-raise",
        "side-by-side-stance",
        "semi-tandem-stance",
        "tandem-stance",
        "weight-shift",
        "hop",
        "sit-to-stand",
    ),
    "eyes": ("open", "closed", "unknown"),
    "footwear": ("barefoot", "shoes", "unknown"),
    "surface": ("firm", "soft", "unknown"),
    "sex": ("f", "m"),
}


def make_setup(
    *,
    height_cm: float | None = None,
    age: float | None = None,
    protocol: str = "auto",
    model: Path | None = None,
    **options: Any,
) -> Setup:
    """Check what was told and return it with the project's units.

    Raises
    ------
    InputError
        With one sentence that names the option, what it was and what it may be.
    """
    _within("--height-cm", height_cm, HEIGHT_CM, "give the body height in centimetres")
    _within("--age", age, AGE_YEARS, "give the age in years")
    for name, choices in CHOICES.items():
        if options.get(name) is not None and options[name] not in choices:
            raise InputError(
                f"--{name} {options[name]}: choose one of {', '.join(choices)}."
            )
    for name, option in (("from_s", "--from"), ("to_s", "--to")):
        _within(option, options.get(name), SECONDS, "give seconds of the video")
    _within("--fps", options.get("fps"), FPS, "give frames per second")
    start, stop = options.get("from_s"), options.get("to_s")
    if start is not None and stop is not None and stop <= start:
        raise InputError(f"--to {stop:g} must come after --from {start:g}.")
    conditions = {
        name: options.pop(name)
        for name in ("eyes", "footwear", "surface")
        if name in options
    }
    return Setup(
        person=Person(
            None if height_cm is None else 10 * height_cm, age, options.pop("sex", None)
        ),
        conditions=Conditions(**conditions),
        options=Options(**options),
        protocol=load_protocol(protocol).code,
        model=model,
    )


def _within(
    option: str, value: float | None, limits: tuple[float, float], help_text: str
) -> None:
    low, high = limits
    if value is not None and not low <= value <= high:
        raise InputError(
            f"{option} {value:g} is not between {low:g} and {high:g}; {help_text}."
        )
