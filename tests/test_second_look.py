"""Stands are found anew once it is known what the camera did.

Where a stand may have to be cut at a hop, the camera and the standing feet are looked
at alone before all the rest is followed.
"""

import contextlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from found import recording_stances

from balance.analysis.body.clean_recording import clean
from balance.model.files import read_recording
from balance.model.recording import FootTracks, SwayTrack
from balance.pipeline import record
from balance.reference.contact_model import load_contact_model
from balance.reference.loader import load_protocol
from balance.tracking import optical_flow
from balance.tracking.optical_flow import Observation
from balance.tracking.pelvis_process import ProcessLostError

RENDERED = Path(__file__).parent / "rendered"
VIDEO = Path("video.mp4")


def recording(name):
    return read_recording(RENDERED / f"{name}.npz")


def by_landmarks_alone(known):
    """Forget what was seen below the px."""
    frames = len(known.pose.time_s)
    path, place = np.full(frames, np.nan), np.full((frames, 2), np.nan)
    return replace(
        known,
        sway_track=SwayTrack(path, path),
        foot_tracks=FootTracks(place, place),
        scene=replace(known.scene, camera_shift_px=place),
    )


class Looks(list):
    """Parts of the video that are looked at; ``of_feet`` which of them are quick."""

    def __init__(self):
        self.of_feet = []


@pytest.fixture
def looks(monkeypatch):
    """Each look finds what is on record."""
    seen = Looks()

    def look(path, known, parts, progress, elsewhere=None, *, only_standing=False):
        seen.append(parts)
        seen.of_feet.append(only_standing)
        return recording(known.source.name.split(".")[0])

    monkeypatch.setattr(record, "_looked_at", look)
    return seen


def stances_of(recording, *, camera_known):
    trusted = clean(recording).recording
    protocol = load_protocol(recording.protocol)
    model = load_contact_model()
    return recording_stances(trusted, protocol, model, camera_known=camera_known)[0]


def test_a_shaken_stand_is_looked_at_as_one(looks):
    shaken = by_landmarks_alone(recording("b11_stand"))
    # Shaking is no hop, whether what the camera did is known or not.
    assert len(stances_of(shaken, camera_known=True)) == 1
    assert len(stances_of(shaken, camera_known=False)) == 1
    record.follow_stands(VIDEO, shaken, lambda *_: None)
    # The landmarks of a shaken foot come down late; so much is beside the stand anyway.
    ((whole,),) = looks
    assert looks.of_feet == [False]
    assert whole.start_s == pytest.approx(1.974 - record.BESIDE_S, abs=0.1)
    assert whole.end_s == pytest.approx(13.370 + record.BESIDE_S, abs=0.15)
    (known,) = record.stands_to_follow(recording("b11_stand"))
    assert known.start_s == pytest.approx(1.974 - record.BESIDE_S, abs=0.1)
    assert known.end_s == pytest.approx(13.370 + record.BESIDE_S, abs=0.1)


def test_a_stand_with_a_hop_is_looked_at_in_parts_after_its_feet(looks):
    hops = by_landmarks_alone(recording("stand_right_touch_hop"))
    record.follow_stands(VIDEO, hops, lambda *_: None)
    first, second = looks
    assert len(second) == len(first) + 1
    assert looks.of_feet == [True, False]


def test_what_seemed_a_hop_and_is_none_is_followed_whole(looks, monkeypatch):
    steady = by_landmarks_alone(recording("b01_stand"))
    windows = record.stands_to_follow(steady)
    seen = iter([False])  # as if the landmarks had shown a hop
    monkeypatch.setattr(record, "_alike", lambda *_: next(seen))
    record.follow_stands(VIDEO, steady, lambda *_: None)
    assert looks.of_feet == [True, False]
    assert len(looks[1]) == len(windows)


def test_a_steady_stand_is_looked_at_once(looks):
    steady = by_landmarks_alone(recording("b01_stand"))
    record.follow_stands(VIDEO, steady, lambda *_: None)
    assert len(looks) == 1


def test_without_a_stand_nothing_is_looked_at(looks):
    squats = recording("c01_squat")
    assert record.follow_stands(VIDEO, squats, lambda *_: None) is squats
    assert looks == []


def test_there_is_no_third_look(looks, monkeypatch):
    steady = by_landmarks_alone(recording("b01_stand"))
    monkeypatch.setattr(record, "_alike", lambda *_: False)
    record.follow_stands(VIDEO, steady, lambda *_: None)
    assert len(looks) == 2


@pytest.mark.slow
def test_the_quick_look_finds_the_same_feet_and_camera(tmp_path):
    clip = RENDERED.parents[1] / "sample_videos" / "stand_left.mp4"
    known = by_landmarks_alone(recording("stand_left"))
    windows = record.stands_to_follow(known)
    whole, quick = (
        record._looked_at(
            clip, known, windows, lambda *_: None, only_standing=only_standing
        )
        for only_standing in (False, True)
    )
    left, right = quick.foot_tracks.left_px, quick.foot_tracks.right_px
    np.testing.assert_array_equal(left, whole.foot_tracks.left_px)
    assert np.isnan(right).all()
    np.testing.assert_array_equal(
        quick.scene.camera_shift_px, whole.scene.camera_shift_px
    )
    assert quick.notes == known.notes


def test_where_the_process_is_lost_the_pelvis_is_followed_here(monkeypatch):
    known = recording("b01_stand")
    shift_px, looked = known.scene.camera_shift_px, []

    def lost(frames, pose, windows, *, only_standing, elsewhere):
        looked.append(elsewhere)
        if elsewhere is not None:
            raise ProcessLostError
        return Observation(known.sway_track, known.foot_tracks, shift_px, ())

    monkeypatch.setattr(optical_flow, "observe", lost)
    monkeypatch.setattr(
        record, "open_grey", lambda *_: contextlib.nullcontext(iter(()))
    )
    windows = record.stands_to_follow(known)
    record._looked_at(VIDEO, known, windows, lambda *_: None, "elsewhere")
    assert looked == ["elsewhere", None]
