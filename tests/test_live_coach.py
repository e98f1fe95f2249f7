"""The set-up coach: each thing that can be wrong gets its own advice."""

from dataclasses import replace

import numpy as np
import pytest

from balance.live import ADVICE, Coach, Hint, LiveFrame
from balance.model.landmarks import LANDMARK_COUNT
from tests.live_clips import frames, moved, scaled, turned


def hints(change=None, clip: str = "stand_left") -> tuple[Hint, ...]:
    coach = Coach()
    for frame in frames(clip, lead_s=3.0):
        if frame.time_s > 0:
            break
        coach.watch(change(frame) if change else frame)
    return coach.hints()


def mirrored(frame: LiveFrame) -> LiveFrame:
    assert frame.xy_px is not None
    width = frame.size_px[0]
    return replace(frame, xy_px=frame.xy_px * [-1, 1] + [width, 0])


@pytest.mark.parametrize(
    "clip",
    ["stand_left", "stand_left_hd", "squat_valgus_left", "stand_right_touch_hop"],
)
def test_good_set_up_is_ready(clip):
    assert hints(clip=clip) == ()


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        pytest.param(lambda f: replace(f, xy_px=None), Hint.NO_PERSON, id="nobody"),
        pytest.param(lambda f: replace(f, luma=20.0), Hint.TOO_DARK, id="dark"),
        pytest.param(lambda f: replace(f, people=2), Hint.SOMEONE_ELSE, id="two"),
        pytest.param(lambda f: moved(f, 0, 90), Hint.FEET_CUT_OFF, id="feet cut off"),
        pytest.param(lambda f: moved(f, 0, -100), Hint.HEAD_CUT_OFF, id="no head"),
        pytest.param(
            lambda f: scaled(f, 1.45, (320, 240)), Hint.TOO_CLOSE, id="too close"
        ),
        pytest.param(lambda f: scaled(f, 0.5, (320, 240)), Hint.TOO_FAR, id="too far"),
        pytest.param(mirrored, Hint.TURN_ROUND, id="seen from behind"),
        pytest.param(lambda f: turned(f, 8), Hint.CAMERA_TILTED, id="tilted right"),
        pytest.param(lambda f: turned(f, -8), Hint.CAMERA_TILTED, id="tilted left"),
        pytest.param(lambda f: moved(f, 215), Hint.MOVE_RIGHT, id="off to the right"),
        pytest.param(lambda f: moved(f, -215), Hint.MOVE_LEFT, id="off to the left"),
        pytest.param(
            lambda f: moved(f, 25 * np.sin(3 * f.time_s)), Hint.STAND_STILL, id="moving"
        ),
    ],
)
def test_each_fault_is_named(change, hint):
    assert hint in hints(change)


def test_side_view_is_asked_to_face_the_camera():
    assert Hint.FACE_CAMERA in hints(clip="squat_side_heel_lift")


def test_one_foot_up_is_asked_for_both():
    coach = Coach()
    for frame in frames("stand_left", lead_s=0):
        if frame.time_s > 6:
            break
        coach.watch(frame)
    assert Hint.BOTH_FEET in coach.hints()


def test_step_to_the_left_brings_the_person_to_the_middle():
    # Someone seen at the left edge of the image must go to their own left.
    assert hints(lambda f: moved(f, -215)) == (Hint.MOVE_LEFT,)


def test_nothing_seen_yet_is_nobody():
    assert Coach().hints() == (Hint.NO_PERSON,)


def test_every_hint_says_what_to_do():
    assert set(ADVICE) == set(Hint)
    assert all(len(text) < 70 for text in ADVICE.values())


def test_invented_landmarks_outside_the_frame_are_no_person():
    frame = LiveFrame(0.0, np.full((LANDMARK_COUNT, 2), 900.0), (640, 480))
    assert frame.body is None


@pytest.mark.parametrize(("rate_hz", "slow"), [(12.0, False), (4.0, True)])
def test_slow_computer_is_noticed(rate_hz, slow):
    coach = Coach()
    for frame in frames("stand_left", rate_hz, lead_s=5.0):
        coach.watch(frame)
    assert coach.is_slow is slow
