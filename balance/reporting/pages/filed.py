"""What a page is filed by: when, who, by whom, where, how, with what software."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from balance.model.results import Assessment, Person
from balance.reporting.words import wording

Facts = list[tuple[str, str]]

NOT_SAID = "not given"


def filed_by(
    assessments: Sequence[Assessment], *, person: str | None = None, on: str = ""
) -> Facts:
    """Return the facts of a page, each with its name; what was not said says so.

    ``person`` and ``on`` go before what the results themselves say.
    """
    codes = _each(one.person.code for one in assessments)
    who = person or "; ".join(codes) or NOT_SAID
    about = "; ".join(_each(_about(one.person) for one in assessments))
    return [
        ("Recorded", on or _when(assessments)),
        ("Person", f"{who}, {about}" if about else who),
        ("Examiner", _said(one.conditions.examiner for one in assessments)),
        ("Place", _said(one.conditions.place for one in assessments)),
        ("Conditions", _said(_how(one) for one in assessments)),
        ("Software", _said(_software(one) for one in assessments)),
    ]


def day_words(day: date) -> str:
    """Return a day as it cannot be misread: 20 November 2026."""
    return f"{day.day} {day:%B %Y}"


def _each(texts: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _said(texts: Iterable[str | None]) -> str:
    return "; ".join(_each(texts)) or NOT_SAID


def _when(assessments: Sequence[Assessment]) -> str:
    times = [
        datetime.fromisoformat(at)
        for at in _each(one.source.recorded_at for one in assessments)
    ]
    if not times:
        return f"{NOT_SAID}: the video carries no date"
    words = (f"{day_words(time.date())}, {time:%H:%M}" for time in sorted(times))
    return "; ".join(_each(words))


def _about(person: Person) -> str:
    words = []
    if person.age_years is not None:
        words.append(f"{wording.say_number(person.age_years, 0)} years")
    if person.sex is not None:
        words.append({"f": "female", "m": "male"}[person.sex])
    if person.height_mm is not None:
        words.append(f"{wording.say_number(person.height_mm / 10, 0)} cm")
    return ", ".join(words)


def _how(one: Assessment) -> str:
    how = one.conditions
    return f"eyes {how.eyes}, footwear {how.footwear}, surface {how.surface}"


def _software(one: Assessment) -> str:
    used = one.software
    model = f", model {used.model_sha256[:8]}" if used.model_sha256 else ""
    return f"balance {used.balance}, MediaPipe {used.mediapipe}{model}"
