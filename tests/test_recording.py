"""Frames of a recording are chosen, joined and changed in one place."""

from dataclasses import replace

import numpy as np
from numpy.testing import assert_array_equal
from people import recording, standing

WHOLE = recording(*standing(4.0))


def test_halves_joined_are_the_whole() -> None:
    half = len(WHOLE.pose) // 2
    again = WHOLE[:half].concat(WHOLE[half:])
    assert_array_equal(again.pose.xy_px, WHOLE.pose.xy_px)
    assert_array_equal(again.scene.scene_cut, WHOLE.scene.scene_cut)
    assert again.pose.size_px == WHOLE.pose.size_px
    assert again.person == WHOLE.person


def test_every_array_is_chosen_alike() -> None:
    mask = np.arange(len(WHOLE.pose)) % 3 == 0
    some = WHOLE.select(mask)
    assert len(some.pose) == mask.sum()
    assert_array_equal(some.foot_tracks.left_px, WHOLE.foot_tracks.left_px[mask])


def test_what_is_known_in_one_part_only_is_not_known_of_the_whole() -> None:
    known = replace(WHOLE.sway_track, scale_change=np.zeros(len(WHOLE.pose)))
    joined = replace(WHOLE.pose, time_s=WHOLE.pose.time_s + 1000.0)
    later = replace(WHOLE, pose=joined)
    first = replace(WHOLE, sway_track=known)
    assert first.concat(later).sway_track.scale_change is None
