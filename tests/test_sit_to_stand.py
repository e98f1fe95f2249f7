"""Chair stands: counted, timed, told from squats, scored, reported in plain words."""

import json
import re
from dataclasses import replace

import pytest
from made_results import assessment, recording
from protocol_clips import recording as recording_of
from sitting_figure import chair, rises
from typer.testing import CliRunner

from balance.analysis.assessment import assess
from balance.analysis.contact import recording_contact
from balance.analysis.events.bending_sets import BendingSet, recording_bends
from balance.analysis.events.repetitions import find_squat_sets, undecided_findings
from balance.analysis.measures.sit_to_stand import sit_to_stand_trials
from balance.analysis.protocols.score import Take, score_protocol
from balance.cli.main import app
from balance.model.codes import Answer, EndReason, FindingCode, TrialKind
from balance.model.files import assessment_to_dict
from balance.model.results import Trial
from balance.reference.loader import load_protocol
from balance.reference.repetition_model import BendKind
from balance.reference.standards import load_standards
from balance.reporting.pages import report

NORMS = load_standards()


def sets_of(pose) -> tuple[BendingSet, ...]:
    made = recording_of(pose)
    contact = recording_contact(made, NORMS.contact)
    return recording_bends(made, contact, NORMS.repetitions)


def stands(count: int, seconds: float, **more) -> Trial:
    yaw_deg, rate_hz = more.pop("yaw_deg", 0.0), more.pop("rate_hz", 30.0)
    pose = chair(yaw_deg, rate_hz).pose(seconds, rises(count, **more))
    (trial,) = sit_to_stand_trials(sets_of(pose))
    return trial


@pytest.fixture(scope="module")
def five() -> Trial:
    return stands(5, 20)


# ------------------------------------------------------------------- counted and timed


@pytest.mark.parametrize("yaw_deg", [0, 40, 80])
@pytest.mark.parametrize("seated", [True, False], ids=["seated", "standing"])
def test_five_stands_take_from_the_first_rise_to_upright_after_the_fifth(
    yaw_deg, seated
):
    trial = stands(5, 20, yaw_deg=yaw_deg, seated=seated)
    assert trial.kind is TrialKind.SIT_TO_STAND_SET
    assert trial.side == "both"
    assert trial.measures["repetitions"].value == len(trial.repetitions) == 5
    five_times = trial.measures["five_times_s"]
    assert five_times.value == pytest.approx(4 * 3.0 + 0.8, abs=0.25)
    assert five_times.low < five_times.value < five_times.high


def test_a_long_rest_on_the_chair_before_the_first_rise_is_not_timed():
    waited = stands(5, 26, first_s=8.0)
    assert waited.measures["five_times_s"].value == pytest.approx(12.8, abs=0.25)
    assert waited.repetitions[0].start_s == pytest.approx(8.0, abs=0.2)


def test_each_repetition_is_timed(five):
    assert [rep.bottom_s for rep in five.repetitions] == pytest.approx(
        [3.0, 6.0, 9.0, 12.0, 15.0], abs=0.2
    )
    for rep in five.repetitions:
        assert rep.start_s <= rep.bottom_s < rep.end_s
        assert rep.measures["ascent_s"].value == pytest.approx(0.8, abs=0.25)


@pytest.mark.parametrize("rate_hz", [10, 15, 24, 60])
def test_the_frame_rate_changes_neither_count_nor_time(rate_hz, five):
    trial = stands(5, 20, rate_hz=rate_hz)
    assert len(trial.repetitions) == 5
    expected = five.measures["five_times_s"].value
    assert trial.measures["five_times_s"].value == pytest.approx(expected, abs=0.2)


def test_four_stands_are_not_five():
    assert stands(4, 17).measures["five_times_s"] is None


def test_stands_within_half_a_minute_are_counted():
    counted = stands(12, 41).measures["stands_in_30_s"]
    # Rises begin every 3 s: the eleventh begins with the 30th second.
    assert (counted.value, counted.low, counted.high) == (10, 10, 10)
    assert not counted.censored


