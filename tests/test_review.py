"""What a person can decide, when a video was recorded, and tables by clip."""

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from made_results import assessment, measured, stance

from balance.model.codes import (
    Answer,
    FindingCode,
    JudgementCode,
    RequestedTest,
    Severity,
    TrialKind,
)
from balance.model.files import write_assessment
from balance.model.results import Finding, Judgement
from balance.model.tables import summary_rows
from balance.pipeline.batch.job import CHECK, GOOD, UNUSABLE, Outcome
from balance.pipeline.batch.review import review_rows
from balance.pipeline.batch.table import clip_names, write_tables
from balance.video.video_file import recorded_at


def judged(**more: object) -> Judgement:
    values = {
        "code": JudgementCode.TRUNK_LEAN,
        "answer": Answer.CANNOT_TELL,
        "grade": None,
        "because": "9° against 10°",
    }
    return Judgement(**values | more)


def of(*judgements: Judgement, findings: tuple[Finding, ...] = (), **more: object):
    return assessment(
        stance(judgements=judgements, findings=(), **more), findings=findings
    )


@pytest.mark.parametrize(
    ("result", "what"),
    [
        (of(judged(chance=0.4)), ["judgement:trunk_lean"]),
        (of(judged(because="camera turned by 40°")), []),
        (of(judged(answer=Answer.YES, chance=0.95)), []),
        (
            of(
                findings=(
                    Finding(FindingCode.SECOND_PERSON, Severity.WARNING, "Two.", 3.0),
                    Finding(FindingCode.NO_SCALE, Severity.WARNING, "No height."),
                )
            ),
            ["second_person"],
        ),
        (
            of(
                judged(code=JudgementCode.HOLD_BELOW_AGE_BAND),
                measures={"hold_s": measured(9.9, 0.1, "s", censored=True)},
            ),
            [],
        ),
    ],
)
def test_only_what_a_person_can_decide_is_listed(result, what) -> None:
    assert [row["what"] for row in review_rows(result)] == what


def test_the_review_begins_with_what_could_not_be_measured(tmp_path: Path) -> None:
    torn = Outcome("x/torn.mp4", "", "", "", UNUSABLE, ("torn",), error="torn")
    write_tables([Outcome("x/a.mp4", "", "", "", GOOD, ()), torn], tmp_path)
    with (tmp_path / "review.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["clip"], row["what"], row["reason"]) == ("torn.mp4", "unusable", "torn")


def test_two_clips_of_one_name_have_two_names() -> None:
    places = ["v/P1/clip.mp4", "v/P2/clip.mp4", "v/P2/other.mp4"]
    names = clip_names([Outcome(p, "", "", "", CHECK, ()) for p in places])
    assert list(names.values()) == ["P1/clip.mp4", "P2/clip.mp4", "other.mp4"]


def test_a_row_a_trial_holds_conditions_answers_and_their_chance() -> None:
    made = of(judged(chance=0.4), measures={"hold_s": measured(11.0, 0.1, "s")})
    (row,) = summary_rows(replace(made, protocol="bess"))
    assert (row["protocol"], row["trunk_lean"]) == ("bess", "cannot_tell")
    assert row["trunk_lean_chance"] == 0.4
    assert row["end_reason"] == made.trials[0].end_reason.value
    assert row["hold_s_low"] < row["hold_s"] == 11.0


@pytest.mark.parametrize(
    ("metadata", "at"),
    [
        ({"creation_time": "2026-11-20T10:02:03.000000Z"}, "2026-11-20T10:02:03+00:00"),
        (
            {
                "creation_time": "2026-11-20T10:02:03Z",
                "com.apple.quicktime.creationdate": "2026-11-20T11:02:03+0100",
            },
            "2026-11-20T11:02:03+01:00",
        ),
        ({"creation_time": "1904-01-01T00:00:00Z"}, None),
        ({"date": "2026"}, None),
        ({}, None),
    ],
)
def test_the_date_of_recording_is_read_where_the_file_has_one(metadata, at) -> None:
    assert recorded_at(metadata) == at


def test_each_test_looks_for_its_kind_and_auto_for_all() -> None:
    assert RequestedTest.AUTO.kinds == frozenset(TrialKind)
    assert RequestedTest.SQUAT.kinds == {TrialKind.SQUAT_SET}
    assert RequestedTest.TANDEM_STANCE.kinds == {TrialKind.TANDEM_STANCE}
    assert RequestedTest.of_kind(TrialKind.HOP_SET) is RequestedTest.HOP
    assert RequestedTest.of_kind(TrialKind.TWO_LEG_STANCE) is RequestedTest.AUTO


def test_three_lines_of_pandas_give_each_persons_mean_sway(tmp_path: Path) -> None:
    sways_mm = {"P1": 4.0, "P2": 6.0}
    outcomes = []
    for person, sway_mm in sways_mm.items():
        made = of(
            measures={
                "hold_s": measured(11.0, 0.1, "s"),
                "sway_ml_rms_mm": measured(sway_mm, 0.5, "mm"),
            }
        )
        folder = tmp_path / f"stand-{person}"
        folder.mkdir()
        write_assessment(made, folder / "assessment.json")
        place = f"videos/{person}/stand.mp4"
        outcomes.append(
            Outcome(place, person, "k", "a", GOOD, (), 1, f"stand-{person}")
        )
    write_tables(outcomes, tmp_path)

    trials = pd.read_csv(tmp_path / "summary.csv")
    stands = trials[trials.kind == "single_leg_stance"]
    by_person = stands.groupby("person").sway_ml_rms_mm.mean()

    assert by_person.to_dict() == sways_mm
    by_clip = stands.groupby("clip").sway_ml_rms_mm.mean()
    assert by_clip.to_dict() == {"P1/stand.mp4": 4.0, "P2/stand.mp4": 6.0}
