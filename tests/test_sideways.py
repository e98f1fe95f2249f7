"""A body that sways forward in front of a camera whose place is known."""

import numpy as np
import pytest

from balance.analysis.body.sideways import FrontalProjection, project_frontal
from balance.model.recording import PoseSequence, SwayTrack
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
    return pose, SwayTrack(px, np.full(len(px), 0.05)), AWAY_MM / depth_mm - 1


def error_mm(track, facing=1):
    mm = track.ml_px * AWAY_MM / FOCAL_PX * facing
    # A second at either end is the filter's.
    error = (mm - ML_MM)[30:-30]
    return np.std(error)


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("yaw_deg", [0.0, 5.0, -12.0])
@pytest.mark.parametrize("off_mm", [0.0, 600.0])
def test_what_is_forward_does_not_show_as_sideways(off_mm, yaw_deg, facing):
    pose, track, nearer = seen(off_mm, yaw_deg, facing)
    assert error_mm(project_frontal(pose, track, nearer, yaw_deg), facing) < 0.15


def test_left_as_it_is_seen_it_would_be_wrong():
    _, aside, _ = seen(off_mm=600.0)
    _, turned, _ = seen(yaw_deg=-12.0)
    assert error_mm(aside) > 1.0
    assert error_mm(turned) > 1.0


def test_where_forward_is_not_known_nothing_changes():
    pose, track, _ = seen(600.0)
    assert project_frontal(pose, track, None, 5.0) is track


@pytest.mark.parametrize("facing", [1, -1])
def test_who_stands_beside_the_axis_is_seen_from_beside(facing):
    pose, track, nearer = seen(off_mm=600.0, facing=facing)
    # 0.6 m to the right in the image, from 3 m; that is on the person's left who
    # faces the camera.
    beside_deg = facing * np.degrees(np.arctan(0.6 / 3))
    square = FrontalProjection.of(pose, track, nearer)
    assert square.beside_deg == pytest.approx(beside_deg, abs=0.1)
