"""A body that sways forward in front of a camera whose place is known."""

import numpy as np
import pytest

from balance.body.sideways import to_the_side
from balance.pose import PoseSequence, SwayTrack
from tests.stick_figure import stick_figure

TIME_S = np.arange(300) / 30
SIZE = (640, 480)
FOCAL_PX = 0.8 * 640
AWAY_MM = 3000.0
ML_MM = 5 * np.sin(2 * np.pi * 0.4 * TIME_S)
AP_MM = 8 * np.sin(2 * np.pi * 0.25 * TIME_S + 1)


def seen(off_mm=0.0, yaw_deg=0.0, facing=1):
    """A pelvis as seen by a camera in front (or behind) and so far towards the left."""
    yaw = np.radians(yaw_deg)
    # To the person's left, and forward.
    body_mm = np.stack([ML_MM, AP_MM], axis=1)
    looks = np.array([-np.sin(yaw), -facing * np.cos(yaw)])
    right = np.array([facing * np.cos(yaw), -np.sin(yaw)])
    depth_mm = AWAY_MM + body_mm @ looks
    xy = np.repeat(stick_figure()[None], len(TIME_S), axis=0)
    if facing < 0:
        xy[..., 0] = 640 - xy[..., 0]
    pose = PoseSequence(TIME_S, xy, np.ones((len(TIME_S), 33)), SIZE)
    px = 320 + FOCAL_PX * (off_mm + body_mm @ right) / depth_mm
    return pose, SwayTrack(px, np.full(len(px), 0.05), AWAY_MM / depth_mm - 1)


def error_mm(track, facing=1):
    mm = track.ml_px * AWAY_MM / FOCAL_PX * facing
    # A second at either end is the filter's.
    error = (mm - ML_MM)[30:-30]
    return np.std(error)


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("yaw_deg", [0.0, 5.0, -12.0])
@pytest.mark.parametrize("off_mm", [0.0, 600.0])
def test_what_is_forward_does_not_show_as_sideways(off_mm, yaw_deg, facing):
    pose, track = seen(off_mm, yaw_deg, facing)
    assert error_mm(to_the_side(pose, track, yaw_deg), facing) < 0.15


def test_left_as_it_is_seen_it_would_be_wrong():
    _, aside = seen(off_mm=600.0)
    _, turned = seen(yaw_deg=-12.0)
    assert error_mm(aside) > 1.0
    assert error_mm(turned) > 1.0


def test_without_a_stretch_nothing_changes():
    pose, track = seen(600.0)
    plain = SwayTrack(track.ml_px, track.sd_px)
    assert to_the_side(pose, plain, 5.0) is plain


def test_where_the_stretch_is_lost_the_person_is_taken_as_still():
    pose, track = seen(600.0)
    track.stretch[100:200] = np.nan
    square = to_the_side(pose, track, 0.0)
    assert np.isfinite(square.ml_px).all()
    np.testing.assert_allclose(square.ml_px[130:170], track.ml_px[130:170], atol=0.01)
