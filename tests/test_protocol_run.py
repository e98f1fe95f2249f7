"""A protocol from its first step to its end."""

import pytest

from balance.analysis.protocols.run import (
    Outcome,
    failed_stage,
    next_step,
    record,
    start_run,
    stop,
    why_over,
)
from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.reference.loader import load_protocol, load_safety
from balance.reference.safety import Circumstances

GATES = load_safety().gates
STEADY = Circumstances(
    40, first_use=False, companion=True, best_open_s={side: 40.0 for side in Side}
)


def play(code, values, person=STEADY, **options):
    """Feed values in order; return the run and what was asked as (stage, leg, try)."""
    run = start_run(load_protocol(code), person, GATES, **options)
    asked = []
    for value in values:
        step = next_step(run)
        if step is None:
            break
        asked.append((step.stage.code, step.leg, step.trial))
        capped = value is not None and step.stage.seconds == value
        run = record(run, Outcome(step, value, EndReason.TIME_CAP if capped else None))
    return run, asked


@pytest.mark.parametrize(
    ("values", "last", "failed"),
    [
        pytest.param([10, 10, 10, 10], "one_leg", None, id="all four held"),
        pytest.param([10, 10, 9.9], "tandem", "tandem", id="tandem not held"),
        pytest.param([3, 10, 10, 10], "side_by_side", "side_by_side", id="first fails"),
        pytest.param([10, None, 10, 4], "tandem", "tandem", id="lost sight, again"),
    ],
)
def test_the_four_stages_end_at_the_first_that_fails(values, last, failed) -> None:
    run, asked = play("four_stage_balance", values)
    assert asked[-1][0] == last
    assert next_step(run) is None
    assert (failed_stage(run).code if failed_stage(run) else None) == failed
    assert why_over(run)


def test_a_stage_that_could_not_be_told_comes_again() -> None:
    _, asked = play("four_stage_balance", [10, None, 10])
    assert [stage for stage, _, _ in asked] == [
        "side_by_side",
        "semi_tandem",
        "semi_tandem",
    ]


def test_legs_take_turns_over_three_trials() -> None:
    _, asked = play("single_leg_stance_eyes_open", [5, 6, 7, 8, 9, 10, 11])
    assert [(leg, trial) for _, leg, trial in asked] == [
        ("left", 1),
        ("right", 1),
        ("left", 2),
        ("right", 2),
        ("left", 3),
        ("right", 3),
    ]


def test_a_leg_at_the_cap_needs_no_further_trial() -> None:
    run, asked = play("single_leg_stance_eyes_open", [45, 20, 21, 22, 23])
    assert [leg for _, leg, _ in asked] == ["left", "right", "right", "right"]
    assert next_step(run) is None


def test_bess_goes_on_after_a_bad_stage() -> None:
    _, asked = play("mbess", [20, 3, 20])
    assert [stage for stage, _, _ in asked] == [
        "double_firm",
        "single_firm",
        "tandem_firm",
    ]


def test_what_is_not_safe_is_left_out_with_a_reason() -> None:
    newcomer = Circumstances(70, first_use=True)
    run, asked = play("romberg", [60, 60], newcomer)
    assert [stage for stage, _, _ in asked] == ["eyes_open"]
    assert "first use" in run.skipped["eyes_closed", "both"]


def test_only_the_weak_leg_is_kept_from_squatting() -> None:
    one_good = Circumstances(30, first_use=False, best_open_s={Side.RIGHT: 12.0})
    run, asked = play("single_leg_squat", [3, 3, 3], one_good)
    assert [leg for _, leg, _ in asked] == ["right"]
    assert ("single_leg_squats", "left") in run.skipped


def test_a_hand_that_held_on_takes_a_stage_back_however_long_it_was() -> None:
    run = start_run(load_protocol("four_stage_balance"), STEADY, GATES)
    run = record(run, Outcome(next_step(run), 10.0, EndReason.HAND_SUPPORT))
    assert failed_stage(run).code == "side_by_side"


def test_a_run_stopped_by_hand_is_over() -> None:
    run, _ = play("four_stage_balance", [10])
    run = stop(run, "Stopped by the person.")
    assert next_step(run) is None
    assert why_over(run) == "Stopped by the person."
