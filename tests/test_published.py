"""What is printed beside a protocol's score fits the person and has its source."""

import pytest

from balance.analysis.protocols.score import ProtocolScore, StageScore
from balance.model.codes import Answer
from balance.model.results import Measurement
from balance.reference.loader import load_protocol
from balance.reporting.words.protocol_norms import held_against, published_lines


def scored(code: str, stage: str, hold_s: float, leg: str = "both") -> ProtocolScore:
    protocol = load_protocol(code)
    asked = protocol.stage(stage)
    held = Measurement(hold_s, "s", hold_s - 0.1, hold_s + 0.1)
    passed = Answer.YES if hold_s > asked.seconds else Answer.NO
    one = StageScore(asked, leg, (), held, passed, "")
    return ProtocolScore(protocol, (one,), None, None)


@pytest.mark.parametrize(
    ("code", "hold_s", "age", "flagged"),
    [
        pytest.param("four_stage_balance", 6, 70, True, id="6 s at 70"),
        pytest.param("four_stage_balance", 6, 50, False, id="6 s at 50"),
        pytest.param("tandem_stance", 6, 70, True, id="6 s of a minute"),
        pytest.param("tandem_stance", 30, 70, False, id="30 s of a minute is no sign"),
    ],
)
def test_the_form_of_the_four_stages_speaks_below_10_s(
    code, hold_s, age, flagged
) -> None:
    lines = published_lines(scored(code, "tandem", hold_s), age, None)
    assert any("clinician" in line for line in lines) == flagged


def test_a_hold_comes_with_the_typical_time_of_the_age() -> None:
    score = scored("single_leg_stance_eyes_open", "eyes_open", 7, "left")
    typical, band = published_lines(score, 67, "f")
    assert typical.startswith(
        "Typical at 60-69: 30.4 s (women); eyes open, best of 3, at most 45 s (Springer"
    )
    assert band.startswith("Left leg: Below 10 s. (Araujo")
    assert published_lines(score, None, None) == []


def test_without_a_sex_both_are_told_where_no_row_is_for_all() -> None:
    score = scored("single_leg_stance_eyes_closed", "eyes_closed", 20, "left")
    (typical,) = published_lines(score, 30, None)
    assert "13.1 s (women)" in typical
    assert "16.9 s (men)" in typical


@pytest.mark.parametrize(
    ("code", "author"),
    [
        ("single_leg_stance_eyes_open", "Springer"),
        ("four_stage_balance", "CDC"),
        ("mbess", "Eur J Physiother"),
        ("heel_raise", "Hébert-Losier"),
        ("single_leg_squat", "Herrington"),
    ],
)
def test_a_protocol_names_what_it_is_held_against(code, author) -> None:
    assert author in "; ".join(held_against(load_protocol(code)))


def test_where_nothing_was_published_nothing_is_named() -> None:
    assert held_against(load_protocol("weight_shift")) == ()
