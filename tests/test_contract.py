"""The files of a result: what is written is what is read."""

import csv
import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from people import lift, recording, standing

from balance.analysis.assessment import assess
from balance.model.errors import InputError, OutputError
from balance.model.files import (
    CSV_COLUMNS,
    assessment_schema,
    assessment_to_dict,
    plain_text,
    read_assessment,
    read_recording,
    write_assessment,
    write_recording,
    write_trials,
)
from balance.model.landmarks import Side
from balance.model.results import Conditions, Person
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards


@pytest.fixture(scope="module")
def stored():
    time_s, xy = standing(8)
    return recording(
        time_s,
        lift(time_s, xy, Side.LEFT, 2, 6),
        person=Person(1780, 67, "f"),
        conditions=Conditions("open"),
    )


@pytest.fixture(scope="module")
def assessment(stored):
    return assess(stored, load_protocol("auto"), load_standards())


def test_an_assessment_survives_writing_and_reading(assessment, tmp_path) -> None:
    write_assessment(assessment, tmp_path / "a.json")
    again = read_assessment(tmp_path / "a.json")
    assert assessment_to_dict(again) == assessment_to_dict(assessment)


def test_a_stored_recording_gives_the_same_assessment(
    stored, assessment, tmp_path
) -> None:
    write_recording(stored, tmp_path / "landmarks.npz")
    again = read_recording(tmp_path / "landmarks.npz")
    result = assess(again, load_protocol("auto"), load_standards())
    assert assessment_to_dict(result) == assessment_to_dict(assessment)


def test_the_landmarks_file_holds_what_the_contract_names(stored, tmp_path) -> None:
    write_recording(stored, tmp_path / "landmarks.npz")
    with np.load(tmp_path / "landmarks.npz") as file:
        named = (
            "time_s xy_px visibility pelvis_ml_px pelvis_ml_sd_px foot_left_px "
            "foot_right_px camera_shift_px luma sharpness person_count scene_cut "
            "meta_json"
        )
        assert set(file.files) == set(named.split())


def test_the_csv_is_long_form_with_an_empty_cell_for_what_cannot_be_had(
    assessment, tmp_path
) -> None:
    write_trials(assessment, tmp_path / "t.csv")
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text().splitlines()))
    assert tuple(rows[0]) == CSV_COLUMNS
    hold = next(row for row in rows if row["measure"] == "hold_s")
    assert float(hold["low"]) <= float(hold["value"]) <= float(hold["high"])
    drop = next(row for row in rows if row["measure"] == "pelvic_drop_deg")
    assert drop["value"] == ""


def test_the_schema_lists_the_codes() -> None:
    text = json.dumps(assessment_schema())
    assert "stance_foot_moved" in text
    assert "feet_out_of_picture" in text
    assert '"from"' in text


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04broken"])
def test_a_file_that_is_no_landmarks_file_is_one_sentence(content, tmp_path) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"x\.npz"):
        read_recording(path)


def test_a_newer_schema_is_refused(assessment, tmp_path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(assessment_to_dict(assessment) | {"schema_version": 99}))
    with pytest.raises(InputError, match="schema version 99"):
        read_assessment(path)


def test_a_folder_that_cannot_be_written_is_one_sentence(assessment, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="choose another place"):
        write_assessment(assessment, tmp_path / "file" / "a.json")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x"])
def test_a_cell_never_begins_like_a_formula(text) -> None:
    assert plain_text(text) == "'" + text


def test_a_landmarks_file_of_version_1_is_still_read(stored, tmp_path) -> None:
    path = tmp_path / "landmarks.npz"
    write_recording(stored, path)
    with np.load(path) as file:
        arrays = dict(file)
    meta = json.loads(str(arrays["meta_json"])) | {"schema_version": 1}
    arrays["meta_json"] = np.array(json.dumps(meta))
    arrays["people"], arrays["cut"] = (
        arrays.pop("person_count"),
        arrays.pop("scene_cut"),
    )
    np.savez(path, **arrays)
    again = read_recording(path)
    assert_array_equal(again.scene.person_count, stored.scene.person_count)
    assert_array_equal(again.scene.scene_cut, stored.scene.scene_cut)
