"""Squats are found, counted and timed, and nothing else is taken for one."""

from dataclasses import replace

import numpy as np
import pytest

from balance.analysis.events.repetitions import SquatSet
from balance.model.codes import TrialKind
from balance.model.landmarks import Landmark, Side
from balance.model.recording import PoseSequence
from tests.found import squat_sets
from tests.rendered_squats import recording_of
from tests.squatting_figure import Figure, squats


def squats_of(pose: PoseSequence) -> tuple[SquatSet, ...]:
    return squat_sets(recording_of(pose, None))


def bottoms(pose: PoseSequence) -> list[float]:
    return [rep.bottom_s for one in squats_of(pose) for rep in one.repetitions]


@pytest.mark.parametrize("yaw_deg", [0, 20, 45])
def test_every_squat_is_found_from_the_front_to_the_side(yaw_deg):
    pose = Figure(yaw_deg=yaw_deg, noise_px=0.3).pose(12.5, squats(3))
    assert bottoms(pose) == pytest.approx([2.5, 6.0, 9.5], abs=0.1)


def test_a_set_runs_from_the_first_start_to_the_last_end():
    (one,) = squats_of(Figure().pose(12.5, squats(3)))
    assert one.kind is TrialKind.SQUAT_SET
    assert one.side is None
    assert one.start_s == pytest.approx(1.0, abs=0.2)
    assert one.end_s == pytest.approx(11.0, abs=0.2)
    assert one.end_seen


def test_a_shallow_trial_is_marked_as_partial():
    deep, shallow = squats(1, depth_deg=95), squats(1, depth_deg=55)
    pose = Figure().pose(10, lambda t: max(deep(t), shallow(t - 4)))
    (one,) = squats_of(pose)
    assert [rep.partial for rep in one.repetitions] == [False, True]


def test_a_long_rest_parts_two_sets():
    bend = squats(2, pause_s=14.0)
    assert len(squats_of(Figure().pose(24, bend))) == 2


def test_a_clip_that_ends_on_the_way_up_still_counts_its_last_squat():
    (one,) = squats_of(Figure().pose(3.3, squats(1)))
    assert not one.end_seen


def test_hips_that_fall_while_the_head_stays_are_no_squat():
    pose = Figure().pose(12.5, squats(3))
    xy = pose.xy_px.copy()
    head = slice(Landmark.NOSE, Landmark.MOUTH_RIGHT + 1)
    xy[:, head] = xy[0, head]
    assert bottoms(replace(pose, xy_px=xy)) == []


def test_a_squat_whose_head_is_out_of_the_image_is_one():
    pose = Figure().pose(12.5, squats(3))
    xy = pose.xy_px.copy()
    xy[:, Landmark.NOSE : Landmark.MOUTH_RIGHT + 1] = np.nan
    assert len(bottoms(replace(pose, xy_px=xy))) == 3


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
    assert bottoms(replace(pose, xy_px=xy)) == []


def test_bending_over_with_straight_knees_is_no_squat():
    straight = Figure(trunk_pitch_share=30.0)  # 90 deg of trunk at 3 deg of knee
    assert bottoms(straight.pose(8, lambda t: 3.0 * float(2 < t < 4))) == []


def test_sitting_down_on_a_chair_is_no_squat():
    seated = Figure(shank_share=0.0, trunk_pitch_share=0.05)
    assert bottoms(seated.pose(6, squats(1, depth_deg=90))) == []


def test_a_quiet_stance_holds_no_squats():
    pose = Figure(raised=Side.LEFT, noise_px=0.5).pose(9.5, lambda t: 5.0)
    assert squats_of(pose) == ()


def test_frames_without_a_person_are_bridged():
    pose = Figure().pose(12.5, squats(3))
    xy = pose.xy_px.copy()
    xy[25:27] = np.nan
    assert len(bottoms(replace(pose, xy_px=xy))) == 3


def test_nobody_in_the_frame_is_no_squat():
    pose = Figure().pose(3, squats(1))
    assert squats_of(replace(pose, xy_px=np.full_like(pose.xy_px, np.nan))) == ()


@pytest.mark.parametrize("rate_hz", [10, 60])
def test_the_count_does_not_depend_on_the_frame_rate(rate_hz):
    assert len(bottoms(Figure(rate_hz=rate_hz).pose(12.5, squats(3)))) == 3


def test_the_figure_has_the_bend_that_it_was_given():
    body = Figure(turn_left_deg=10).body(70.0)
    hip, knee, ankle = (body[Landmark[f"LEFT_{j}"]] for j in ("HIP", "KNEE", "ANKLE"))
    thigh, shank = knee - hip, ankle - knee
    cos = thigh @ shank / np.linalg.norm(thigh) / np.linalg.norm(shank)
    assert np.degrees(np.arccos(cos)) == pytest.approx(70.0)
