"""Frames of a recording are chosen, joined and changed in one place."""

import io
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from people import recording, standing

from balance.model.errors import InputError
from balance.model.files import pack_recording, unpack_recording

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


def test_which_frames_were_looked_at_is_stored_with_them() -> None:
    some = np.arange(len(WHOLE.pose)) % 3 == 0
    file = io.BytesIO()
    pack_recording(replace(WHOLE, inferred=some), file)
    file.seek(0)
    assert_array_equal(unpack_recording(file, "landmarks.npz").inferred, some)
    assert WHOLE.inferred is None
    with pytest.raises(InputError, match="inferred"):
        replace(WHOLE, inferred=some[1:])
