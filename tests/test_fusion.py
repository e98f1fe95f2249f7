"""Flow leads where it holds, landmarks fill in, and say how sure they are."""

import numpy as np
import pytest

from balance.model.landmarks import Landmark, Side
from balance.model.recording import PoseSequence
from balance.tracking import fusion
from tests.stick_figure import stick_figure

FRAMES = 300
TIME_S = np.arange(FRAMES) / 30
SWAY_PX = 3 * np.sin(2 * np.pi * 0.4 * TIME_S)
WHOLE = [(0, FRAMES - 1)]
STILL = np.zeros((FRAMES, 2))


def swaying_pose(noise_px=0.5):
    rng = np.random.default_rng(0)
    xy = np.tile(stick_figure(), (FRAMES, 1, 1))
    xy[:, :, 0] += SWAY_PX[:, None]
    xy += rng.normal(0, noise_px, xy.shape)
    return PoseSequence(TIME_S, xy, np.ones((FRAMES, 33)), (640, 480))


def sway_error(track):
    error = track.ml_px - SWAY_PX
    return np.std(error)


def test_flow_leads():
    track, useless = fusion.fuse(
        swaying_pose(), 320 + SWAY_PX, np.full(FRAMES, 0.02), STILL, WHOLE
    )
    assert useless == []
    assert sway_error(track) < 0.02
    assert np.nanmedian(track.sd_px) == pytest.approx(0.02, rel=0.05)


def test_landmarks_bridge_where_flow_is_lost_without_a_jump():
    flow = 320 + 7 + SWAY_PX  # flow follows another point of the body
    flow[100:130] = np.nan
    track, _ = fusion.fuse(swaying_pose(), flow, np.full(FRAMES, 0.02), STILL, WHOLE)
    assert sway_error(track) < 0.2
    assert track.sd_px[115] > 10 * track.sd_px[50]


def test_without_flow_the_landmarks_stand_in_and_the_window_is_named():
    nothing = np.full(FRAMES, np.nan)
    track, useless = fusion.fuse(swaying_pose(), nothing, nothing, STILL, WHOLE)
    assert useless == WHOLE
    assert 0.1 < sway_error(track) < 0.6
    assert np.isfinite(track.sd_px).all()


def test_flow_that_sticks_to_the_wall_is_not_believed():
    stuck = np.full(FRAMES, 320.0)
    _, useless = fusion.fuse(swaying_pose(), stuck, np.full(FRAMES, 0.02), STILL, WHOLE)
    assert useless == WHOLE


def test_camera_motion_is_taken_out_of_the_landmarks():
    shake = np.stack([5 * np.sin(7 * TIME_S), 0 * TIME_S], axis=1)
    pose = swaying_pose()
    pose.xy_px[:] += shake[:, None]
    flow = 320 + SWAY_PX
    flow[100:130] = np.nan
    track, useless = fusion.fuse(pose, flow, np.full(FRAMES, 0.02), shake, WHOLE)
    assert useless == []
    assert sway_error(track) < 0.2


def test_a_body_that_was_not_seen_has_no_path():
    pose = swaying_pose()
    pose.xy_px[10] = np.nan
    nothing = np.full(FRAMES, np.nan)
    track, _ = fusion.fuse(pose, nothing, nothing, STILL, [])
    assert np.isnan(track.ml_px[10])
    assert np.isnan(track.sd_px[10])


def test_typical_row_is_a_typical_posture_early_in_the_window():
    pose = swaying_pose(noise_px=0.01)
    row = fusion.typical_row(pose, slice(30, 300), 4.0)
    assert row is not None
    assert 30 <= row <= 30 + 4 * 30
    assert abs(SWAY_PX[row]) < 0.8
    pose.xy_px[:] = np.nan
    assert fusion.typical_row(pose, slice(30, 300), 4.0) is None


def test_thigh_motion_of_a_shifted_and_turned_body():
    pose = swaying_pose(noise_px=0.0)
    points = stick_figure()
    np.testing.assert_allclose(
        fusion.thigh_motion(pose, points, Side.LEFT)[:, 0], SWAY_PX, atol=1e-9
    )
    pose.xy_px[:, Landmark.LEFT_KNEE, 0] += 10
    turned = fusion.thigh_motion(pose, points, Side.LEFT)
    # The thigh points down: moving the knee to the right turns it anticlockwise.
    assert (turned[:, 3] < -8).all()
    np.testing.assert_array_equal(turned[:, 2], turned[:, 4])


def test_foot_motion_follows_the_foot():
    pose = swaying_pose(noise_px=0.0)
    shift = fusion.foot_motion(pose, stick_figure(), Side.RIGHT)
    np.testing.assert_allclose(
        shift, np.column_stack([SWAY_PX, 0 * SWAY_PX]), atol=1e-9
    )
