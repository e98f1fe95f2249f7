"""A visit on disk: what was told of the person, so that a reload forgets nothing.

``here`` is the tab's state, which imports this module.
"""

import json
from dataclasses import asdict, replace
from typing import Any

from balance.app.trainee import read_training, write_training
from balance.model.landmarks import Side
from balance.model.results import Conditions, Person

PLAIN = (
    "chosen",
    "code",
    "answers",
    "asked",
    "agreed_by",
    "emergency",
    "test_name",
    "first_try",
)


def record_of(here: Any) -> dict[str, Any]:
    """Return a visit as JSON values."""
    told = here.circumstances
    return {
        **{name: getattr(here, name) for name in PLAIN},
        "person": asdict(here.person),
        "conditions": asdict(here.conditions),
        "age_years": told.age_years,
        "first_use": told.first_use,
        "yes": sorted(told.yes),
        "best_open_s": {side.value: s for side, s in told.best_open_s.items()},
        "training": write_training(here.training),
    }


def write_record(here: Any, before: str) -> str:
    """Write a visit where it is not as it was ``before``; return it as text."""
    record = record_of(here)
    text = json.dumps(record, sort_keys=True)
    if text != before and here.chosen:
        # Only what changed here: another tab may have been told more meanwhile.
        old = json.loads(before) if before else {}
        changed = {k: v for k, v in record.items() if k not in old or old[k] != v}
        kept = here.tray.read_visit(here.token) or {}
        here.tray.write_visit(here.token, {**record, **kept, **changed})
    return text


def read_record(here: Any) -> str:
    """Fill in what was told at the visit; nothing where it is not known."""
    record = here.tray.read_visit(here.token)
    if record is None:
        return ""
    try:
        _fill(here, record)
    except (KeyError, TypeError, ValueError):
        return ""  # written by another version: asked again
    return json.dumps(record, sort_keys=True)


def _fill(here: Any, record: dict[str, Any]) -> None:
    best = {Side(side): float(s) for side, s in record["best_open_s"].items()}
    circumstances = replace(
        here.circumstances,
        age_years=record["age_years"],
        first_use=record["first_use"],
        yes=frozenset(record["yes"]),
        best_open_s=best,
    )
    person, conditions = Person(**record["person"]), Conditions(**record["conditions"])
    for name in PLAIN:
        setattr(here, name, record[name])
    here.circumstances, here.person, here.conditions = circumstances, person, conditions
    if "training" in record:  # not in visits from before
        here.training = read_training(record["training"])
    else:
        here.training.code = here.code
