"""Exports of result folders, which no history has seen."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_results import assessment, measured, recording, squats, stance
from typer.testing import CliRunner

from balance.cli.main import app
from balance.model.files import write_assessment, write_recording
from balance.model.landmarks import Side
from balance.model.results import Assessment

runner = CliRunner()


def keep(folder: Path, made: Assessment, code: str | None) -> Path:
    made = replace(
        made,
        person=replace(made.person, code=code),
        source=replace(made.source, recorded_at="2026-11-20T10:00:00+01:00"),
    )
    folder.mkdir(parents=True)
    write_assessment(made, folder / "assessment.json")
    write_recording(recording(lifted=Side.RIGHT), folder / "landmarks.npz")
    return folder


@pytest.fixture
def results(tmp_path: Path) -> Path:
    keep(tmp_path / "results" / "one", assessment(stance()), "P001")
    keep(tmp_path / "results" / "two", assessment(squats()), "P001")
    return tmp_path / "results"


def export(what: Path, to: str, out: Path) -> str:
    done = runner.invoke(app, ["export", str(what), "-f", to, "--out", str(out)])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_table_of_a_folder_of_results(results: Path, tmp_path: Path) -> None:
    export(results, "csv", tmp_path / "a.csv")
    export(results, "parquet", tmp_path / "a.parquet")
    table = pd.read_csv(tmp_path / "a.csv")
    assert set(table.person) == {"P001"}
    assert set(table.visit) == {"2026-11-20"}
    hold = table[(table.measure == "hold_s") & (table.repetition == 0)]
    assert hold.value.tolist() == [12.0]
    again = pd.read_parquet(tmp_path / "a.parquet")
    assert list(again.columns) == list(table.columns)
    assert len(again) == len(table)


def test_json_and_fhir_of_one_result(results: Path, tmp_path: Path) -> None:
    export(results / "one", "json", tmp_path / "a.json")
    [kept] = json.loads((tmp_path / "a.json").read_text())["results"]
    assert kept["person"] == "P001"
    export(results, "fhir", tmp_path / "f.json")
    bundle = json.loads((tmp_path / "f.json").read_text())
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds.count("DiagnosticReport") == 1
    assert kinds.count("Patient") == 1
    # An age of 67 years is no year of birth.
    [patient] = [r for r in resources(bundle) if r["resourceType"] == "Patient"]
    assert "birthDate" not in patient
    ages = [
        one["valueQuantity"] for one in resources(bundle) if coded(one) == "30525-0"
    ]
    assert [(age["value"], age["code"]) for age in ages] == [(67.0, "a")]


def test_every_value_has_a_unit_that_ucum_knows_and_every_code_a_definition(
    results: Path, tmp_path: Path
) -> None:
    rises = replace(
        squats(),
        measures={
            "tempo_per_min": measured(30.0, 1.0, "1/min"),
            "repetitions": measured(3, 0, "count"),
            "knee_ankle_separation_ratio_mean": measured(0.9, 0.1, "ratio"),
            "errors": measured(2, 0, "errors"),
        },
    )
    keep(results / "three", assessment(rises), "P001")
    export(results, "fhir", tmp_path / "f.json")
    entries = resources(json.loads((tmp_path / "f.json").read_text()))
    parts = [part for one in entries for part in one.get("component", ())]
    values = [part["valueQuantity"] for part in parts if "valueQuantity" in part]
    assert {"/min", "1", "s", "mm", "deg"} <= {value["code"] for value in values}
    [codes] = [one for one in entries if one["resourceType"] == "CodeSystem"]
    for concept in codes["concept"]:
        assert len(concept["definition"].split()) >= 6, concept
    by_code = {one["code"]: one["definition"] for one in codes["concept"]}
    assert "Unit: per minute." in by_code["tempo_per_min"]


def resources(bundle: dict) -> list[dict]:
    return [entry["resource"] for entry in bundle["entry"]]


def coded(resource: dict) -> str | None:
    codings = resource.get("code", {}).get("coding", [{}])
    return codings[0].get("code")


@pytest.mark.parametrize("kind", ["trc", "c3d", "mot"])
def test_motion_of_every_result_of_a_folder(results, tmp_path, kind: str) -> None:
    export(results, kind, tmp_path)
    assert {path.stem for path in tmp_path.glob(f"*.{kind}")} == {"one", "two"}


def test_motion_in_pixels_is_refused_with_what_to_do(tmp_path: Path) -> None:
    folder = keep(tmp_path / "r", assessment(stance(), scale=None), None)
    done = runner.invoke(app, ["export", str(folder), "-f", "trc"])
    assert done.exit_code != 0
    assert "--height-cm" in str(done.exception)


def test_fhir_of_two_people_is_refused(results: Path, tmp_path: Path) -> None:
    keep(results / "three", assessment(stance()), "P002")
    done = runner.invoke(app, ["export", str(results), "-f", "fhir"])
    assert "results of 2 people" in str(done.exception)


def test_a_folder_without_a_result_is_a_sentence(tmp_path: Path) -> None:
    done = runner.invoke(app, ["export", str(tmp_path), "-f", "csv"])
    assert "holds no result" in str(done.exception)
    assert not np.any(list(tmp_path.iterdir()))
