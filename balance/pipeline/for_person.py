"""A result for a person of the history: facts from there, the visit saved there."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from balance.history import Store
from balance.history.people import PersonRecord, get_person
from balance.history.recordings import save_recording
from balance.model.recording import Recording
from balance.model.results import Assessment

_WORDS = {
    "height_cm": ("body height", " cm"),
    "age": ("age", " years"),
    "sex": ("sex", ""),
    "code": ("code", ""),
}


def facts_of_person(
    store: Store, code: str, said: Mapping[str, Any], on: date | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Return ``said`` with height, age and sex of a person filled in, and sentences.

    What was said goes before what is stored; each difference is a sentence. The age is
    that on the day of the visit, today where ``on`` is None.

    Raises
    ------
    StoreError
        Where there is no such person.
    """
    person = get_person(store, code)
    facts = {name: value for name, value in said.items() if value is not None}
    notes = []
    for name, stored in _stored(person, on or date.today()).items():
        if stored is None:
            continue
        given = facts.setdefault(name, stored)
        # Only the year of birth is kept, so a year either way is no difference.
        close = name == "age" and abs(given - stored) <= 1
        if given != stored and not close:
            what, unit = _WORDS[name]
            notes.append(
                f"The stored {what} of {person.code} is {_text(stored)}{unit}; "
                f"{_text(given)}{unit} was said and is used."
            )
    return facts, notes


def _stored(person: PersonRecord, on: date) -> dict[str, Any]:
    height_mm = person.height_mm
    return {
        "height_cm": None if height_mm is None else height_mm / 10,
        "age": person.age_on(on),
        "sex": person.sex,
        "code": person.code,
    }


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def save_visit(
    store: Store,
    code: str,
    assessment: Assessment,
    recording: Recording,
    on: date | None = None,
) -> str:
    """Save a result under the person's visit and return a sentence that says so.

    The visit is that of ``on``, else of the day of the recording, else of today. A
    result without a trial is not saved.
    """
    if not assessment.trials:
        return f"Nothing was measured, so nothing was saved for {code}."
    day = on or recorded_on(assessment) or date.today()
    key = save_recording(store, code, assessment, recording, on=day)
    return f"Saved for {code} on {day} as {key}."


def recorded_on(assessment: Assessment) -> date | None:
    """Return the day of the recording, where it is known."""
    at = assessment.source.recorded_at
    return None if at is None else datetime.fromisoformat(at).date()
