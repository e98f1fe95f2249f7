"""A stance foot has moved where it stands in another place, and nowhere else."""

import numpy as np
import pytest
from people import LEG_PX, lift, recording, standing

from balance.analysis.body.contact import find_feet
from balance.analysis.contact import recording_contact
from balance.analysis.contact.decode import BOTH
from balance.analysis.events.foot_moves import MOVE_S, MOVED, place_changes
from balance.model.landmarks import Landmark, Side
from balance.reference.contact_model import load_contact_model

STANCE = [Side.RIGHT.landmark(joint) for joint in ("ankle", "heel", "foot_index")]
HEEL, TOE = Side.RIGHT.landmark("heel"), Side.RIGHT.landmark("foot_index")
MODEL = load_contact_model()


def on_the_right(seconds: float = 9.0, rate_hz: float = 30.0):
    """The left foot is up from 1.5 to 7.5 s."""
    time_s, xy = standing(seconds, rate_hz)
    return time_s, lift(time_s, xy, Side.LEFT, 1.5, seconds - 1.5)


def moves(time_s, xy):
    made = recording(time_s, xy)
    # Of the person as it was before anything was moved: what is asked here is the foot.
    contact = recording_contact(recording(*on_the_right(rate_hz=rate(time_s))), MODEL)
    (alone,) = (one for one in contact.stretches if one.clear)
    return place_changes(made, find_feet(made, contact.state == BOTH), alone)


def rate(time_s) -> float:
    return float(1 / np.median(np.diff(time_s)))


def after(time_s, at_s: float, over_s: float = 0.1):
    """(T,) from 0 to 1 over some time."""
    return np.clip((time_s - at_s) / over_s, 0, 1)


@pytest.mark.parametrize("rate_hz", [10, 15, 24, 60])
@pytest.mark.parametrize("way", [-0.2, 0.15])
def test_a_hop_moves_the_foot_when_it_lands_elsewhere(way, rate_hz):
    time_s, xy = on_the_right(rate_hz=rate_hz)
    xy[:, STANCE, 0] += (way * LEG_PX * after(time_s, 4.0, 0.2))[:, None]
    ((left_s, stands_s, _),) = moves(time_s, xy)
    assert left_s == pytest.approx(4.0, abs=0.06 + 1 / rate_hz)
    assert stands_s == pytest.approx(4.2, abs=0.06 + 1 / rate_hz)
    assert left_s < stands_s


def test_two_hops_are_two_moves_in_their_order():
    time_s, xy = on_the_right()
    way = after(time_s, 3.0, 0.2) + after(time_s, 5.5, 0.2)
    xy[:, STANCE, 0] += (0.15 * LEG_PX * way)[:, None]
    first, second = moves(time_s, xy)
    assert first[1] < second[0]


def test_a_foot_that_comes_back_to_its_place_has_not_moved():
    time_s, xy = on_the_right()
    jump = 0.2 * LEG_PX * np.exp(-(((time_s - 4) / 0.1) ** 2))
    xy[:, STANCE, 1] -= jump[:, None]
    assert moves(time_s, xy) == []


@pytest.mark.parametrize("stays", [HEEL, TOE], ids=["on the heel", "on the ball"])
def test_a_turn_leaves_one_end_of_the_foot_where_it_was(stays):
    time_s, xy = on_the_right()
    turns = TOE if stays is HEEL else HEEL
    xy[:, turns, 0] += 0.15 * LEG_PX * after(time_s, 4.0)
    assert moves(time_s, xy) == []


@pytest.mark.parametrize("legs_per_s", [0.05, 0.15])
def test_a_camera_that_follows_slowly_moves_no_foot(legs_per_s):
    time_s, xy = on_the_right()
    xy[:, :, 0] += (legs_per_s * LEG_PX * time_s)[:, None]
    assert moves(time_s, xy) == []


def test_a_landmark_that_wobbles_moves_no_foot():
    time_s, xy = on_the_right()
    wobble = 0.04 * LEG_PX * np.sin(2 * np.pi * 1.5 * time_s)
    xy[:, STANCE, 0] += wobble[:, None]
    assert moves(time_s, xy) == []


@pytest.mark.parametrize(("share", "count"), [(0.6, 0), (2.0, 1)])
def test_a_foot_moves_by_more_than_the_least_way(share, count):
    time_s, xy = on_the_right()
    xy[:, STANCE, 0] += (share * MOVED * LEG_PX * after(time_s, 4.0))[:, None]
    assert len(moves(time_s, xy)) == count


def test_what_is_too_short_to_have_two_places_has_no_move():
    time_s, xy = on_the_right(seconds=3.0 + MOVE_S + 0.5)
    made = recording(time_s, xy)
    contact = recording_contact(made, MODEL)
    feet = find_feet(made, contact.state == BOTH)
    assert all(place_changes(made, feet, one) == [] for one in contact.stretches)


def test_a_foot_that_is_not_seen_has_no_place():
    time_s, xy = on_the_right()
    xy[:, [Landmark.RIGHT_HEEL, Landmark.RIGHT_FOOT_INDEX]] = np.nan
    made, whole = recording(time_s, xy), recording(*on_the_right())
    contact = recording_contact(whole, MODEL)
    (alone,) = (one for one in contact.stretches if one.clear)
    assert place_changes(made, find_feet(made, contact.state == BOTH), alone) == []
