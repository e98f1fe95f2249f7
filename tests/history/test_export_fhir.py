"""A FHIR bundle that R4 and R4B read alike, with intervals and what was censored."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stored_results import assessment_of, squats, stance

from balance.analysis.judging.overruling import Correction
from balance.history import Store
from balance.history.overrules import overrule_stored
from balance.history.people import edit_person
from balance.history.recordings import save_recording
from balance.model.errors import InputError
from balance.reporting.export.fhir import write_fhir

# Elements of R4 4.0.1 that R4B has unchanged, by resource.
SAME_IN_R4 = {
    "Patient": {"resourceType", "id", "identifier", "gender", "birthDate", "name"},
    "Observation": {
        "resourceType", "id", "status", "category", "code", "subject",
        "effectiveDateTime", "issued", "valueQuantity", "device", "hasMember",
        "bodySite", "method", "component",
    },
    "DiagnosticReport": {
        "resourceType", "id", "status", "code", "subject", "effectiveDateTime",
        "issued", "result", "performer", "encounter",
    },
    "Encounter": {
        "resourceType", "id", "status", "class", "subject", "period", "location",
    },
    "Location": {"resourceType", "id", "name"},
    "Device": {"resourceType", "id", "deviceName", "type", "version"},
    "CodeSystem": {
        "resourceType", "id", "url", "name", "title", "status", "content", "concept",
    },
}  # fmt: skip


@pytest.fixture
def bundle(store: Store, a7: str, tmp_path: Path) -> dict[str, Any]:
    edit_person(store, a7, {"name": "Somebody", "sex": "f"})
    first = save_recording(
        store, a7, assessment_of(stance("left", 45.0)), on=date(2026, 1, 1)
    )
    overrule_stored(
        store, first, Correction.of_text(1, "end_reason", "hand_support", "B")
    )
    second = assessment_of(squats())
    second = replace(second, conditions=replace(second.conditions, place="Room 3"))
    save_recording(store, a7, second, on=date(2026, 2, 1))
    write_fhir(store, a7, tmp_path / "a7.json")
    content: dict[str, Any] = json.loads((tmp_path / "a7.json").read_text())
    return content


def trials(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in resources(bundle, "Observation") if "component" in one]


def component(trial: dict[str, Any], code: str) -> dict[str, Any] | None:
    coded = {one["code"]["coding"][0]["code"]: one for one in trial["component"]}
    return coded.get(code)


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle["entry"]]
    return [one for one in found if one["resourceType"] == kind]


def test_there_is_a_patient_without_a_name_unless_asked(
    store: Store, a7: str, bundle: dict[str, Any], tmp_path: Path
) -> None:
    [patient] = resources(bundle, "Patient")
    assert patient["gender"] == "female"
    assert patient["birthDate"] == "1956"
    assert "Somebody" not in json.dumps(bundle)
    write_fhir(store, a7, tmp_path / "named.json", name=True)
    assert "Somebody" in (tmp_path / "named.json").read_text()


def test_a_capped_time_is_at_least(bundle: dict[str, Any]) -> None:
    stand = trials(bundle)[0]
    quantity = component(stand, "hold_s")["valueQuantity"]
    assert (quantity["comparator"], quantity["value"], quantity["code"]) == (
        ">=", 45.0, "s",
    )  # fmt: skip
    assert component(stand, "hold_s.low")["valueQuantity"]["unit"] == "s"
    assert component(stand, "hold_s.high") is None
    ended = component(stand, "end_reason")["valueCodeableConcept"]["coding"][0]
    assert ended["code"] == "end_reason.hand_support"
    assert stand["bodySite"]["text"] == "left leg"
    assert stand["status"] == "amended"


def test_what_could_not_be_had_says_why(bundle: dict[str, Any]) -> None:
    absent = component(trials(bundle)[0], "sway_ml_rms_mm")["dataAbsentReason"]
    assert absent["text"] == "no height"
    assert absent["coding"][0]["code"] == "not-asked"


def test_judgements_are_coded_answers(bundle: dict[str, Any]) -> None:
    answer = component(trials(bundle)[0], "judgement.hold_below_age_band")
    assert answer["valueCodeableConcept"]["coding"][0]["code"] == "N"
    for trial in trials(bundle):
        for part in trial["component"]:
            assert ("dataAbsentReason" in part) != any(
                name.startswith("value") for name in part
            )


def test_a_stand_as_the_panel_describes_it_has_its_loinc_codes(
    store: Store, a7: str, tmp_path: Path
) -> None:
    made = assessment_of(stance("left", 20.0), stance("left", 25.0))
    made = replace(made, protocol="single_leg_stance_30_s")
    opened = replace(made, conditions=replace(made.conditions, eyes="open"))
    closed = replace(made, conditions=replace(made.conditions, eyes="closed"))
    found = {}
    for name, one in (("open", opened), ("closed", closed)):
        on = date(2026, 3, 1 if name == "open" else 2)
        save_recording(store, a7, one, on=on)
        write_fhir(store, a7, tmp_path / f"{name}.json", on=on)
        bundle = json.loads((tmp_path / f"{name}.json").read_text())
        found[name] = {
            one["code"]["coding"][0]["code"]: one
            for one in resources(bundle, "Observation")
            if one["code"]["coding"][0]["system"] == "http://loinc.org"
        }
    time = found["open"]["66569-5"]
    assert time["valueQuantity"]["value"] == 20.0
    assert "comparator" not in time["valueQuantity"]
    member = found["open"]["64388-2"]["hasMember"][0]["reference"]
    assert member == f"urn:uuid:{time['id']}"
    assert not {"66569-5", "64388-2"} & set(found["closed"])


def test_height_and_age_and_the_software_are_there(bundle: dict[str, Any]) -> None:
    codes = {
        one["code"]["coding"][0]["code"]: one["valueQuantity"]
        for one in resources(bundle, "Observation")
        if "valueQuantity" in one
    }
    assert codes["8302-2"]["unit"] == "cm"
    assert codes["30525-0"]["code"] == "a"
    [device] = resources(bundle, "Device")
    assert [one["type"]["text"] for one in device["version"]][:2] == [
        "balance", "MediaPipe",
    ]  # fmt: skip
    for trial in trials(bundle):
        assert trial["device"]["reference"] == f"urn:uuid:{device['id']}"


def test_every_own_code_has_a_definition(bundle: dict[str, Any]) -> None:
    [system] = resources(bundle, "CodeSystem")
    defined = {one["code"] for one in system["concept"] if one["definition"]}
    used = set(own_codes(bundle, system["url"]))
    assert used
    assert used <= defined


def own_codes(node: Any, system: str) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("system") == system:
            yield node["code"]
        for value in node.values():
            yield from own_codes(value, system)
    elif isinstance(node, list):
        for value in node:
            yield from own_codes(value, system)


def test_a_visit_of_many_trials_has_few_resources(
    store: Store, a7: str, tmp_path: Path
) -> None:
    day = date(2026, 4, 1)
    for leg in ("left", "right"):
        for hold_s in (20.0, 21.0, 22.0):
            save_recording(store, a7, assessment_of(stance(leg, hold_s)), on=day)
    for _ in range(3):
        made = assessment_of(squats(), squats())
        made = replace(made, conditions=replace(made.conditions, place="Room 3"))
        save_recording(store, a7, made, on=day)
    assert write_fhir(store, a7, tmp_path / "v.json", on=day) <= 40


def test_each_visit_has_a_report_that_names_its_observations(
    bundle: dict[str, Any],
) -> None:
    reports = resources(bundle, "DiagnosticReport")
    assert [report["effectiveDateTime"] for report in reports] == [
        "2026-01-01",
        "2026-02-01",
    ]
    known = {entry["fullUrl"] for entry in bundle["entry"]}
    for report in reports:
        assert {one["reference"] for one in report["result"]} <= known


def test_a_visit_was_where_it_is_said_to_have_been(bundle: dict[str, Any]) -> None:
    [location] = resources(bundle, "Location")
    [encounter] = resources(bundle, "Encounter")
    assert location["name"] == "Room 3"
    [there] = encounter["location"]
    assert there["location"]["reference"] == f"urn:uuid:{location['id']}"
    unplaced, placed = resources(bundle, "DiagnosticReport")
    assert placed["encounter"]["reference"] == f"urn:uuid:{encounter['id']}"
    assert "encounter" not in unplaced


def test_only_elements_that_r4_has_unchanged_are_used(bundle: dict[str, Any]) -> None:
    assert set(bundle) == {"resourceType", "type", "entry"}
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert set(resource) <= SAME_IN_R4[resource["resourceType"]]


def test_a_second_export_has_the_same_ids(
    store: Store, a7: str, bundle: dict[str, Any], tmp_path: Path
) -> None:
    write_fhir(store, a7, tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text()) == bundle


def test_one_visit_alone(store: Store, a7: str, bundle: Any, tmp_path: Path) -> None:
    write_fhir(store, a7, tmp_path / "v.json", on=date(2026, 2, 1))
    content = json.loads((tmp_path / "v.json").read_text())
    assert len(resources(content, "DiagnosticReport")) == 1


def test_a_person_without_results_is_not_exported_without_a_word(
    store: Store, a7: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=f"{a7} has no results to export"):
        write_fhir(store, a7, tmp_path / "a7.json")
    assert not (tmp_path / "a7.json").exists()
