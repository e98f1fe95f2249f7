"""Squats are found, counted and timed, and nothing else is taken for one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance.analysis.events.hip_course import hip_course, hips_sink
from balance.analysis.events.repetitions import find_squat_sets
from balance.model.codes import TrialKind
from balance.model.landmarks import Landmark, Side
from balance.model.recording import PoseSequence
from tests.squatting_figure import Figure, squats


def bottoms(pose: PoseSequence) -> list[float]:
    return [rep.bottom_s for one in find_squat_sets(pose) for rep in one.repetitions]


@pytest.mark.parametrize("yaw_deg", [0, 20, 45, 90, 180])
def test_every_squat_is_found_from_every_side(yaw_deg):
    pose = Figure(yaw_deg=yaw_deg, noise_px=0.3).pose(12.5, squats(3))
    assert bottoms(pose) == pytest.approx([2.5, 6.0, 9.5], abs=0.1)


def test_a_set_runs_from_the_first_start_to_the_last_end():
    (one,) = find_squat_sets(Figure().pose(12.5, squats(3)))
    assert one.kind is TrialKind.SQUAT_SET
    assert one.side is None
    assert one.start_s == pytest.approx(1.0, abs=0.2)
    assert one.end_s == pytest.approx(11.0, abs=0.2)
    assert one.end_seen


def test_a_shallow_try_is_marked_as_partial():
    deep, shallow = squats(1, depth_deg=95), squats(1, depth_deg=55)
    pose = Figure().pose(10, lambda t: max(deep(t), shallow(t - 4)))
    (one,) = find_squat_sets(pose)
    assert [rep.partial for rep in one.repetitions] == [False, True]


def test_a_long_rest_parts_two_sets():
    bend = squats(2, pause_s=14.0)
    assert len(find_squat_sets(Figure().pose(24, bend))) == 2


def test_a_clip_that_ends_on_the_way_up_still_counts_its_last_squat():
    (one,) = find_squat_sets(Figure().pose(3.3, squats(1)))
    assert not one.end_seen


def test_staying_down_is_no_squat():
    pose = Figure().pose(14, lambda t: float(np.clip((t - 1) * 60, 0, 90)))
    assert bottoms(pose) == []


def test_marching_is_no_squat():
    figure = Figure(noise_px=0.3)
    pose = figure.pose(10, lambda t: 3.0)
    lifted = {
        side: Figure(raised=side).project(Figure(raised=side).body(3.0))
        for side in Side
    }
    xy = pose.xy_px.copy()
    for k, time in enumerate(pose.time_s):
        if time % 1.2 < 0.5:
            xy[k] = lifted[Side.LEFT if time % 2.4 < 1.2 else Side.RIGHT]
    marching = PoseSequence(pose.time_s, xy, pose.visibility, pose.size_px)
    assert bottoms(marching) == []


def test_bending_over_with_straight_knees_is_no_squat():
    straight = Figure(trunk_pitch_share=30.0)  # 90 deg of trunk at 3 deg of knee
    assert bottoms(straight.pose(8, lambda t: 3.0 * float(2 < t < 4))) == []


def test_sitting_down_on_a_chair_is_no_squat():
    seated = Figure(shank_share=0.0, trunk_pitch_share=0.05)
    assert bottoms(seated.pose(6, squats(1, depth_deg=90))) == []


def test_a_hop_off_the_spot_is_no_squat():
    pose = Figure().pose(6, squats(1, seconds=1.2))
    xy = pose.xy_px.copy()
    xy[pose.time_s > 1.6] += [60.0, 10.0]
    hop = PoseSequence(pose.time_s, xy, pose.visibility, pose.size_px)
    assert bottoms(hop) == []


def test_squats_within_a_stance_make_a_single_leg_set():
    figure = Figure(raised=Side.LEFT)
    pose = figure.pose(9.5, squats(2, depth_deg=60))
    (one,) = find_squat_sets(pose, [(Side.RIGHT, 0.5, 9.0)])
    assert (one.kind, one.side) == (TrialKind.SINGLE_LEG_SQUAT_SET, Side.RIGHT)
    assert (one.start_s, one.end_s) == (0.5, 9.0)
    assert len(one.repetitions) == 2


def test_a_quiet_stance_holds_no_squats():
    pose = Figure(raised=Side.LEFT, noise_px=0.5).pose(9.5, lambda t: 5.0)
    assert find_squat_sets(pose, [(Side.RIGHT, 0.5, 9.0)]) == ()


def test_frames_without_a_person_are_bridged():
    pose = Figure().pose(12.5, squats(3))
    xy = pose.xy_px.copy()
    xy[25:27] = np.nan
    gap = PoseSequence(pose.time_s, xy, pose.visibility, pose.size_px)
    assert len(bottoms(gap)) == 3


def test_nobody_in_the_picture_is_no_squat():
    pose = Figure().pose(3, squats(1))
    empty = PoseSequence(
        pose.time_s, np.full_like(pose.xy_px, np.nan), pose.visibility, pose.size_px
    )
    assert find_squat_sets(empty) == ()


def test_the_count_does_not_depend_on_the_frame_rate():
    assert len(bottoms(Figure(rate_hz=10).pose(12.5, squats(3)))) == 3
    assert len(bottoms(Figure(rate_hz=60).pose(12.5, squats(3)))) == 3


def test_the_figure_has_the_bend_that_it_was_given():
    body = Figure(turn_left_deg=10).body(70.0)
    hip, knee, ankle = (body[Landmark[f"LEFT_{j}"]] for j in ("HIP", "KNEE", "ANKLE"))
    thigh, shank = knee - hip, ankle - knee
    cos = thigh @ shank / np.linalg.norm(thigh) / np.linalg.norm(shank)
    assert np.degrees(np.arccos(cos)) == pytest.approx(70.0)


@given(
    side=st.sampled_from([Side.LEFT, None]),
    depth_deg=st.floats(0, 100),
    noise_px=st.floats(0, 4),
    seconds=st.floats(1.0, 9.0),
)
def test_the_quick_look_never_says_less_than_the_course(
    side, depth_deg, noise_px, seconds
):
    pose = Figure(noise_px=noise_px).pose(10, squats(2, depth_deg=depth_deg))
    part = pose, side, 0.5, 0.5 + seconds
    height = hip_course(*part).height
    assert hips_sink(*part) >= np.ptp(height) / np.quantile(height, 0.95)
