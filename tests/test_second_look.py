"""Stands are found anew once it is known what the camera did."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from balance.analysis.body.trust import clean
from balance.analysis.events.trials import recording_stances
from balance.model.files import read_recording
from balance.model.recording import FootTracks, SwayTrack
from balance.pipeline import record
from balance.reference.contact_model import load_contact_model
from balance.reference.loader import load_protocol

RENDERED = Path(__file__).parent / "rendered"
FILM = Path("film.mp4")


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


@pytest.fixture
def looks(monkeypatch):
    """Parts of the video that are looked at; each look finds what is on record."""
    seen = []

    def look(path, known, parts, progress):
        seen.append(parts)
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
    record.follow_stands(FILM, shaken, lambda *_: None)
    # The landmarks of a shaken foot come down late; so much is beside the stand anyway.
    ((whole,),) = looks
    assert whole.start_s == pytest.approx(1.974 - record.BESIDE_S, abs=0.1)
    assert whole.end_s == pytest.approx(13.370 + record.BESIDE_S, abs=0.15)
    (known,) = record.stands_to_follow(recording("b11_stand"))
    assert known.start_s == pytest.approx(1.974 - record.BESIDE_S, abs=0.1)
    assert known.end_s == pytest.approx(13.370 + record.BESIDE_S, abs=0.1)


def test_a_stand_with_a_hop_is_looked_at_again_in_parts(looks):
    hops = by_landmarks_alone(recording("stand_right_touch_hop"))
    record.follow_stands(FILM, hops, lambda *_: None)
    first, second = looks
    assert len(second) == len(first) + 1


def test_a_steady_stand_is_looked_at_once(looks):
    steady = by_landmarks_alone(recording("b01_stand"))
    record.follow_stands(FILM, steady, lambda *_: None)
    assert len(looks) == 1


def test_without_a_stand_nothing_is_looked_at(looks):
    squats = recording("c01_squat")
    assert record.follow_stands(FILM, squats, lambda *_: None) is squats
    assert looks == []


def test_there_is_no_third_look(looks, monkeypatch):
    steady = by_landmarks_alone(recording("b01_stand"))
    monkeypatch.setattr(record, "_alike", lambda *_: False)
    record.follow_stands(FILM, steady, lambda *_: None)
    assert len(looks) == record.MOST_LOOKS
