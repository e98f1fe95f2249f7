"""Thigh and shank are so long that the knees bend in space as they are told to."""

from dataclasses import replace

import numpy as np
import pytest

from balance.analysis.events.repetitions import SquatRepetition, SquatSet
from balance.analysis.measures.leg_lengths import LENGTHS, fit_lengths
from balance.analysis.measures.leg_lines import LONGER_SD
from balance.analysis.measures.squat_view import SquatView, see_squats
from balance.model.camera import Pinhole
from balance.model.codes import EndReason, TrialKind
from balance.model.landmarks import Side
from balance.model.results import Measurement
from tests.squatting_figure import Figure

BOTTOM = np.array([42, 43, 44, 45])  # the last second: at 80 degrees


def seen(figure: Figure, deepest_deg: float = 80.0) -> SquatView:
    pose = figure.pose(3.1, lambda t: 0.0 if t < 2.0 else deepest_deg)
    whole = (SquatRepetition(2.0, 2.9, 3.0, 0.4),)
    one = SquatSet(TrialKind.SQUAT_SET, None, whole, 2.0, 3.0, EndReason.SET_END)
    view = see_squats(pose, None, one)
    assert view is not None
    return replace(view, camera=Pinhole(figure.focal_px, (320, 240)))


def told(deg: float, sd: float = 3.0) -> Measurement:
    return Measurement.with_sd(deg, sd, "deg")


@pytest.mark.parametrize("deepest_deg", [60.0, 80.0, 100.0])
def test_a_leg_seen_as_long_as_it_is_stays_so(deepest_deg):
    view = seen(Figure(), deepest_deg)
    legs = fit_lengths(view, [(BOTTOM, told(deepest_deg))])
    for side in Side:
        assert legs[side].longer == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("share", [0.92, 0.96])
def test_a_leg_seen_too_short_in_standing_gets_its_length_back(share):
    view = seen(Figure())
    short = {
        side: replace(leg, thigh_px=share * leg.thigh_px, shank_px=share * leg.shank_px)
        for side, leg in view.legs.items()
    }
    legs = fit_lengths(replace(view, legs=short), [(BOTTOM, told(80.0))])
    assert legs[Side.LEFT].longer == pytest.approx(1 / share, abs=0.01)


def test_a_bend_told_less_well_leaves_the_length_less_sure():
    view = seen(Figure())
    sure, unsure = (
        fit_lengths(view, [(BOTTOM, told(80.0, sd))])[Side.LEFT].longer_sd
        for sd in (1.0, 4.0)
    )
    assert unsure == pytest.approx(4 * sure, rel=0.2)


def test_the_length_lies_where_people_have_theirs():
    view = seen(Figure())
    legs = fit_lengths(view, [(BOTTOM, told(150.0))])
    assert legs[Side.LEFT].longer == LENGTHS[-1]


def test_without_a_bend_the_length_is_that_of_standing():
    view = seen(Figure())
    legs = fit_lengths(view, [(BOTTOM, None)])
    assert legs[Side.LEFT].longer == 1.0
    assert legs[Side.LEFT].longer_sd == LONGER_SD
