"""Swapped legs come back exactly, or are flagged; legs that were right stay."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import recorded

from balance.analysis.body.leg_swaps import (
    exchange_legs,
    mirror_body,
    repair_leg_swaps,
)
from balance.model.landmarks import Landmark

FRONT = ["stand_left", "single_leg_squat_right", "squat_valgus_left"]
SIDE_VIEW = "squat_side_heel_lift"


def frames(start: int, count: int, total: int) -> np.ndarray:
    mask = np.zeros(total, bool)
    mask[start : start + count] = True
    return mask


@pytest.mark.parametrize("name", [*FRONT, SIDE_VIEW])
def test_legs_that_were_right_are_left_alone(name: str) -> None:
    pose = recorded(name)
    result = repair_leg_swaps(pose)
    assert not result.repaired.any()
    assert not result.doubtful.any()
    np.testing.assert_array_equal(result.pose.xy_px, pose.xy_px)


@pytest.mark.parametrize("name", FRONT)
@pytest.mark.parametrize("count", [1, 2, 5, 15, 30, 60])
@pytest.mark.parametrize("start", [0, 40, 95, 150, 200, 300])
def test_a_swap_in_front_view_is_undone_exactly(
    name: str, start: int, count: int
) -> None:
    pose = recorded(name)
    swapped = frames(start, count, len(pose))
    result = repair_leg_swaps(exchange_legs(pose, swapped))
    np.testing.assert_array_equal(result.repaired, swapped)
    np.testing.assert_array_equal(result.pose.xy_px, pose.xy_px)


@given(start=st.integers(1, 310), count=st.integers(1, 60))
@settings(max_examples=40)
def test_a_swap_in_side_view_is_undone_or_flagged(start: int, count: int) -> None:
    pose = recorded(SIDE_VIEW)
    swapped = frames(start, count, len(pose))
    result = repair_leg_swaps(exchange_legs(pose, swapped))
    wrong = np.any(result.pose.xy_px != pose.xy_px, axis=(1, 2))
    # Legs that coincide in the image may be swapped without harm or trace.
    legs = pose.xy_px[:, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]]
    apart = np.linalg.norm(legs[:, 0] - legs[:, 1], axis=1) > 0.06 * pose.size_px[1]
    assert not np.any(wrong & apart & ~result.doubtful)


def test_a_swap_across_a_gap_is_undone() -> None:
    pose = recorded("stand_left")
    swapped = frames(200, 30, len(pose))
    broken = exchange_legs(pose, swapped)
    broken.xy_px[195:205] = np.nan
    result = repair_leg_swaps(broken)
    seen = np.isfinite(broken.xy_px).all(axis=(1, 2))
    np.testing.assert_array_equal(result.pose.xy_px[seen], pose.xy_px[seen])


@pytest.mark.parametrize("name", FRONT)
@pytest.mark.parametrize(("start", "count"), [(40, 3), (95, 30), (0, 60), (20, 270)])
def test_a_body_taken_for_one_seen_from_behind_is_turned_back(
    name: str, start: int, count: int
) -> None:
    """Also where most frames are mirrored: the feet say which side is seen."""
    pose = recorded(name)
    mirrored = frames(start, count, len(pose))
    result = repair_leg_swaps(mirror_body(pose, mirrored))
    np.testing.assert_array_equal(result.repaired, mirrored)
    np.testing.assert_array_equal(result.pose.xy_px, pose.xy_px)


def test_somebody_who_turns_round_is_not_mirrored() -> None:
    """Shoulders and hips pass through the side view, without a jump."""
    pose = recorded("stand_left")
    turn = np.cos(np.linspace(0, np.pi, len(pose)))[:, None]
    middle = pose.xy_px[..., 0].mean(axis=1, keepdims=True)
    xy = pose.xy_px.copy()
    xy[..., 0] = middle + turn * (pose.xy_px[..., 0] - middle)
    result = repair_leg_swaps(replace(pose, xy_px=xy))
    assert not result.repaired.any()


def test_legs_that_cross_over_without_a_reason_are_flagged() -> None:
    """Knees and feet change sides while the hips stay: no history explains it."""
    pose = recorded("stand_left")
    below = [*range(Landmark.LEFT_KNEE, Landmark.RIGHT_FOOT_INDEX + 1)]
    other = [i + 1 if i % 2 else i - 1 for i in below]
    xy = pose.xy_px.copy()
    xy[200:220, below] = pose.xy_px[200:220][:, other]
    result = repair_leg_swaps(replace(pose, xy_px=xy))
    marked = result.doubtful | result.repaired
    assert marked[200:220].all()


def test_nothing_seen_is_nothing_repaired() -> None:
    pose = recorded("stand_left")
    empty = replace(pose, xy_px=np.full_like(pose.xy_px, np.nan))
    assert not repair_leg_swaps(empty).repaired.any()
