"""The tidy table: a row a measure, nothing that a spreadsheet would run."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from stored_results import assessment_of, squats, stance

from balance.history import Store
from balance.history.people import PersonRecord, add_person
from balance.history.recordings import load_recordings, save_recording
from balance.model.errors import OutputError, StoreError
from balance.model.files import assessment_from_dict
from balance.reporting.export.json_export import export_schema, write_json
from balance.reporting.export.tables import COLUMNS, write_csv, write_parquet


@pytest.fixture
def filled(store: Store, a7: str) -> Store:
    save_recording(store, a7, assessment_of(stance("left", 45.0), squats()))
    add_person(store, PersonRecord("B1", consent_at="2026-01-01"))
    save_recording(store, "B1", assessment_of(stance("right", 9.5)))
    return store


def test_csv_has_a_row_for_every_measure(filled: Store, tmp_path: Path) -> None:
    assert write_csv(filled, tmp_path / "all.csv") == 7
    table = pd.read_csv(tmp_path / "all.csv")
    assert list(table.columns) == list(COLUMNS)
    capped = table[(table.measure == "hold_s") & (table.person == "A7")].iloc[0]
    assert (capped.value, capped.censored, capped.unit) == (45.0, True, "s")
    assert pd.isna(capped.high)
    # What could not be had keeps its row.
    assert pd.isna(table[table.measure == "sway_ml_rms_mm"].value).all()
    assert sorted(table[table.measure == "knee_flexion_deg"].repetition) == [1, 2]


def test_one_person_alone(filled: Store, tmp_path: Path) -> None:
    assert write_csv(filled, tmp_path / "b.csv", "b1") == 2
    with pytest.raises(StoreError, match="no person"):
        write_csv(filled, tmp_path / "c.csv", "nobody")
    assert not (tmp_path / "c.csv").exists()


def test_parquet_keeps_the_types(filled: Store, tmp_path: Path) -> None:
    write_csv(filled, tmp_path / "all.csv")
    assert write_parquet(filled, tmp_path / "all.parquet") == 7
    table = pd.read_parquet(tmp_path / "all.parquet")
    assert table.trial.dtype == "int32"
    text = pd.read_csv(tmp_path / "all.csv")
    assert table.value.tolist() == pytest.approx(text.value.tolist(), nan_ok=True)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_a_cell_that_begins_like_a_formula_is_plain_text(
    store: Store, a7: str, tmp_path: Path, start: str
) -> None:
    from dataclasses import replace

    told = replace(assessment_of(), protocol=f"{start}HYPERLINK(1)")
    save_recording(store, a7, told)
    write_csv(store, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["protocol"] == f"'{start}HYPERLINK(1)"
    # A number that is negative stays a number.
    assert all(row["low"] != "'" for row in rows)


def test_json_gives_back_equal_assessments(filled: Store, tmp_path: Path) -> None:
    import json

    assert write_json(filled, tmp_path / "all.json") == 2
    content = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    back = [assessment_from_dict(one["assessment"]) for one in content["results"]]
    kept = [
        one.assessment for code in ("A7", "B1") for one in load_recordings(filled, code)
    ]
    assert back == kept


def test_json_follows_its_published_schema(filled: Store, tmp_path: Path) -> None:
    import json

    jsonschema = pytest.importorskip("jsonschema")
    write_json(filled, tmp_path / "all.json")
    content = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    schema = export_schema()
    jsonschema.validate(content, schema)
    del content["results"][0]["assessment"]["trials"][0]["kind"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)


def test_an_empty_history_is_an_empty_table(store: Store, tmp_path: Path) -> None:
    assert write_csv(store, tmp_path / "a.csv") == 0
    assert write_parquet(store, tmp_path / "a.parquet") == 0
    assert write_json(store, tmp_path / "a.json") == 0


def test_a_place_that_cannot_be_written_is_a_sentence(
    filled: Store, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot write"):
        write_csv(filled, tmp_path / "file" / "a.csv")
