"""Heel raises of a stick person and of rendered people; squats and hops are none."""

from collections.abc import Callable

import numpy as np
import pytest
from protocol_clips import clip
from standing_figure import Standing

from balance.analysis.measures.heel_raise import find_heel_raises, heel_raise_trials
from balance.model.codes import EndReason, TrialKind
from balance.model.landmarks import Side

STARTS = (1.0, 3.0, 5.0, 7.0)
UP_S = 1.4


def wave(heights: tuple[float, ...], start_s: float = 1.0) -> Callable[[float], float]:
    """One smooth rise a number, two seconds apart, as high as the number."""

    def at(t: float) -> float:
        k = int((t - start_s) // 2)
        into = t - start_s - 2 * k
        if t < start_s or k >= len(heights) or into > UP_S:
            return 0.0
        return heights[k] * np.sin(np.pi * into / UP_S) ** 2

    return at


def rising(left: tuple[float, ...], right: tuple[float, ...] = (), **rest) -> Standing:
    heels = {Side.LEFT: wave(left), Side.RIGHT: wave(right or left)}
    return Standing(heel_deg=heels, **rest)


@pytest.mark.parametrize("yaw_deg", [0.0, 20.0, 90.0])
@pytest.mark.parametrize("rate_hz", [15.0, 30.0])
def test_every_raise_is_counted_from_front_and_side(yaw_deg, rate_hz) -> None:
    figure = rising((40.0,) * 4, yaw_deg=yaw_deg, rate_hz=rate_hz)
    (raises,) = find_heel_raises(figure.pose(9.5))
    assert len(raises) == 4
    tops = [raised.top_s for raised in raises]
    assert tops == pytest.approx([start + UP_S / 2 for start in STARTS], abs=0.15)


def test_heights_are_told_against_the_first() -> None:
    # The ankle rises with the sine of the angle: 40, 40, 28 and 18 degrees.
    (trial,) = heel_raise_trials(rising((40.0, 40.0, 28.0, 18.0)).pose(9.5))
    heights = [r.measures["height_pct_first"] for r in trial.repetitions]
    true = [100 * rise_m(deg) / rise_m(40) for deg in (40, 40, 28, 18)]
    for height, truth in zip(heights, true, strict=True):
        assert height.low - 3 <= truth <= height.high + 3
    assert trial.measures["height_last_pct_first"].value == pytest.approx(
        true[-1], abs=8
    )


def rise_m(angle_deg: float) -> float:
    """How far the ankle of the figure rises, from its geometry."""
    turn = np.radians(angle_deg)
    return 0.13 * np.sin(turn) + 0.07 * np.cos(turn) - 0.07


def test_the_set_is_a_trial_with_count_and_tempo() -> None:
    (trial,) = heel_raise_trials(rising((40.0,) * 4).pose(9.5))
    assert trial.kind == TrialKind.HEEL_RAISE_SET
    assert trial.side == "both"
    assert trial.end_reason == EndReason.SET_END
    assert trial.measures["repetitions"].value == 4
    assert trial.measures["tempo_per_min"].value == pytest.approx(30, abs=1.5)
    assert trial.start_s == pytest.approx(1.2, abs=0.2)
    assert trial.end_s == pytest.approx(8.2, abs=0.2)


def test_even_heels_are_symmetrical() -> None:
    (even,) = heel_raise_trials(rising((40.0,) * 4).pose(9.5))
    assert even.measures["symmetry_pct"].value > 90


def test_a_pause_makes_two_sets() -> None:
    first, second = wave((40.0,) * 2), wave((40.0,) * 2, start_s=14.0)
    both = {side: lambda t: first(t) + second(t) for side in Side}
    trials = heel_raise_trials(Standing(heel_deg=both).pose(19))
    assert [t.measures["repetitions"].value for t in trials] == [2, 2]


def test_on_one_leg_the_stance_leg_is_named_and_no_symmetry_given() -> None:
    figure = Standing(
        heel_deg={Side.LEFT: wave((40.0,) * 4)},
        lift_m={Side.RIGHT: lambda _: 0.25},
    )
    (trial,) = heel_raise_trials(figure.pose(9.5))
    assert trial.side == "left"
    assert trial.measures["symmetry_pct"] is None
    assert trial.findings


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(Standing(bend_deg=wave((60.0,) * 4)), id="squats"),
        pytest.param(Standing(jump_m=wave((0.08,) * 4)), id="hops"),
        pytest.param(Standing(), id="standing still"),
        pytest.param(Standing(noise_px=1.5), id="standing, poor landmarks"),
        pytest.param(Standing(shift_m=lambda t: 0.06 * np.sin(t)), id="weight shifts"),
    ],
)
def test_other_movements_are_no_heel_raises(figure) -> None:
    assert heel_raise_trials(figure.pose(9.5)) == ()


def test_feet_out_of_the_frame_are_not_measured() -> None:
    figure = rising((40.0,) * 4, camera_height_m=1.6, distance_m=2.2)
    assert heel_raise_trials(figure.pose(9.5)) == ()


def test_five_raises_of_a_rendered_person_against_the_truth() -> None:
    (trial,) = heel_raise_trials(clip("heel_raises"))
    assert trial.measures["repetitions"].value == 5
    true_tops_s = (1.8, 3.7, 5.6, 7.5, 9.4)
    true_pct = (100, 100, 92, 76, 46)
    for repetition, top_s, pct in zip(
        trial.repetitions, true_tops_s, true_pct, strict=True
    ):
        assert repetition.bottom_s == pytest.approx(top_s, abs=0.15)
        height = repetition.measures["height_pct_first"]
        assert height.low - 1 <= pct <= height.high + 1


def test_four_raises_on_one_leg_of_a_rendered_person_against_the_truth() -> None:
    (trial,) = heel_raise_trials(clip("heel_raises_one_leg"))
    assert trial.side == "left"
    tops = [repetition.bottom_s for repetition in trial.repetitions]
    assert tops == pytest.approx([3.75, 5.55, 7.35, 9.15], abs=0.1)
    for repetition, pct in zip(trial.repetitions, (100, 99, 92, 64), strict=True):
        height = repetition.measures["height_pct_first"]
        assert height.low - 1 <= pct <= height.high + 1
