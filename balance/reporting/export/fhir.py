"""A person's results as a FHIR bundle, for a clinic's record.

Patient, one Observation a measure, one DiagnosticReport a visit, in a bundle of type
"collection". Only elements that are the same in R4 (4.0.1) and R4B are used. Codes
are this project's own, since no terminology has these measures; units are UCUM. The
name is left out unless asked for.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from balance.history import Store
from balance.history.people import PersonRecord, get_person
from balance.history.recordings import StoredRecording, load_recordings
from balance.model.errors import OutputError
from balance.model.publish import write_whole
from balance.model.results import Measurement, Trial
from balance.reporting.words.measure_words import measure_words

SYSTEM = "urn:balance"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
UCUM = {
    "s": "s",
    "mm": "mm",
    "mm/s": "mm/s",
    "°": "deg",
    "deg": "deg",
    "%": "%",
    "Hz": "Hz",
    "px": "{pixel}",
}
SEXES = {"f": "female", "m": "male"}


def write_fhir(
    store: Store, code: str, path: Path, *, on: date | None = None, name: bool = False
) -> int:
    """Write the bundle of a person, or of one visit; return the number of entries."""
    bundle = fhir_bundle(
        get_person(store, code), load_recordings(store, code, on), name=name
    )
    text = bundle.model_dump_json(indent=1)
    write_whole(path, lambda file: file.write(text.encode() + b"\n"))
    return len(bundle.entry)


def fhir_bundle(
    person: PersonRecord, recordings: Sequence[StoredRecording], *, name: bool = False
) -> Any:
    """Return the bundle as an object of ``fhir.resources.R4B``, and so validated."""
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ImportError as error:
        raise OutputError(
            "FHIR needs fhir.resources; install it with: "
            "pip install 'pose-balance[export]'"
        ) from error
    patient = _patient(person, name)
    entries = [patient]
    for day, visit in groupby(recordings, key=lambda kept: kept.on):
        entries += list(_visit(day, list(visit), patient))
    return Bundle.model_validate(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {"fullUrl": f"urn:uuid:{entry['id']}", "resource": entry}
                for entry in entries
            ],
        }
    )


def _patient(person: PersonRecord, name: bool) -> dict[str, Any]:
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": _ident("patient", person.code),
        "identifier": [{"system": f"{SYSTEM}:person", "value": person.code}],
    }
    if person.sex is not None:
        patient["gender"] = SEXES[person.sex]
    if person.birth_year is not None:
        patient["birthDate"] = str(person.birth_year)
    if name and person.name:
        patient["name"] = [{"text": person.name}]
    return patient


def _visit(
    day: date, recordings: list[StoredRecording], patient: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Observations of a visit, then the report that gathers them."""
    subject = {"reference": f"urn:uuid:{patient['id']}"}
    observations = [
        observation
        for kept in recordings
        for position, trial in enumerate(kept.assessment.trials, start=1)
        for observation in _observations(kept, position, trial, subject)
    ]
    yield from observations
    yield {
        "resourceType": "DiagnosticReport",
        "id": _ident("report", patient["id"], day.isoformat()),
        "status": "final",
        "code": _code("balance_assessment", "Balance assessment by video"),
        "subject": subject,
        "effectiveDateTime": day.isoformat(),
        "issued": _instant(max(kept.saved_at for kept in recordings)),
        "result": [
            {"reference": f"urn:uuid:{observation['id']}"}
            for observation in observations
        ],
    }


def _observations(
    kept: StoredRecording, position: int, trial: Trial, subject: dict[str, str]
) -> Iterator[dict[str, Any]]:
    software = kept.assessment.software
    for name, measure in trial.measures.items():
        observation: dict[str, Any] = {
            "resourceType": "Observation",
            "id": _ident("observation", kept.key, str(position), name),
            # What somebody corrected by hand says so.
            "status": "amended" if trial.overruled else "final",
            "category": [{"coding": [{"system": CATEGORY, "code": "exam"}]}],
            "code": _code(f"{trial.kind.value}.{name}", _title(trial, name)),
            "subject": subject,
            "effectiveDateTime": kept.on.isoformat(),
            "issued": _instant(kept.saved_at),
            "bodySite": {"text": _body_site(trial.side)},
            "method": {
                "text": f"balance {software.balance}, protocol "
                f"{kept.assessment.protocol}, eyes {kept.assessment.conditions.eyes}"
            },
        }
        yield observation | _value(trial, name, measure)


def _value(trial: Trial, name: str, measure: Measurement | None) -> dict[str, Any]:
    if measure is None:
        because = "; ".join(finding.text for finding in trial.findings)
        return {"dataAbsentReason": {"text": because or "could not be measured"}}
    value = _quantity(measure.value, measure.unit)
    if measure.censored:
        value["comparator"] = ">="
    ends = (("low", measure.low), ("high", measure.high))
    components: list[dict[str, Any]] = [
        {
            "code": _code(f"{name}.{end}", f"95 % interval, {end}"),
            "valueQuantity": _quantity(number, measure.unit),
        }
        for end, number in ends
        if number is not None
    ]
    components.append(
        {
            "code": _code("end_reason", "Why the trial ended"),
            "valueString": trial.end_reason.value,
        }
    )
    return {"valueQuantity": value, "component": components}


def _quantity(value: float, unit: str) -> dict[str, Any]:
    quantity: dict[str, Any] = {"value": round(value, 6), "unit": unit or "1"}
    if unit in UCUM:
        quantity |= {"system": "http://unitsofmeasure.org", "code": UCUM[unit]}
    return quantity


def _code(code: str, text: str) -> dict[str, Any]:
    return {"coding": [{"system": SYSTEM, "code": code}], "text": text}


def _title(trial: Trial, name: str) -> str:
    kind = trial.kind.value.replace("_", " ")
    return f"{kind}: {measure_words(name)[1]}"


def _body_site(side: str) -> str:
    return "both legs" if side == "both" else f"{side} leg"


def _instant(saved_at: str) -> str:
    return datetime.fromisoformat(saved_at).isoformat()


def _ident(*parts: str) -> str:
    """Return the same id for the same thing, so that a second import updates it."""
    return str(uuid5(NAMESPACE_URL, "/".join(("urn:balance", *parts))))
