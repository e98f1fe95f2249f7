"""A FHIR bundle that R4 and R4B read alike, with intervals and what was censored."""

import json
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
from balance.reporting.export.fhir import write_fhir

# Elements of R4 4.0.1 that R4B has unchanged, by resource.
SAME_IN_R4 = {
    "Patient": {"resourceType", "id", "identifier", "gender", "birthDate", "name"},
    "Observation": {
        "resourceType", "id", "status", "category", "code", "subject",
        "effectiveDateTime", "issued", "valueQuantity", "dataAbsentReason",
        "bodySite", "method", "component",
    },
    "DiagnosticReport": {
        "resourceType", "id", "status", "code", "subject", "effectiveDateTime",
        "issued", "result",
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
    save_recording(store, a7, assessment_of(squats()), on=date(2026, 2, 1))
    write_fhir(store, a7, tmp_path / "a7.json")
    content: dict[str, Any] = json.loads((tmp_path / "a7.json").read_text())
    return content


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
    hold = resources(bundle, "Observation")[0]
    quantity = hold["valueQuantity"]
    assert (quantity["comparator"], quantity["value"], quantity["code"]) == (
        ">=", 45.0, "s",
    )  # fmt: skip
    ends = [part["code"]["text"] for part in hold["component"]]
    assert ends == ["95 % interval, low", "Why the trial ended"]
    assert hold["bodySite"]["text"] == "left leg"
    assert hold["status"] == "amended"


def test_what_could_not_be_had_says_why(bundle: dict[str, Any]) -> None:
    absent = resources(bundle, "Observation")[1]
    assert absent["dataAbsentReason"]["text"] == "no height"


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
