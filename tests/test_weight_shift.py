"""Weight shifts of a stick person: how far, to which side, how smoothly."""

import numpy as np
import pytest
from standing_figure import Standing

from balance.analysis.measures.weight_shift import (
    find_weight_shifts,
    weight_shift_trials,
)
from balance.model.codes import TrialKind
from balance.model.landmarks import Side

FEET = {Side.LEFT: (0.15, 0.0), Side.RIGHT: (-0.15, 0.0)}
SHIFT_S = 3.0


def shifts(*ways_m: float):
    """One slow move after the other, + to the left, from t = 1 s on."""

    def at(t: float) -> float:
        k, into = divmod(t - 1.0, SHIFT_S)
        if t < 1.0 or k >= len(ways_m):
            return 0.0
        return ways_m[int(k)] * np.sin(np.pi * into / SHIFT_S) ** 2

    return at


def test_shifts_to_both_sides_are_counted_and_measured() -> None:
    figure = Standing(FEET, shift_m=shifts(0.09, -0.06, 0.09, -0.06))
    (trial,) = weight_shift_trials(figure.pose(14.5))
    assert trial.kind == TrialKind.WEIGHT_SHIFT_SET
    assert trial.side == "both"
    assert trial.measures["repetitions"].value == 4
    # 9 and 6 cm of the 30 cm between the feet.
    left = trial.measures["excursion_left_pct_stance"]
    right = trial.measures["excursion_right_pct_stance"]
    assert left.value == pytest.approx(30, abs=2)
    assert right.value == pytest.approx(20, abs=2)
    assert left.low <= left.value <= left.high
    assert trial.measures["reversals"].value == 0


def test_the_order_and_the_moment_of_each_shift_are_kept() -> None:
    figure = Standing(FEET, shift_m=shifts(0.09, -0.09))
    found = find_weight_shifts(figure.pose(8.5), (0.0, 8.5))
    assert [shift.side for shift in found] == [Side.LEFT, Side.RIGHT]
    assert [shift.peak_s for shift in found] == pytest.approx([2.5, 5.5], abs=0.2)


def test_a_shift_that_turns_back_on_its_way_is_not_smooth() -> None:
    smooth = shifts(0.09, -0.09)

    def hesitant(t: float) -> float:
        dip = 0.045 * np.exp(-(((t - 2.0) / 0.15) ** 2))
        return smooth(t) - dip

    found = find_weight_shifts(Standing(FEET, shift_m=hesitant).pose(8.5), (0, 8.5))
    lefts = [shift for shift in found if shift.side is Side.LEFT]
    assert sum(shift.reversals for shift in lefts) >= 1 or len(lefts) > 1


@pytest.mark.parametrize("yaw_deg", [-10.0, 10.0])
def test_a_turned_camera_changes_the_reach_little(yaw_deg) -> None:
    figure = Standing(FEET, shift_m=shifts(0.09, -0.09), yaw_deg=yaw_deg)
    (trial,) = weight_shift_trials(figure.pose(8.5))
    for side in Side:
        reach = trial.measures[f"excursion_{side.value}_pct_stance"]
        assert reach.value == pytest.approx(30, abs=3)


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(Standing(FEET), id="standing still"),
        pytest.param(
            Standing(FEET, shift_m=lambda t: 0.01 * np.sin(2 * t)), id="ordinary sway"
        ),
        pytest.param(
            Standing(
                {Side.LEFT: (0.05, 0), Side.RIGHT: (-0.05, 0)},
                shift_m=shifts(0.03, -0.03),
            ),
            id="feet together",
        ),
    ],
)
def test_what_is_no_shift(figure) -> None:
    assert weight_shift_trials(figure.pose(8.5)) == ()
