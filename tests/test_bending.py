"""Knees begin to bend where the hips move against the feet, and not before."""

from itertools import pairwise

import numpy as np
import pytest

from balance.model.landmarks import LANDMARK_COUNT, Landmark
from balance.tracking.bending import WITHIN_S, BendWatch, feet_are_level
from balance.tracking.subject import Body

RATE_HZ = 30


def body(height_px: float, raised_px: float = 0.0) -> Body:
    """Hips so high over the right ankle; the left one is raised."""
    xy = np.zeros((LANDMARK_COUNT, 2))
    xy[Landmark.RIGHT_ANKLE, 1] = 400
    xy[Landmark.LEFT_ANKLE, 1] = 400 - raised_px
    xy[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1] = 400 - height_px
    return Body(xy, np.ones(LANDMARK_COUNT))


def seen_at(bodies: list[Body]) -> float | None:
    """When a bend was seen first, in seconds."""
    watch = BendWatch()
    for number, one in enumerate(bodies):
        if watch.sees_bend(number / RATE_HZ, one):
            return number / RATE_HZ
    return None


def course(*heights_px: float, seconds: float = 1.0) -> list[Body]:
    """Hips that move evenly from each height to the next."""
    frames = round(seconds * RATE_HZ)
    ways = [np.linspace(a, b, frames) for a, b in pairwise(heights_px)]
    return [body(height) for height in np.concatenate(ways)]


def test_who_stands_and_sways_a_little_does_not_bend() -> None:
    assert seen_at(course(200, 197, 200, 196, 200)) is None


def test_a_squat_is_seen_on_its_way_down() -> None:
    # 5 % of 200 px is half of the way of 20 px that begins after 1 s.
    assert seen_at(course(200, 200, 180)) == pytest.approx(1.5, abs=0.1)


def test_who_comes_up_from_a_squat_was_in_one() -> None:
    assert seen_at(course(180, 180, 200)) == pytest.approx(1.5, abs=0.1)


def test_one_wrong_frame_is_no_bend() -> None:
    bodies = course(200, 200)
    bodies[15] = body(100)
    assert seen_at(bodies) is None


def test_hips_that_a_raised_thigh_drags_up_are_no_bend() -> None:
    raised = [body(215, raised_px=60)] * 30
    assert seen_at(course(200, 200) + raised + course(200, 200)) is None


def test_a_squat_on_one_leg_is_seen() -> None:
    down = [body(height, raised_px=60) for height in np.linspace(215, 195, 30)]
    assert seen_at(course(200, 200) + down) is not None


def test_coming_nearer_over_long_is_no_bend() -> None:
    assert seen_at(course(200, 209, seconds=WITHIN_S)) is None


def test_feet_are_level_within_an_eighth_of_the_leg() -> None:
    assert feet_are_level(body(200, raised_px=20))
    assert not feet_are_level(body(200, raised_px=30))
