"""The gates: who may close the eyes, stand on foam, squat or hop on one leg."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance.model.landmarks import Side
from balance.reference.loader import load_protocol, load_safety, protocol_codes
from balance.reference.safety import (
    Circumstances,
    reason_not_to_test,
    reason_to_skip,
    reasons_for_clinician,
)

SAFETY = load_safety()
GATES = SAFETY.gates
STEADY = {Side.LEFT: 30.0, Side.RIGHT: 30.0}
CLOSED = load_protocol("single_leg_stance_eyes_closed").stages[0]
OPEN = load_protocol("single_leg_stance_eyes_open").stages[0]
FOAM = load_protocol("bess").stage("double_foam")
ROMBERG_CLOSED = load_protocol("romberg").stage("eyes_closed")
SQUAT = load_protocol("single_leg_squat").stages[0]
HOPS = load_protocol("gentle_hops").stages[0]

people = st.builds(
    Circumstances,
    age_years=st.none() | st.floats(18, 99),
    first_use=st.booleans(),
    companion=st.booleans(),
    best_open_s=st.fixed_dictionaries(
        {}, optional={side: st.floats(0, 60) for side in Side}
    ),
)
stages = st.sampled_from(
    [stage for code in protocol_codes() for stage in load_protocol(code).stages]
)


@pytest.mark.parametrize(
    ("stage", "person", "because"),
    [
        pytest.param(OPEN, Circumstances(), None, id="open eyes always"),
        pytest.param(
            CLOSED,
            Circumstances(40, first_use=True, best_open_s=STEADY),
            "not at first use",
            id="closed, first use",
        ),
        pytest.param(
            CLOSED,
            Circumstances(40, first_use=False, best_open_s=STEADY),
            None,
            id="closed, later, steady",
        ),
        pytest.param(
            CLOSED,
            Circumstances(65, first_use=False, best_open_s=STEADY),
            "somebody beside you",
            id="closed at 65, alone",
        ),
        pytest.param(
            CLOSED,
            Circumstances(65, first_use=False, companion=True, best_open_s=STEADY),
            None,
            id="closed at 65, with somebody",
        ),
        pytest.param(
            CLOSED,
            Circumstances(None, first_use=False, best_open_s=STEADY),
            "age is not known",
            id="closed, age unknown",
        ),
        pytest.param(
            CLOSED,
            Circumstances(40, first_use=False, best_open_s={Side.LEFT: 9.9}),
            "after 10 s with open eyes",
            id="closed, 9.9 s open",
        ),
        pytest.param(FOAM, Circumstances(40), "not at first use", id="foam, first"),
        pytest.param(
            ROMBERG_CLOSED,
            Circumstances(70, companion=True),
            None,
            id="two feet, closed, with somebody",
        ),
        pytest.param(
            SQUAT,
            Circumstances(30, first_use=False, best_open_s={Side.RIGHT: 40.0}),
            "after 10 s with open eyes",
            id="squat on a leg never tested",
        ),
        pytest.param(
            HOPS,
            Circumstances(30, first_use=True, best_open_s=STEADY),
            "not at first use",
            id="hops, first use",
        ),
        pytest.param(
            HOPS,
            Circumstances(70, first_use=False, best_open_s=STEADY),
            "somebody beside you",
            id="hops at 70, alone",
        ),
    ],
)
def test_gates(stage, person, because) -> None:
    refusal = reason_to_skip(stage, Side.LEFT, person, GATES)
    if because is None:
        assert refusal is None
    else:
        assert because in refusal


@given(stage=stages, person=people, side=st.sampled_from(Side))
def test_nobody_closes_the_eyes_alone_at_65_or_at_first_use(
    stage, person, side
) -> None:
    careful = person.first_use or person.age_years is None or person.age_years >= 65
    if stage.eyes == "closed" and careful and not person.has_companion:
        assert reason_to_skip(stage, side, person, GATES)


@given(person=people, side=st.sampled_from(Side), stage=st.sampled_from([SQUAT, HOPS]))
def test_nobody_loads_a_leg_that_does_not_hold_10_s(person, side, stage) -> None:
    if person.best_open_s.get(side, 0.0) < 10:
        assert reason_to_skip(stage, side, person, GATES)


@pytest.mark.parametrize(
    "code", ["fall_injury", "vertigo", "recent_surgery", "walking_aid"]
)
def test_a_yes_keeps_from_testing_alone(code) -> None:
    assert reason_not_to_test(SAFETY, Circumstances(yes=frozenset({code})))
    with_somebody = Circumstances(yes=frozenset({code, "someone_there"}))
    assert reason_not_to_test(SAFETY, with_somebody) is None


@pytest.mark.parametrize(
    "code", ["numbness", "foot_deformity", "diabetes", "ongoing_pain"]
)
def test_a_yes_sends_to_a_clinician_before_training(code) -> None:
    assert reasons_for_clinician(SAFETY, frozenset({code}))
    assert reason_not_to_test(SAFETY, Circumstances(yes=frozenset({code}))) is None


def test_every_sentence_has_a_source() -> None:
    statements = (*SAFETY.stop_rules, *SAFETY.set_up, *SAFETY.disclaimers)
    assert all(statement.source for statement in (*statements, *SAFETY.questions))
    assert set(GATES.sources) == {
        "age_alone_years",
        "eyes_open_before_closed_s",
        "eyes_open_before_load_s",
        "clinic_eyes_s",
        "adult_years",
    }
