"""From a recording to its assessment."""

from dataclasses import replace

import numpy as np
import pytest
from people import lift, recorded, recording, standing

from balance.analysis.assessment import assess
from balance.model.codes import EndReason, FindingCode, Severity, TrialKind
from balance.model.files import assessment_to_dict
from balance.model.landmarks import LANDMARK_COUNT, Landmark, Side
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards


# Landmarks that change places when left and right do.
def other_side(mark: Landmark) -> Landmark:
    swap = {"LEFT": "RIGHT", "RIGHT": "LEFT"}
    return Landmark["_".join(swap.get(word, word) for word in mark.name.split("_"))]


MIRROR = [other_side(mark) for mark in Landmark]


def assessed(one, protocol="auto"):
    return assess(one, load_protocol(protocol), load_standards())


def one_stand(**more):
    time_s, xy = standing(9)
    return recording(time_s, lift(time_s, xy, Side.RIGHT, 2, 7), **more)


def test_a_stand_gets_its_seconds_its_interval_and_its_reason() -> None:
    (trial,) = assessed(one_stand()).trials
    hold = trial.measures["hold_s"]
    assert trial.kind is TrialKind.SINGLE_LEG_STANCE
    assert trial.side == "left"
    assert hold is not None
    assert hold.low <= 5.0 <= hold.high
    assert trial.end_reason is EndReason.TOUCHDOWN


def test_what_the_raised_thigh_hides_is_none_with_a_reason() -> None:
    (trial,) = assessed(one_stand()).trials
    assert trial.measures["pelvic_drop_deg"] is None
    codes = [finding.code for finding in trial.findings]
    assert FindingCode.HIDDEN_BY_RAISED_THIGH in codes


def test_the_same_recording_gives_the_same_numbers() -> None:
    one = one_stand()
    assert assessment_to_dict(assessed(one)) == assessment_to_dict(assessed(one))


def test_mirroring_swaps_the_sides_and_changes_nothing_else() -> None:
    one = one_stand()
    width = one.pose.size_px[0]
    xy = one.pose.xy_px[:, MIRROR] * [-1, 1] + [width - 1, 0]
    mirrored = replace(one, pose=replace(one.pose, xy_px=xy))
    (plain,), (turned,) = assessed(one).trials, assessed(mirrored).trials
    assert (plain.side, turned.side) == ("left", "right")
    for name, measure in plain.measures.items():
        if measure is None:
            assert turned.measures[name] is None
        else:
            assert turned.measures[name].value == pytest.approx(
                measure.value, abs=0.002
            )


def test_a_cap_ends_a_trial_and_opens_its_interval_upwards() -> None:
    protocol = replace(load_protocol("single_leg_stance_eyes_open"), cap_s=5.0)
    (trial,) = assess(recorded("stand_left"), protocol, load_standards()).trials
    hold = trial.measures["hold_s"]
    assert trial.end_reason is EndReason.TIME_CAP
    assert hold.value == pytest.approx(5.0)
    assert hold.high is None
    assert hold.censored


def test_feet_below_the_frame_are_not_measured() -> None:
    one = one_stand(size=(640, 425))
    result = assessed(one)
    assert result.trials == ()
    found = {f.code: f for f in result.findings}
    assert found[FindingCode.FEET_OUT_OF_FRAME].severity is Severity.ERROR
    assert "Step back" in found[FindingCode.NO_TRIAL].text


def test_nobody_in_the_frame_is_said() -> None:
    xy = np.full((60, LANDMARK_COUNT, 2), np.nan)
    result = assessed(recording(np.arange(60) / 30, xy))
    assert FindingCode.NO_PERSON in [f.code for f in result.findings]
    assert result.trials == ()


@pytest.mark.parametrize("side", list(Side))
def test_lean_is_positive_towards_the_stance_leg(side) -> None:
    time_s, xy = standing(9)
    xy = lift(time_s, xy, side.other, 2, 7)
    lean = np.clip(np.minimum(time_s - 2.5, 6.5 - time_s) / 0.5, 0, 1)
    out = 1 if side is Side.LEFT else -1
    # 10 degrees: the shoulders are 122 px above the hips.
    for joint in ("LEFT_SHOULDER", "RIGHT_SHOULDER"):
        xy[:, Landmark[joint], 0] += out * 122 * np.tan(np.radians(10)) * lean
    (trial,) = assessed(recording(time_s, xy)).trials
    peak = trial.measures["trunk_lean_peak_deg"]
    assert peak.value == pytest.approx(10, abs=1.5)
    assert 3.0 < peak.at_s < 6.0


def test_a_moved_camera_and_a_second_person_are_said() -> None:
    one = one_stand()
    frames = len(one.pose)
    scene = replace(
        one.scene,
        camera_shift_px=np.column_stack([np.linspace(0, 20, frames), np.zeros(frames)]),
        person_count=np.full(frames, 2.0),
    )
    result = assessed(replace(one, scene=scene))
    codes = [f.code for f in result.findings]
    assert FindingCode.CAMERA_MOVED in codes
    assert FindingCode.SECOND_PERSON in codes
    assert result.camera.moved


def test_a_camera_that_is_surely_turned_is_said_of_a_stand() -> None:
    time_s, xy = standing(9)
    xy = lift(time_s, xy, Side.RIGHT, 2, 7)
    # Both feet point to one side of the image, as in a frame taken from the side.
    for side in Side:
        xy[:, side.landmark("foot_index"), 0] += 14
    (turned,) = assessed(recording(time_s, xy)).trials
    (square,) = assessed(one_stand()).trials
    said = [finding.code for finding in turned.findings]
    assert FindingCode.CAMERA_TURNED in said
    assert FindingCode.CAMERA_TURNED not in [f.code for f in square.findings]
