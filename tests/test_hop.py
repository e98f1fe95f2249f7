"""Hops of a stick person: counted, timed, on the right leg."""

import numpy as np
import pytest
from standing_figure import Standing

from balance.analysis.measures.hop import find_hops, hop_trials
from balance.model.codes import TrialKind
from balance.model.landmarks import Side

TAKE_OFFS_S = (2.0, 4.0, 6.0)
FLIGHT_S = 0.3


def jumps(t: float) -> float:
    for start in TAKE_OFFS_S:
        into = (t - start) / FLIGHT_S
        if 0 < into < 1:
            return 0.11 * 4 * into * (1 - into)
    return 0.0


@pytest.mark.parametrize("rate_hz", [30.0, 60.0])
def test_hops_are_counted_and_timed(rate_hz) -> None:
    found = find_hops(Standing(jump_m=jumps, rate_hz=rate_hz).pose(8))
    assert [hop.off_s for hop in found] == pytest.approx(TAKE_OFFS_S, abs=0.07)
    flights = [hop.down_s - hop.off_s for hop in found]
    assert flights == pytest.approx([FLIGHT_S] * 3, abs=0.1)


def test_hops_on_one_leg_name_the_leg_and_are_called_experimental() -> None:
    figure = Standing(jump_m=jumps, rate_hz=30, lift_m={Side.RIGHT: lambda _: 0.2})
    (trial,) = hop_trials(figure.pose(8))
    assert trial.kind == TrialKind.HOP_SET
    assert trial.side == "left"
    assert trial.measures["repetitions"].value == 3
    assert "Experimental" in trial.findings[0].text


def test_a_straight_leg_lands_without_valgus() -> None:
    (trial,) = hop_trials(Standing(jump_m=jumps, rate_hz=30).pose(8))
    angle = trial.measures["landing_fppa_raw_deg_mean"]
    assert abs(angle.value) < 5


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(Standing(rate_hz=30), id="standing"),
        pytest.param(
            Standing(rate_hz=30, bend_deg=lambda t: 50 * np.sin(t) ** 2), id="squats"
        ),
        pytest.param(
            Standing(
                rate_hz=30,
                heel_deg={s: (lambda t: 35 * np.sin(2 * t) ** 2) for s in Side},
            ),
            id="heel raises",
        ),
        pytest.param(
            Standing(rate_hz=30, lift_m={Side.LEFT: lambda t: 0.2 * (t % 2 < 0.4)}),
            id="marching",
        ),
    ],
)
def test_what_is_no_hop(figure) -> None:
    assert hop_trials(figure.pose(8)) == ()
