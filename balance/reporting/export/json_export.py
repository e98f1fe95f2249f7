"""A history as JSON, with the schema that it follows."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from balance.history import Store
from balance.history.people import get_person, list_people
from balance.history.recordings import StoredRecording, load_recordings
from balance.model.files import assessment_schema, assessment_to_dict
from balance.model.publish import write_whole

EXPORT_VERSION = 1


def write_json(store: Store, path: Path, code: str | None = None) -> int:
    """Write one person's results, or everybody's; return the number of results."""
    return write_results_json(_kept(store, code), path)


def write_results_json(results: Iterable[StoredRecording], path: Path) -> int:
    """Write results; return their number."""
    count = 0

    def write(file: IO[bytes]) -> None:
        # Person by person, so that a large history need not fit into memory.
        nonlocal count
        file.write(f'{{"export_version": {EXPORT_VERSION}, "results": ['.encode())
        for result in map(_as_json, results):
            text = json.dumps(result, ensure_ascii=False)
            file.write((("," if count else "") + "\n" + text).encode())
            count += 1
        file.write(b"\n]}\n")

    write_whole(path, write)
    return count


def _kept(store: Store, code: str | None) -> Iterator[StoredRecording]:
    """Results in the order of people and visits."""
    people = [get_person(store, code)] if code else list_people(store)
    for person in people:
        yield from load_recordings(store, person.code)


def _as_json(kept: StoredRecording) -> dict[str, Any]:
    return {
        "person": kept.person_code,
        "visit": kept.on.isoformat(),
        "recording": kept.key,
        "assessment": assessment_to_dict(kept.assessment),
    }


def export_schema() -> dict[str, Any]:
    """JSON schema of the export; the assessment's own schema is inside."""
    assessment = assessment_schema()
    definitions = assessment.pop("$defs")
    definitions["Assessment"] = assessment
    text = {"type": "string"}
    result = {
        "type": "object",
        "properties": {
            "person": text,
            "visit": {"type": "string", "format": "date"},
            "recording": text,
            "assessment": {"$ref": "#/$defs/Assessment"},
        },
        "required": ["person", "visit", "recording", "assessment"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results exported by balance",
        "type": "object",
        "properties": {
            "export_version": {"const": EXPORT_VERSION},
            "results": {"type": "array", "items": result},
        },
        "required": ["export_version", "results"],
        "$defs": definitions,
    }
