"""The numbers of a few recordings, so that a change of any of them is a decision.

Where they change on purpose: ``pytest tests/test_golden.py -n 0 --update-golden``,
and the difference is read before it is committed.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from balance.model.files import read_recording, write_assessment
from balance.pipeline.analyze import assess_recording

TESTS = Path(__file__).parent
RECORDINGS = (
    "rendered/stand_left",
    "rendered/stand_right_touch_hop",
    "rendered/b07_stand-small",
    "rendered/c04_slsquat",
    "rendered/squat_valgus_left",
    "rendered/squat_side_heel_lift",
)


def rounded(value: Any) -> Any:
    """Digits that no other processor changes."""
    if isinstance(value, float):
        return round(value, 2)
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list) else value


def numbers(trial: dict[str, Any]) -> dict[str, Any]:
    """What was found, without words and time lines."""
    kept = ("kind", "side", "start_s", "end_s", "end_reason", "measures")
    found = {key: trial[key] for key in kept}
    found["repetitions"] = [
        {"bottom_s": each["bottom_s"], "measures": each["measures"]}
        for each in trial["repetitions"]
    ]
    found["judgements"] = {j["code"]: j["answer"] for j in trial["judgements"]}
    return rounded(found)


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_numbers_are_those_that_were_agreed_on(name, golden, tmp_path) -> None:
    recording = read_recording(TESTS / f"{name}.npz")
    write_assessment(assess_recording(recording), tmp_path / "assessment.json")
    told = json.loads((tmp_path / "assessment.json").read_text())
    golden(Path(name).name, [numbers(trial) for trial in told["trials"]])
