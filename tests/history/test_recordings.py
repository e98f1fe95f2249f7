"""A result is kept whole with its landmarks, and read back equal."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from stored_results import assessment_of, recording_of, squats, stance

from balance.history import Store
from balance.history.recordings import (
    load_landmarks,
    load_recording,
    load_recordings,
    save_recording,
)
from balance.model.errors import InputError, StoreError

DAY = date(2026, 11, 20)


def test_a_result_is_read_back_equal(store: Store, a7: str) -> None:
    told = assessment_of(stance("left"), stance("right", 45.0), squats())
    key = save_recording(store, a7, told, on=DAY)
    kept = load_recording(store, key)
    assert kept.assessment == told
    assert (kept.person_code, kept.on, kept.original, kept.video) == (
        a7, DAY, None, None,
    )  # fmt: skip


def test_landmarks_are_read_back_bit_for_bit(store: Store, a7: str) -> None:
    told = recording_of()
    key = save_recording(store, a7, assessment_of(), told)
    kept = load_landmarks(store, key)
    assert kept is not None
    np.testing.assert_array_equal(kept.pose.xy_px, told.pose.xy_px)
    np.testing.assert_array_equal(kept.pose.time_s, told.pose.time_s)
    np.testing.assert_array_equal(kept.foot_tracks.left_px, told.foot_tracks.left_px)
    assert kept.source == told.source


def test_without_landmarks_there_are_none(store: Store, a7: str) -> None:
    assert load_landmarks(store, save_recording(store, a7, assessment_of())) is None


def test_the_same_result_twice_on_a_day_is_kept_once(store: Store, a7: str) -> None:
    first = save_recording(store, a7, assessment_of(), on=DAY)
    assert save_recording(store, a7, assessment_of(), on=DAY) == first
    save_recording(store, a7, assessment_of(stance("right")), on=DAY)
    assert len(load_recordings(store, a7, DAY)) == 2


def test_results_come_by_day(store: Store, a7: str) -> None:
    for day in (3, 1, 2):
        save_recording(store, a7, assessment_of(), on=date(2026, 1, day))
    assert [kept.on.day for kept in load_recordings(store, a7)] == [1, 2, 3]
    assert load_recordings(store, a7, date(2025, 1, 1)) == []


def test_nobody_and_nothing_are_sentences(store: Store) -> None:
    with pytest.raises(StoreError, match="no person 'nobody'"):
        save_recording(store, "nobody", assessment_of())
    with pytest.raises(StoreError, match="no recording"):
        load_recording(store, "0" * 32)


def test_video_is_kept_only_when_asked(store: Store, a7: str, tmp_path: Path) -> None:
    video = tmp_path / "A name.MP4"
    video.write_bytes(b"moving frames")
    save_recording(store, a7, assessment_of(), recording_of())
    assert not store.location.video_folder.exists()
    key = save_recording(store, a7, assessment_of(stance("right")), video=video)
    kept = load_recording(store, key).video
    assert kept is not None
    assert kept.read_bytes() == b"moving frames"
    # The name of the file may be the name of a person.
    assert kept.name == f"{key}.mp4"
    assert kept.stat().st_mode & 0o077 == 0


def test_a_video_is_dropped_when_its_result_cannot_be_saved(
    store: Store, tmp_path: Path
) -> None:
    video = tmp_path / "clip.mp4"
    video.write_bytes(b"x")
    with pytest.raises(StoreError):
        save_recording(store, "nobody", assessment_of(), video=video)
    assert list(store.location.video_folder.iterdir()) == []


def test_a_video_must_look_like_one(store: Store, a7: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="video"):
        save_recording(store, a7, assessment_of(), video=tmp_path / "passwd")
