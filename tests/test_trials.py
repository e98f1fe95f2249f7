"""When a stance starts and ends, and why."""

import numpy as np
import pytest
from found import recording_stances
from people import LEG_PX, lift, recorded, recording, standing

from balance.model.codes import EndReason, FindingCode
from balance.model.landmarks import Landmark, Side
from balance.model.recording import FootTracks
from balance.reference.contact_model import load_contact_model
from balance.reference.protocol import Protocol

PROTOCOL = Protocol("auto", "", "")
MODEL = load_contact_model()


def stances(time_s, xy, **more):
    return recording_stances(recording(time_s, xy, **more), PROTOCOL, MODEL)


@pytest.mark.parametrize("swing", list(Side))
@pytest.mark.parametrize("height", [0.09, 0.25, 0.6], ids=["low", "usual", "high"])
def test_a_lift_is_a_stance_on_the_other_leg(swing, height) -> None:
    time_s, xy = standing(8)
    found, _ = stances(time_s, lift(time_s, xy, swing, 2.0, 6.0, height))
    assert [s.side for s in found] == [swing.other]
    for time_s, sd_s, true_s in (
        (found[0].start_s, found[0].start_sd_s, 2.0),
        (found[0].end_s, found[0].end_sd_s, 6.0),
    ):
        assert time_s == pytest.approx(true_s, abs=0.1)
        assert abs(time_s - true_s) < 2 * sd_s
    assert found[0].end_reason is EndReason.TOUCHDOWN
    assert found[0].start_seen
    assert found[0].end_seen


def test_standing_on_two_legs_is_no_stance() -> None:
    assert stances(*standing(6)) == ((), ())


@pytest.mark.parametrize(
    ("seconds", "code"), [(0.7, FindingCode.SHORT_ATTEMPT), (0.2, None)]
)
def test_a_short_lift_is_a_finding_a_twitch_is_nothing(seconds, code) -> None:
    time_s, xy = standing(6)
    found, findings = stances(time_s, lift(time_s, xy, Side.LEFT, 2, 2 + seconds, 0.2))
    assert found == ()
    assert [f.code for f in findings] == ([code] if code else [])


def test_marching_is_no_stance() -> None:
    time_s, xy = standing(8)
    for k in range(8):
        side = Side.LEFT if k % 2 else Side.RIGHT
        xy = lift(time_s, xy, side, 1 + 0.7 * k, 1.6 + 0.7 * k, 0.2)
    found, _ = stances(time_s, xy)
    assert found == ()


def test_both_legs_one_after_the_other_in_one_clip() -> None:
    time_s, xy = standing(12)
    xy = lift(time_s, xy, Side.LEFT, 2, 5)
    xy = lift(time_s, xy, Side.RIGHT, 7, 10)
    found, _ = stances(time_s, xy)
    assert [(s.side, round(s.start_s)) for s in found] == [("right", 2), ("left", 7)]


def test_a_step_back_with_the_weight_on_both_feet_is_no_stance() -> None:
    time_s, xy = standing(8)
    gone = np.clip((time_s - 2) / 0.4, 0, 1)
    for joint in ("heel", "foot_index", "ankle"):
        xy[:, Side.LEFT.landmark(joint), 1] -= 0.06 * LEG_PX * gone
    assert stances(time_s, xy)[0] == ()


def test_the_video_may_begin_and_end_in_the_air() -> None:
    whole = recorded("stand_left")
    inside = (whole.pose.time_s > 4) & (whole.pose.time_s < 10)
    ((stance,), _) = recording_stances(whole.select(inside), PROTOCOL, MODEL)
    assert stance.side is Side.LEFT
    assert not stance.start_seen
    assert not stance.end_seen
    assert stance.end_reason is EndReason.VIDEO_END


def test_lost_sight_ends_a_stance() -> None:
    time_s, xy = standing(8)
    xy = lift(time_s, xy, Side.LEFT, 2, 7)
    xy[time_s > 5] = np.nan
    found, _ = stances(time_s, xy)
    assert [s.end_reason for s in found] == [EndReason.LOST_SIGHT]
    assert found[0].end_s == pytest.approx(5.0, abs=0.05)


def test_a_pass_above_the_floor_does_not_end_it() -> None:
    time_s, xy = standing(10)
    passing = lift(time_s, xy, Side.LEFT, 2, 8, 0.2)
    dip = np.clip(1 - np.abs(time_s - 5) / 0.4, 0, 1)
    feet = [Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX, Landmark.LEFT_ANKLE]
    passing[:, feet, 1] += (0.2 - 0.035) * LEG_PX * dip[:, None]
    assert len(stances(time_s, passing)[0]) == 1


def test_a_tap_and_a_hop_end_a_recorded_trial() -> None:
    found, _ = recording_stances(recorded("stand_right_touch_hop"), PROTOCOL, MODEL)
    ends = [(s.end_reason, s.start_s, s.end_s) for s in found]
    assert [reason for reason, *_ in ends] == [
        EndReason.TOUCHDOWN,
        EndReason.STANCE_FOOT_MOVED,
        EndReason.TOUCHDOWN,
    ]
    np.testing.assert_allclose(ends[0][1:], [2.0, 7.0], atol=0.1)
    np.testing.assert_allclose(ends[1][1:], [7.3, 11.0], atol=0.1)


@pytest.mark.parametrize("moves", [False, True], ids=["stands", "moves"])
def test_landmarks_that_leave_do_not_move_a_foot_whose_frame_stays(moves) -> None:
    time_s, xy = standing(8)
    xy = lift(time_s, xy, Side.RIGHT, 2.0, 6.0)
    dragged_px = 0.06 * LEG_PX * (time_s > 4.0)
    foot = [Side.LEFT.landmark(j) for j in ("ankle", "heel", "foot_index")]
    xy[:, foot, 0] += dragged_px[:, None]
    place = np.full((len(time_s), 2), 300.0)
    place[:, 0] += dragged_px if moves else 0.0
    tracks = FootTracks(place, np.full_like(place, np.nan))
    found, _ = stances(time_s, xy, foot_tracks=tracks)
    reasons = [s.end_reason for s in found]
    assert (EndReason.STANCE_FOOT_MOVED in reasons) is moves


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_the_size_of_the_frame_changes_no_time(scale) -> None:
    time_s, xy = standing(8)
    xy = lift(time_s, xy, Side.RIGHT, 2, 6)
    size = (int(640 * scale), int(480 * scale))
    found, _ = stances(time_s, xy * scale, noise_px=0.3 * scale, size=size)
    whole, _ = stances(time_s, xy)
    assert [s.side for s in found] == ["left"]
    assert found[0].start_s == pytest.approx(whole[0].start_s, abs=1e-9)
    assert found[0].end_s == pytest.approx(whole[0].end_s, abs=1e-9)


@pytest.mark.parametrize("keep", [0.7, 0.9])
def test_dropped_frames_move_an_event_by_a_frame_at_most(keep) -> None:
    time_s, xy = standing(8)
    xy = lift(time_s, xy, Side.LEFT, 2, 6)
    kept = np.random.default_rng(1).random(len(time_s)) < keep
    found, _ = stances(time_s[kept], xy[kept])
    assert len(found) == 1
    assert found[0].start_s == pytest.approx(2.0, abs=0.08)
    assert found[0].end_s == pytest.approx(6.0, abs=0.08)
