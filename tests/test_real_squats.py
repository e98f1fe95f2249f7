"""Squats of three real people on rendered bodies: knees go outwards, and unevenly."""

import json
from pathlib import Path

import numpy as np
import pytest

from balance.analysis.judging.scoring_squat import answer_of
from balance.model.codes import Answer
from balance.model.files import read_recording
from balance.model.landmarks import Side
from balance.model.results import Measurement, Trial
from balance.pipeline.analyze import assess_recording

PATHS = sorted((Path(__file__).parent / "data" / "real_squats").glob("*.json"))


@pytest.fixture(scope="module")
def seen() -> list[tuple[Trial, list[dict[str, float]]]]:
    found = []
    for path in PATHS:
        truth = json.loads(path.read_text(encoding="utf-8"))
        assessment = assess_recording(read_recording(path.with_suffix(".npz")))
        (trial,) = (one for one in assessment.trials if one.repetitions)
        found.append((trial, truth["squats"]))
    return found


def pairs(seen, measure: str, truth: str) -> list[tuple[Measurement, float]]:
    """(measured, true) of every leg and repetition."""
    return [
        (rep.measures[measure.format(side=side)], squat[truth.format(side=side)])
        for trial, squats in seen
        for rep, squat in zip(trial.repetitions, squats, strict=True)
        for side in Side
    ]


@pytest.mark.parametrize(
    ("measure", "truth", "mean", "worst"),
    [
        ("fppa_{side}_deg", "{side}_fppa_2d", 3.0, 6.0),
        ("fppa_frontal_{side}_deg", "{side}_fppa_frontal", 4.0, 10.0),
    ],
)
def test_knees_that_go_outwards_are_read_as_far_out(seen, measure, truth, mean, worst):
    found = pairs(seen, measure, truth)
    wrong = np.array([abs(got.value - true) for got, true in found])
    assert wrong.mean() <= mean
    assert wrong.max() <= worst
    inside = [got.low <= true <= got.high for got, true in found]
    assert np.mean(inside) >= 0.9


def test_the_correction_is_no_worse_than_the_landmarks(seen):
    corrected, raw = (
        np.mean([abs(got.value - true) for got, true in pairs(seen, name, truth)])
        for name, truth in (
            ("fppa_{side}_deg", "{side}_fppa_2d"),
            ("fppa_raw_{side}_deg", "{side}_fppa_2d"),
        )
    )
    assert corrected <= raw + 0.5


def test_uneven_knees_are_no_turned_camera(seen):
    for path in PATHS:
        yaw = assess_recording(read_recording(path.with_suffix(".npz"))).camera.yaw_deg
        assert abs(yaw.value) <= 2.5
        assert yaw.low <= 0 <= yaw.high


def test_the_trunk_leans_as_far_as_it_did(seen):
    for trial, squats in seen:
        for rep, squat in zip(trial.repetitions, squats, strict=True):
            lean = rep.measures["trunk_lean_deg"]
            assert lean.low <= squat["trunk_lean_left"] <= lean.high


def test_nearly_every_question_is_answered_and_no_knee_accused(seen):
    asked = [one for trial, _ in seen for one in trial.judgements]
    for one in asked:
        assert one.answer is answer_of(one.chance)
        assert not (
            one.code.value.startswith("knee_valgus") and one.answer is Answer.YES
        )
    untold = [one for one in asked if one.answer is Answer.CANNOT_TELL]
    assert len(untold) <= len(asked) / 5
