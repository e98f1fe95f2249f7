"""What is believed of the landmarks, and what is filled in."""

from dataclasses import replace

import numpy as np
import pytest
from recorded import recorded

from balance.analysis.body.cleaning import bridge_gaps, landmark_confidence
from balance.model.landmarks import LANDMARK_COUNT, Landmark
from balance.model.recording import PoseSequence

FEET = list(range(Landmark.LEFT_ANKLE, LANDMARK_COUNT))
ABOVE = list(range(Landmark.LEFT_KNEE))


@pytest.mark.parametrize(
    "name",
    ["stand_left", "single_leg_squat_right", "squat_valgus_left"],
)
def test_a_clean_recording_is_believed(name: str) -> None:
    assert np.mean(landmark_confidence(recorded(name)) > 0.5) > 0.995


def test_feet_invented_below_the_frame_are_not_believed() -> None:
    pose = recorded("stand_left")
    lowest = int(pose.xy_px[:, FEET, 1].min())
    cut = replace(pose, size_px=(pose.size_px[0], lowest))
    confidence = landmark_confidence(cut)
    assert np.all(confidence[:, FEET] == 0)
    assert np.all(confidence[:, ABOVE] > 0.5)


def test_a_shank_twice_as_long_as_usual_is_not_believed() -> None:
    pose = recorded("stand_left")
    xy = pose.xy_px.copy()
    knee, ankle = Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE
    xy[100:160, ankle] += 1.2 * (xy[100:160, ankle] - xy[100:160, knee])
    taller = replace(pose, xy_px=xy, size_px=(640, 900))
    confidence = landmark_confidence(taller)
    assert np.all(confidence[100:160, ankle] == 0)
    assert np.all(confidence[:100, ankle] > 0.5)


def test_a_thigh_that_points_at_the_camera_is_believed() -> None:
    pose = recorded("stand_left")
    xy = pose.xy_px.copy()
    xy[:, Landmark.LEFT_KNEE] = xy[:, Landmark.LEFT_HIP] + 5
    confidence = landmark_confidence(replace(pose, xy_px=xy))
    assert np.all(confidence[:, Landmark.LEFT_KNEE] > 0.5)


def test_a_shank_that_points_away_for_most_of_the_clip_is_believed_before() -> None:
    pose = recorded("stand_left")
    xy = pose.xy_px.copy()
    knee, ankle = Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE
    xy[75:375, ankle] = xy[75:375, knee] + 0.4 * (xy[75:375, ankle] - xy[75:375, knee])
    confidence = landmark_confidence(replace(pose, xy_px=xy))
    assert np.all(confidence[:60, ankle] > 0.5)


def test_one_frame_out_of_line_is_not_believed_and_its_neighbours_are() -> None:
    pose = recorded("stand_left")
    xy = pose.xy_px.copy()
    xy[100, Landmark.LEFT_WRIST] += 150
    confidence = landmark_confidence(replace(pose, xy_px=xy))[:, Landmark.LEFT_WRIST]
    assert confidence[100] == 0
    assert confidence[99] > 0.5
    assert confidence[101] > 0.5


def test_what_is_missing_is_not_believed() -> None:
    pose = recorded("stand_left")
    xy = pose.xy_px.copy()
    xy[10:20] = np.nan
    confidence = landmark_confidence(replace(pose, xy_px=xy))
    assert np.all(confidence[10:20] == 0)
    assert np.all(confidence[20:] > 0)
    nobody = replace(pose, xy_px=np.full_like(xy, np.nan))
    assert not landmark_confidence(nobody).any()


def moving(missing: slice) -> PoseSequence:
    """Ten frames per second; every landmark moves 1 px to the right per frame."""
    xy = np.zeros((40, LANDMARK_COUNT, 2))
    xy[:, :, 0] = np.arange(40)[:, None]
    xy[missing] = np.nan
    return PoseSequence(
        np.arange(40) / 10, xy, np.ones((40, LANDMARK_COUNT)), (640, 480)
    )


def test_a_short_gap_is_bridged_in_a_straight_line() -> None:
    bridged = bridge_gaps(moving(slice(10, 12)), longest_s=0.3)
    np.testing.assert_allclose(bridged.pose.xy_px[:, 0, 0], np.arange(40))
    assert bridged.filled.sum() == 2
    assert bridged.lost_s == ()
    assert np.all(bridged.pose.visibility[10:12] == 0)


@pytest.mark.parametrize(
    ("missing", "lost_s"),
    [
        pytest.param(slice(10, 20), (1.0, 1.9), id="too long"),
        pytest.param(slice(0, 2), (0.0, 0.1), id="at the start"),
        pytest.param(slice(38, 40), (3.8, 3.9), id="at the end"),
    ],
)
def test_other_gaps_stay_open_and_are_listed(
    missing: slice, lost_s: tuple[float, float]
) -> None:
    bridged = bridge_gaps(moving(missing), longest_s=0.3)
    assert np.isnan(bridged.pose.xy_px[missing]).all()
    assert not bridged.filled.any()
    assert bridged.lost_s == (pytest.approx(lost_s),)
