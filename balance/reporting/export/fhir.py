"""A person's results as a FHIR bundle, for a clinic's record.

Patient, Device (this software), Observations of height, age and each trial, one
DiagnosticReport a visit (with its Encounter and Location where the place is known), and
the CodeSystem of our own codes, in a bundle of type "collection". Only elements that
are the same in R4 (4.0.1) and R4B are used; units are UCUM. A trial is one Observation,
its measures and judgements are components, so that a visit has few resources. The name
is left out unless asked for.
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
from balance.model.codes import EndReason
from balance.model.errors import InputError, OutputError
from balance.model.publish import write_whole
from balance.model.results import Software, Trial
from balance.reporting.export.fhir_codes import (
    AGE,
    AMBULATORY,
    CATEGORY,
    FIRST_ONE_LEG_TIME,
    HEIGHT,
    ONE_LEG_CAP_S,
    ONE_LEG_PANEL,
    code_system,
    first_one_leg_time,
    loinc,
    own,
)
from balance.reporting.export.fhir_trial import TrialComponents, quantity
from balance.reporting.words import wording
from balance.reporting.words.definitions import define_kind

SEXES = {"f": "female", "m": "male"}
Resource = dict[str, Any]


def write_fhir(
    store: Store, code: str, path: Path, *, on: date | None = None, name: bool = False
) -> int:
    """Write the bundle of a person, or of one visit; return the number of entries."""
    person, results = get_person(store, code), load_recordings(store, code, on)
    if not results:
        of_day = "" if on is None else f" of {on}"
        raise InputError(f"{code} has no results{of_day} to export")
    return write_bundle(person, results, path, name=name)


def write_bundle(
    person: PersonRecord,
    recordings: Sequence[StoredRecording],
    path: Path,
    *,
    name: bool = False,
) -> int:
    """Write the bundle of some results of a person; return the number of entries."""
    bundle = fhir_bundle(person, recordings, name=name)
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
    builder = _Builder(person, _refer(patient), {})
    entries = [patient, *builder.devices(recordings), *_places(recordings)]
    for day, visit in groupby(recordings, key=lambda kept: kept.on):
        entries += builder.visit(day, list(visit))
    codes = code_system(builder.definitions) | {"id": _ident("codes")}
    entries.append(codes)
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


def _patient(person: PersonRecord, name: bool) -> Resource:
    patient: Resource = {
        "resourceType": "Patient",
        "id": _ident("patient", person.code),
        "identifier": [{"system": "urn:balance:person", "value": person.code}],
    }
    if person.sex is not None:
        patient["gender"] = SEXES[person.sex]
    if person.birth_year is not None:
        patient["birthDate"] = str(person.birth_year)
    if name and person.name:
        patient["name"] = [{"text": person.name}]
    return patient


class _Builder:
    """Makes the resources of a person's visits; gathers the own codes that it uses."""

    def __init__(
        self,
        person: PersonRecord,
        subject: Resource,
        definitions: dict[str, tuple[str, str]],
    ) -> None:
        self._person = person
        self._subject = subject
        self.definitions = definitions

    def devices(self, recordings: Sequence[StoredRecording]) -> Iterator[Resource]:
        """Each software that measured, once."""
        for used in dict.fromkeys(one.assessment.software for one in recordings):
            versions = (
                ("balance", used.balance),
                ("MediaPipe", used.mediapipe),
                ("pose model, SHA-256", used.model_sha256),
            )
            yield {
                "resourceType": "Device",
                "id": _device(used),
                "deviceName": [{"name": "balance", "type": "user-friendly-name"}],
                "type": {"text": "Software that measures balance in video"},
                "version": [
                    {"type": {"text": what}, "value": version}
                    for what, version in versions
                    if version
                ],
            }

    def visit(self, day: date, visit: list[StoredRecording]) -> Iterator[Resource]:
        """Observations of a visit, then the report that gathers them."""
        observations = [*self._body(day, visit)]
        first_legs: set[str] = set()
        for kept in visit:
            for position, trial in enumerate(kept.assessment.trials, start=1):
                observations.append(self._trial(kept, position, trial))
                if trial.side not in first_legs:
                    coded = [*self._one_leg(kept, position, trial)]
                    first_legs |= {trial.side} if coded else set()
                    observations += coded
        yield from observations
        encounter = self._encounter(day, visit)
        yield from encounter
        examiners = dict.fromkeys(one.assessment.conditions.examiner for one in visit)
        report = {
            "resourceType": "DiagnosticReport",
            "id": _ident("report", self._subject["reference"], day.isoformat()),
            "status": "final",
            "code": self._own(
                "balance_assessment",
                "Balance assessment by video",
                "All trials that software measured in the videos of one person's "
                "visit: stands, squats and other tests of balance and posture.",
            ),
            "subject": self._subject,
            "encounter": _refer(encounter[0]) if encounter else None,
            "effectiveDateTime": day.isoformat(),
            "issued": _instant(max(kept.saved_at for kept in visit)),
            "performer": [{"display": name} for name in examiners if name],
            "result": [_refer(observation) for observation in observations],
        }
        yield {name: value for name, value in report.items() if value}

    def _encounter(self, day: date, visit: list[StoredRecording]) -> list[Resource]:
        """Return the visit with its places; nothing where none is known."""
        places = _places(visit)
        if not places:
            return []
        encounter = {
            "resourceType": "Encounter",
            "id": _ident("encounter", self._subject["reference"], day.isoformat()),
            "status": "finished",
            "class": AMBULATORY,
            "subject": self._subject,
            "period": {"start": day.isoformat(), "end": day.isoformat()},
            "location": [{"location": _refer(place)} for place in places],
        }
        return [encounter]

    def _body(self, day: date, visit: list[StoredRecording]) -> Iterator[Resource]:
        person = visit[-1].assessment.person
        height_mm = person.height_mm or self._person.height_mm
        age = person.age_years
        for code, value, unit in (
            (HEIGHT, None if height_mm is None else height_mm / 10, "cm"),
            (AGE, age, "a"),
        ):
            if value is not None:
                yield {
                    "resourceType": "Observation",
                    "id": _ident(self._subject["reference"], day.isoformat(), code[0]),
                    "status": "final",
                    "code": loinc(code),
                    "subject": self._subject,
                    "effectiveDateTime": day.isoformat(),
                    "valueQuantity": quantity(value, unit),
                }

    def _trial(self, kept: StoredRecording, position: int, trial: Trial) -> Resource:
        kind = trial.kind.value.replace("_", " ")
        code = self._own(trial.kind.value, kind, define_kind(trial.kind))
        code = {**code, "text": wording.trial_term(trial)}
        components = TrialComponents(kept.assessment, trial, self._own)
        observation = self._head(kept, position, trial, "trial", code)
        return observation | {"component": components.all()}

    def _one_leg(
        self, kept: StoredRecording, position: int, trial: Trial
    ) -> Iterator[Resource]:
        """Yield the first stand of a leg as LOINC names it, where it is that test."""
        found = first_one_leg_time(kept.assessment, trial)
        if found is None:
            return
        hold, time_s = found
        value = quantity(time_s, "s")
        capped = trial.end_reason is EndReason.TIME_CAP
        if hold.censored and not capped and hold.value < ONE_LEG_CAP_S:
            value["comparator"] = ">="
        code = loinc(FIRST_ONE_LEG_TIME)
        time = self._head(kept, position, trial, FIRST_ONE_LEG_TIME[0], code)
        time["valueQuantity"] = value
        code = loinc(ONE_LEG_PANEL)
        panel = self._head(kept, position, trial, ONE_LEG_PANEL[0], code)
        panel["hasMember"] = [_refer(time)]
        yield panel
        yield time

    def _head(
        self,
        kept: StoredRecording,
        position: int,
        trial: Trial,
        what: str,
        code: Resource,
    ) -> Resource:
        made = kept.assessment
        how = made.conditions
        return {
            "resourceType": "Observation",
            "id": _ident("observation", kept.key, str(position), what),
            # What somebody corrected by hand says so.
            "status": "amended" if trial.overruled else "final",
            "category": [{"coding": [{"system": CATEGORY, "code": "exam"}]}],
            "code": code,
            "subject": self._subject,
            "effectiveDateTime": made.source.recorded_at or kept.on.isoformat(),
            "issued": _instant(kept.saved_at),
            "device": {"reference": f"urn:uuid:{_device(made.software)}"},
            "bodySite": {"text": _body_site(trial.side)},
            "method": {
                "text": f"protocol {made.protocol}, eyes {how.eyes}, footwear "
                f"{how.footwear}, surface {how.surface}"
            },
        }

    def _own(self, code: str, display: str, definition: str) -> Resource:
        # That of a value, which has a unit, is more than that of a missing one.
        known = self.definitions.get(code, ("", ""))[1]
        self.definitions[code] = (display, max(known, definition, key=len))
        return own(code, display)


def _places(recordings: Sequence[StoredRecording]) -> list[Resource]:
    """Return each place that was told, once."""
    named = dict.fromkeys(one.assessment.conditions.place for one in recordings)
    return [
        {"resourceType": "Location", "id": _ident("place", name), "name": name}
        for name in named
        if name
    ]


def _refer(resource: Resource) -> Resource:
    return {"reference": f"urn:uuid:{resource['id']}"}


def _body_site(side: str) -> str:
    return "both legs" if side == "both" else f"{side} leg"


def _instant(saved_at: str) -> str:
    return datetime.fromisoformat(saved_at).isoformat()


def _device(used: Software) -> str:
    return _ident("device", used.balance, used.mediapipe, used.model_sha256)


def _ident(*parts: str) -> str:
    """Return the same id for the same thing, so that a second import updates it."""
    return str(uuid5(NAMESPACE_URL, "/".join(("urn:balance", *parts))))
