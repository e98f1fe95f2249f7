"""The commands about protocols, exercises and plans, as a person types them."""

import json
from pathlib import Path

import pytest
from icalendar import Calendar
from protocol_clips import clip, recording
from typer.testing import CliRunner

from balance.cli.main import app
from balance.model.errors import InputError
from balance.model.files import write_recording
from balance.reference.loader import load_exercises, protocol_codes


def run(*words: str):
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_protocols_lists_all_and_reads_one_with_its_sources() -> None:
    listed = run("protocols")
    assert listed.exit_code == 0
    assert all(code in listed.output for code in protocol_codes())
    whole = run("protocols", "four-stage-balance").output
    assert "CDC STEADI" in whole
    assert "Tandem: 10 s" in whole
    assert "Not alone" in whole


def test_exercises_lists_all_and_reads_one_with_its_source() -> None:
    listed = run("exercises").output
    assert all(code in listed for code in load_exercises().exercises)
    whole = run("exercises", "short_foot_sitting").output
    assert "Okamura" in whole
    assert "Harder: short_foot_standing" in whole


def test_an_unknown_exercise_or_protocol_is_one_sentence() -> None:
    with pytest.raises(InputError, match="choose one of"):
        run("exercises", "moonwalk")
    with pytest.raises(InputError, match="there is no protocol"):
        run("protocols", "moonwalk")


@pytest.fixture
def three_stages(tmp_path: Path) -> list[str]:
    paths = []
    for name in ("side_by_side", "semi_tandem", "tandem"):
        path = tmp_path / name / "landmarks.npz"
        path.parent.mkdir()
        write_recording(recording(clip(name)), path)
        paths.append(str(path.parent))
    return paths


def test_a_protocol_is_scored_from_stored_landmarks(three_stages) -> None:
    result = run("protocol", "four-stage-balance", *three_stages)
    assert result.exit_code == 0
    assert result.output.count("Passed: yes") == 3
    assert "One leg: not found" in result.output


def test_a_protocol_score_is_json_on_request(three_stages) -> None:
    result = run("protocol", "four-stage-balance", "--json", *three_stages)
    score = json.loads(result.output)
    passed = [stage["passed"] for stage in score["stages"]]
    assert passed == ["yes", "yes", "yes", "cannot_tell"]


def test_recordings_that_hold_nothing_of_the_protocol_end_with_3(three_stages) -> None:
    assert run("protocol", "heel-raise", three_stages[0]).exit_code == 3


def test_a_plan_is_printed_and_written(tmp_path: Path) -> None:
    result = run(
        *("plan", "--age", "72", "--goal", "older", "--left", "8", "--right", "31"),
        *("--start", "2026-03-02", "--at", "10:00", "--out", str(tmp_path)),
    )
    assert result.exit_code == 0
    assert "because the left leg holds 8 s" in result.output
    assert "Stop rules" in (tmp_path / "plan.html").read_text()
    events = Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")
    assert len(events) == 12


def test_the_next_plan_goes_on_from_the_last(tmp_path: Path) -> None:
    words = ("plan", "--age", "40", "--left", "45", "--right", "45")
    run(*words, "--out", str(tmp_path))
    last = str(tmp_path / "plan.json")
    again = run(*words, "--last", last)
    assert "Again One-leg stand" in again.output
    hurt = run(*words, "--last", last, "--pain", "6", "--out", str(tmp_path))
    assert "Training pauses" in hurt.output
    # A pause keeps the rungs for later.
    assert json.loads(Path(last).read_text())["rungs"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--goal", "moon"), id="goal"),
        pytest.param(("--equipment", "trampoline"), id="equipment"),
        pytest.param(("--yes-to", "what"), id="question"),
        pytest.param(("--last", "nowhere.json"), id="last plan"),
    ],
)
def test_what_is_not_known_is_one_sentence(words) -> None:
    with pytest.raises(InputError):
        run("plan", *words)


def test_a_wrong_day_is_one_sentence() -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        run("plan", "--start", "tomorrow")


def test_a_plan_says_what_was_taken_as_no_and_when_to_stop() -> None:
    output = run("plan", "--age", "40", "--yes-to", "diabetes").output
    assert "A clinician first" in output
    untold = next(line for line in output.splitlines() if "Taken as no" in line)
    assert "heart" in untold
    assert "diabetes" not in untold
    assert "Put the foot down before you fall." in output
