"""Somebody who leans over one foot in front of a camera: how far they came forward."""

from dataclasses import replace

import numpy as np
import pytest

from balance.analysis.body.forward import FORWARD_CUTOFF_HZ, HEAD, relative_depth_change
from balance.model.landmarks import Landmark
from balance.model.recording import PoseSequence, SwayTrack
from tests.protocol_clips import recording as recording_of
from tests.stick_figure import stick_figure

TIME_S = np.arange(540) / 30
START_S, END_S = WINDOW_S = (2.0, 16.0)
INSIDE = (TIME_S >= START_S) & (TIME_S <= END_S)
FOCAL_PX = 0.8 * 640
AWAY_MM = 3000.0
MM_PER_PX = AWAY_MM / FOCAL_PX
AP_MM = 6 * np.sin(2 * np.pi * 0.31 * TIME_S) + 3 * np.sin(2 * np.pi * 0.7 * TIME_S)
ML_MM = 5 * np.sin(2 * np.pi * 0.4 * TIME_S + 1)
NEARER = AP_MM / AWAY_MM
# A head sways more than the hips, and bends forward by itself.
HEAD_MM = 1.8 * AP_MM + 4 * np.sin(2 * np.pi * 0.52 * TIME_S + 2)
HIPS_SINK, HEAD_SINKS = 0.04, -0.15


def standing(growth_noise=0.0, camera_px=0.0, lifted="RIGHT"):
    """A stand on the left foot; the pelvis sinks on its circle about that foot."""
    rng = np.random.default_rng(4)
    xy = np.repeat(stick_figure()[None], len(TIME_S), axis=0)
    for part in ("ANKLE", "HEEL", "FOOT_INDEX"):
        xy[:, Landmark[f"{lifted}_{part}"], 1] -= 60
    ml_px, down_px = 320 + ML_MM / MM_PER_PX, 240 + HIPS_SINK * AP_MM / MM_PER_PX
    foot_x = 338 if lifted == "RIGHT" else 302
    # Hips beside the foot go down as they go away from it: a circle of 150 px.
    down_px = down_px + (320 - foot_x) / 150 * ML_MM / MM_PER_PX
    xy[:, HEAD, 1] += (HEAD_SINKS * HEAD_MM / MM_PER_PX + camera_px)[:, None]
    xy[:, HEAD, 1] += rng.normal(0, 0.3, (len(TIME_S), len(HEAD)))
    slow = rng.normal(0, 1, (4, 1)) * np.sin(
        2 * np.pi * np.array([[0.17], [0.45], [0.58], [0.9]]) * TIME_S
    )
    growth = NEARER + growth_noise * NEARER[INSIDE].std() * slow.sum(axis=0)
    track = SwayTrack(ml_px, np.full(len(TIME_S), 0.05), growth, down_px)
    pose = PoseSequence(TIME_S, xy, np.ones((len(TIME_S), 33)), (640, 480))
    recording = recording_of(pose)
    shift = np.zeros((len(TIME_S), 2))
    shift[:, 1] = camera_px
    scene = replace(recording.scene, camera_shift_px=shift)
    return replace(recording, sway_track=track, scene=scene)


def error(recording):
    """Share of the way forward that is not what it is said to be."""
    off = (relative_depth_change(recording, WINDOW_S) - NEARER)[INSIDE]
    return np.std(off) / np.std(NEARER[INSIDE])


@pytest.mark.parametrize("lifted", ["LEFT", "RIGHT"])
def test_what_grows_clearly_is_nearer(lifted):
    assert error(standing(lifted=lifted)) < 0.1


def test_a_growth_of_mostly_noise_is_told_by_what_sinks_with_it():
    noisy = standing(growth_noise=1.0)
    alone = replace(noisy, sway_track=replace(noisy.sway_track, y_px=None))
    assert error(alone) > 0.7
    assert error(noisy) < 0.4


def test_a_camera_that_nods_does_not_matter():
    nodding = 3 * np.sin(2 * np.pi * 0.6 * TIME_S)
    assert error(standing(growth_noise=0.5, camera_px=nodding)) < 0.3


def test_a_growth_that_goes_with_nothing_is_no_way_forward():
    recording = standing()
    rng = np.random.default_rng(0)
    noise = 0.002 * rng.normal(0, 1, len(TIME_S))
    flapping = replace(recording.sway_track, scale_change=noise)
    found = relative_depth_change(replace(recording, sway_track=flapping), WINDOW_S)
    assert np.std(found[INSIDE]) < 0.3 * np.std(NEARER[INSIDE])


def test_what_is_quicker_than_a_body_is_noise():
    recording = standing()
    track = replace(recording.sway_track, y_px=None)
    shaking = 0.01 * np.sin(2 * np.pi * 4 * FORWARD_CUTOFF_HZ * TIME_S)
    track = replace(track, scale_change=NEARER + shaking)
    assert error(replace(recording, sway_track=track)) < 0.1


def test_before_and_after_the_stand_the_person_is_as_near_as_at_its_ends():
    found = relative_depth_change(standing(), WINDOW_S)
    rows = np.flatnonzero(INSIDE)
    assert (found[: rows[0]] == found[rows[0]]).all()
    assert (found[rows[-1] :] == found[rows[-1]]).all()


def test_where_nothing_was_seen_the_person_is_in_the_middle():
    recording = standing()
    recording.sway_track.scale_change[200:300] = np.nan
    found = relative_depth_change(recording, WINDOW_S)
    assert (found[210:290] == 0).all()
    recording.sway_track.scale_change[:] = np.nan
    assert (relative_depth_change(recording, WINDOW_S) == 0).all()


def test_without_a_followed_pelvis_nothing_is_known():
    recording = standing()
    plain = SwayTrack(recording.sway_track.ml_px, recording.sway_track.sd_px)
    assert relative_depth_change(replace(recording, sway_track=plain), WINDOW_S) is None


def test_with_ankles_out_of_the_frame_the_head_alone_tells():
    recording = standing(growth_noise=0.5)
    ankles = [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]
    recording.pose.xy_px[:, ankles] = np.nan
    assert error(recording) < 0.8
