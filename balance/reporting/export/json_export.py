"""A history as JSON, with the schema that it follows."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from balance.history import Store
from balance.history.people import get_person, list_people
from balance.history.recordings import load_recordings
from balance.model.files import assessment_schema, assessment_to_dict
from balance.model.publish import write_whole

EXPORT_VERSION = 1


def write_json(store: Store, path: Path, code: str | None = None) -> int:
    """Write one person's results, or everybody's; return the number of results."""
    count = 0

    def write(file: IO[bytes]) -> None:
        # Person by person, so that a large history need not fit into memory.
        nonlocal count
        file.write(f'{{"export_version": {EXPORT_VERSION}, "results": ['.encode())
        for result in json_results(store, code):
            text = json.dumps(result, ensure_ascii=False)
            file.write((("," if count else "") + "\n" + text).encode())
            count += 1
        file.write(b"\n]}\n")

    write_whole(path, write)
    return count


def json_results(store: Store, code: str | None = None) -> Iterator[dict[str, Any]]:
    """Results in the order of people and visits."""
    people = [get_person(store, code)] if code else list_people(store)
    for person in people:
        for kept in load_recordings(store, person.code):
            yield {
                "person": person.code,
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