def test_a_recording_of_less_than_half_a_minute_tells_how_many_there_were_at_least(
    five,
):
    counted = five.measures["stands_in_30_s"]
    assert counted.value == counted.low == 5
    assert counted.high is None
    assert counted.censored


def test_a_set_ends_upright_or_with_the_video(five):
    assert five.end_reason is EndReason.SET_END
    cut = stands(5, 15.5)
    assert cut.end_reason is EndReason.VIDEO_END
    assert not cut.end_seen
    assert cut.measures["five_times_s"] is None


# ------------------------------------------------------------------- told from squats


def test_chair_stands_are_no_squats():
    assert find_squat_sets(sets_of(chair().pose(20, rises(5)))) == ()


def test_what_may_be_either_is_said_and_not_measured():
    (one, *_) = sets_of(chair().pose(20, rises(5)))
    half = {kind: 0.0 for kind in one.chances}
    half |= {BendKind.SQUAT: 0.5, BendKind.SIT_TO_STAND: 0.5}
    doubtful = replace(one, kind=BendKind.UNDECIDED, chances=half)
    assert sit_to_stand_trials((doubtful,)) == ()
    assert find_squat_sets((doubtful,)) == ()
    (finding,) = undecided_findings((doubtful,))
    assert finding.code is FindingCode.UNDECIDED_REPETITIONS
    assert "squats cannot be told from chair stands" in finding.text
    assert finding.time_s == one.repetitions[0].start_s


def test_bends_that_were_neither_are_not_spoken_of():
    (one, *_) = sets_of(chair().pose(20, rises(5)))
    lunge = {kind: float(kind is BendKind.LUNGE) for kind in one.chances}
    doubtful = replace(one, kind=BendKind.UNDECIDED, chances=lunge)
    assert undecided_findings((doubtful,)) == []


# ------------------------------------------------------------------------ the protocols


def scored(code: str, count: int, seconds: float):
    made = recording_of(chair().pose(seconds, rises(count)))
    protocol = load_protocol(code)
    found = assess(replace(made, protocol=code), protocol, NORMS)
    (stage,) = score_protocol(protocol, [Take(made, found)]).stages
    return stage


def test_five_times_sit_to_stand_is_scored_by_its_time():
    stage = scored("five_times_sit_to_stand", 5, 20)
    assert stage.passed is Answer.YES
    assert stage.best.unit == "s"
    assert stage.best.value == pytest.approx(12.8, abs=0.25)


def test_fewer_than_five_are_told_as_a_count():
    stage = scored("five_times_sit_to_stand", 3, 14)
    assert stage.passed is Answer.NO
    assert stage.because == "Five chair stands: 3 of 5."


def test_the_30_second_chair_stand_is_scored_by_its_count():
    stage = scored("chair_stand_30_s", 12, 41)
    assert stage.best.unit == "count"
    assert stage.best.value == 10


@pytest.mark.parametrize("code", ["five_times_sit_to_stand", "chair_stand_30_s"])
def test_the_protocols_are_listed_and_shown(code):
    listed = CliRunner().invoke(app, ["protocols"])
    assert code in listed.output
    shown = CliRunner().invoke(app, ["protocols", code])
    assert shown.exit_code == 0
    assert load_protocol(code).title in shown.output


# -------------------------------------------------------------------------- the report


def test_a_report_of_chair_stands_reads_well(five):
    page = report.render_report(assessment(five), recording(), {})
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for words in ("Chair stands", "Time for five", "How many in 30 s", "Off the seat"):
        assert words in text
    for wrong in ("Deepest", "FPPA", "sit_to_stand", "five_times", "nan", "None"):
        assert wrong not in text


def test_nothing_of_it_is_not_a_number(five):
    json.dumps(assessment_to_dict(assessment(five)), allow_nan=False)
