"""Which foot touches the floor: cases by hand, and laws that every answer obeys."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import lift, recording, standing
from protocol_clips import mirrored
from squatting_figure import Figure, squats
from standing_figure import Standing

from balance.analysis.body.clean_recording import clean
from balance.analysis.contact.decode import BOTH, NOT_VISIBLE, Contact, find_contact
from balance.model.files import read_recording
from balance.model.landmarks import Landmark, Side
from balance.model.recording import PoseSequence
from balance.reference.contact_model import load_contact_model

MODEL = load_contact_model()
ROOT = Path(__file__).parents[1]
RENDERED = ROOT / "tests" / "rendered"
LEFT, RIGHT = 1, 2
APART = {Side.LEFT: (0.175, 0.0), Side.RIGHT: (-0.175, 0.0)}
BEHIND = {Side.LEFT: (0.1, 0.0), Side.RIGHT: (-0.1, -0.3)}
FEET = {
    side: [side.landmark(joint) for joint in ("ankle", "heel", "foot_index")]
    for side in Side
}


def contact_of(pose: PoseSequence, **more) -> Contact:
    return find_contact(pose.time_s, pose.xy_px, MODEL, size_px=pose.size_px, **more)


def stand_on_the_right(seconds: float = 8.0, rate_hz: float = 30.0) -> PoseSequence:
    """The left foot is up from 2 to 6 s."""
    time_s, xy = standing(seconds, rate_hz)
    return recording(time_s, lift(time_s, xy, Side.LEFT, 2, 6)).pose


def rendered(name: str) -> PoseSequence:
    return clean(read_recording(RENDERED / f"{name}.npz")).recording.pose


def spans(contact: Contact) -> list[int]:
    return [state for state, _, _ in contact.spans()]


def alone(contact: Contact, at_least_s: float = 1.0) -> list[int]:
    """States of the clear stretches on one leg."""
    t = contact.time_s
    return [
        one.side + 1
        for one in contact.stretches
        if one.clear and t[one.stop - 1] - t[one.first] >= at_least_s
    ]


def held(contact: Contact) -> tuple[float, float]:
    """First and last second of the one clear stretch."""
    (one,) = (one for one in contact.stretches if one.clear)
    return float(contact.time_s[one.first]), float(contact.time_s[one.stop - 1])


# ------------------------------------------------------------------ both feet planted


@pytest.mark.parametrize("height_m", [0.7, 1.0, 1.4])
@pytest.mark.parametrize("yaw_deg", [-36, 36])
def test_feet_apart_before_a_turned_camera_are_both_down(yaw_deg, height_m):
    person = Standing(
        feet=APART, yaw_deg=yaw_deg, camera_height_m=height_m, distance_m=3.8
    )
    contact = contact_of(person.pose(10))
    assert alone(contact) == []
    assert (contact.state == BOTH).all()


@pytest.mark.parametrize("yaw_deg", [0, 30, 60])
def test_a_foot_that_is_set_back_is_down(yaw_deg):
    person = Standing(feet=BEHIND, yaw_deg=yaw_deg)
    assert alone(contact_of(person.pose(8))) == []


@pytest.mark.parametrize("yaw_deg", [0, 36, 90])
def test_squats_on_two_legs_are_on_two_legs(yaw_deg):
    pose = Figure(yaw_deg=yaw_deg, noise_px=0.3).pose(12.5, squats(3))
    assert alone(contact_of(pose)) == []


def test_heel_raises_are_on_two_legs():
    up = {side: lambda t: 25 * max(np.sin(np.pi * t), 0.0) for side in Side}
    assert alone(contact_of(Standing(heel_deg=up).pose(8))) == []


# ------------------------------------------------------------------------ on one foot


@pytest.mark.parametrize("name", ["stand_left", "b08_stand", "b12_stand"])
def test_a_stand_cut_inside_its_hold_is_one_stretch_without_start_or_end(name):
    pose = rendered(name)
    whole = contact_of(pose)
    one = next(one for one in whole.stretches if one.clear)
    start_s, end_s = whole.time_s[one.first], whole.time_s[one.stop - 1]
    rows = (whole.time_s > start_s + 1.5) & (whole.time_s < end_s - 1.5)
    cut = contact_of(
        replace(
            pose,
            time_s=pose.time_s[rows],
            xy_px=pose.xy_px[rows],
            visibility=pose.visibility[rows],
        )
    )
    (only,) = cut.stretches
    assert only.clear
    assert only.side == one.side
    assert (only.first, only.stop) == (0, rows.sum())
    assert only.start is None
    assert only.end is None


def test_a_tap_of_the_other_foot_parts_two_stands():
    found = contact_of(rendered("stand_right_touch_hop"))
    assert alone(found)[0] == RIGHT
    assert len(alone(found)) >= 2


# --------------------------------------------------------------------------- the laws


@pytest.mark.parametrize("name", ["stand_left", "c08_slsquat", "stand_right_touch_hop"])
def test_a_mirror_exchanges_left_and_right_exactly(name):
    pose = rendered(name)
    before, after = contact_of(pose), contact_of(mirrored(pose))
    exchanged = np.array([0, RIGHT, LEFT, 3, NOT_VISIBLE])[before.state]
    np.testing.assert_array_equal(after.state, exchanged)
    np.testing.assert_allclose(
        after.chances[:, [0, 2, 1, 3]], before.chances, atol=1e-4
    )


@settings(max_examples=6, deadline=None)
@given(st.floats(0.4, 3), st.floats(-300, 300), st.floats(-200, 200))
def test_neither_the_size_nor_the_place_in_the_image_counts(scale, right, down):
    pose = stand_on_the_right()
    shifted = pose.xy_px * scale + [right, down]
    before = find_contact(pose.time_s, pose.xy_px, MODEL)
    after = find_contact(pose.time_s, shifted, MODEL)
    np.testing.assert_array_equal(after.state, before.state)
    np.testing.assert_allclose(after.chances, before.chances, atol=1e-3)


@pytest.mark.parametrize("rate_hz", [10, 15, 24, 60])
def test_the_frame_rate_changes_no_state(rate_hz):
    contact = contact_of(stand_on_the_right(rate_hz=rate_hz))
    assert spans(contact) == [BOTH, RIGHT, BOTH]
    assert held(contact) == pytest.approx((2.0, 6.0), abs=0.15 + 1 / rate_hz)


@pytest.mark.parametrize(
    ("missing_s", "states"),
    [(0.2, [BOTH, RIGHT, BOTH]), (0.5, [BOTH, RIGHT, NOT_VISIBLE, RIGHT, BOTH])],
    ids=["bridged", "not visible"],
)
@pytest.mark.parametrize("side", list(Side))
def test_a_foot_out_of_sight(side, missing_s, states):
    pose = stand_on_the_right()
    xy = pose.xy_px.copy()
    gone = (pose.time_s > 4) & (pose.time_s < 4 + missing_s)
    xy[np.ix_(gone, FEET[side])] = np.nan
    contact = contact_of(replace(pose, xy_px=xy))
    assert spans(contact) == states
    np.testing.assert_array_equal(
        np.isnan(contact.chances).any(axis=1), contact.state == NOT_VISIBLE
    )


def test_a_foot_outside_the_image_is_not_visible():
    pose = stand_on_the_right()
    xy = pose.xy_px.copy()
    xy[np.ix_(pose.time_s > 7, FEET[Side.LEFT], [1])] = pose.size_px[1] + 20
    contact = contact_of(replace(pose, xy_px=xy))
    assert (contact.state[pose.time_s > 7.2] == NOT_VISIBLE).all()


def test_a_cut_splits_a_stand_and_neither_part_knows_its_edge():
    pose = stand_on_the_right()
    cut = np.zeros(len(pose), bool)
    at = int(np.searchsorted(pose.time_s, 4.0))
    cut[at] = True
    contact = contact_of(pose, cut=cut)
    parts = [
        find_contact(pose.time_s[rows], pose.xy_px[rows], MODEL, size_px=pose.size_px)
        for rows in (slice(0, at), slice(at, None))
    ]
    np.testing.assert_array_equal(
        contact.state, np.concatenate([part.state for part in parts])
    )
    assert {change.edge_s for change in contact.changes} == {
        change.edge_s for part in parts for change in part.changes
    }


def test_chances_are_chances_and_a_foot_touches_alone_or_with_the_other():
    contact = contact_of(rendered("stand_left"))
    np.testing.assert_allclose(contact.chances.sum(axis=1), 1)
    np.testing.assert_allclose(contact.posterior.sum(axis=1), 1)
    expected = contact.chances[:, 0] + contact.chances[:, RIGHT]
    np.testing.assert_allclose(contact.touching(1), expected)
    assert all(0 <= change.chance <= 1 for change in contact.changes)
    assert all(change.sd_s >= MODEL.decoding["edge_sd_s"] for change in contact.changes)


def nobody(frames: int) -> np.ndarray:
    return np.full((frames, len(Landmark), 2), np.nan)


@pytest.mark.parametrize("frames", [0, 1, 2, 30])
def test_nobody_in_the_image_is_not_visible(frames):
    contact = find_contact(np.arange(frames) / 30, nobody(frames), MODEL)
    assert (contact.state == NOT_VISIBLE).all()
    assert contact.stretches == ()


@pytest.mark.parametrize("name", ["contact.npz", "repetitions.npz"])
def test_the_script_that_a_model_names_is_in_the_repository(name):
    with np.load(ROOT / "balance" / "data" / name) as data:
        told = " ".join(str(data[key]) for key in data.files if key.endswith("_json"))
    named = re.findall(r"scripts/[\w/]+\.py", told)
    assert named
    assert all((ROOT / one).is_file() for one in named)
