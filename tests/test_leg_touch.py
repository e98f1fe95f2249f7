"""The raised foot against the standing leg."""

import numpy as np
import pytest
from people import lift, recording, standing

from balance.analysis.assessment import assess
from balance.model.codes import EndReason, EventCode
from balance.model.landmarks import Side
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards


def tree(rests_s: float):
    """A stand on the left leg whose raised foot goes to the other calf at 4 s."""
    time_s, xy = standing(11)
    xy = lift(time_s, xy, Side.RIGHT, 2, 9, height=0.3)
    over = np.clip(np.minimum(time_s - 4, 4 + rests_s - time_s) / 0.2, 0, 1)
    for joint in ("ankle", "heel", "foot_index"):
        xy[:, Side.RIGHT.landmark(joint), 0] += 44 * over
    return recording(time_s, xy)


def assessed(one, protocol):
    (trial,) = assess(one, load_protocol(protocol), load_standards()).trials
    return trial


def test_a_foot_that_rests_against_the_leg_is_an_event_and_ends_nothing() -> None:
    trial = assessed(tree(3.0), "auto")
    (touch,) = [e for e in trial.events if e.code is EventCode.LEGS_TOUCHING]
    assert touch.time_s == pytest.approx(4.1, abs=0.2)
    assert trial.end_reason is EndReason.TOUCHDOWN


def test_a_protocol_that_forbids_it_ends_the_trial_there() -> None:
    trial = assessed(tree(3.0), "single_leg_stance_eyes_open")
    assert trial.end_reason is EndReason.LEGS_TOUCHING
    assert trial.end_s == pytest.approx(4.1, abs=0.2)


def test_a_foot_that_only_passes_the_leg_is_none() -> None:
    trial = assessed(tree(0.6), "auto")
    assert EventCode.LEGS_TOUCHING not in [e.code for e in trial.events]
