"""Laws of squats on whole recordings: mirrored, larger, recorded by a tilted camera.

Nothing is handed in but the recording; stances, roll, yaw and judgements are found
anew in every form of it.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from balance.model.files import read_recording
from balance.model.landmarks import Landmark, Side
from balance.model.leg_outline import row_heights
from balance.model.recording import FloatArray, FootTracks, Recording, SwayTrack
from balance.model.results import Trial
from balance.pipeline.analyze import assess_recording

RENDERED = Path(__file__).parent / "rendered"
FROM_THE_FRONT = [
    "squat_valgus_left",
    "single_leg_squat_right",
    "squat_camera_turned",
    "c02_squat",
    "c08_slsquat",
]
SWAPPED = [
    Landmark[name.replace("LEFT", "#").replace("RIGHT", "LEFT").replace("#", "RIGHT")]
    for name in Landmark.__members__
]
# Of both legs, + = to the left, whichever leg the person stands on.
TO_THE_LEFT = ("pelvic_shift_pct_hip_width",)
TO_THE_LEFT_ON_TWO = ("trunk_lean_deg", "pelvic_drop_deg", "fppa_left_right_difference")


def recorded(name: str) -> Recording:
    return read_recording(RENDERED / f"{name}.npz")


def the_set(recording: Recording) -> Trial:
    (trial,) = [
        trial for trial in assess_recording(recording).trials if trial.repetitions
    ]
    return trial


def mirrored(recording: Recording) -> Recording:
    width = recording.pose.size_px[0]
    flip, shift = np.array([-1.0, 1.0]), np.array([width, 0.0])
    feet, sway = recording.foot_tracks, recording.sway_track
    return replace(
        recording,
        pose=replace(
            recording.pose,
            xy_px=recording.pose.xy_px[:, SWAPPED] * flip + shift,
            visibility=recording.pose.visibility[:, SWAPPED],
        ),
        sway_track=SwayTrack(width - sway.ml_px, sway.sd_px),
        foot_tracks=FootTracks(
            feet.right_px * flip + shift, feet.left_px * flip + shift
        ),
        leg_edges_px=width - recording.leg_edges_px[:, ::-1, :, ::-1],
    )


def scaled(recording: Recording, scale: float) -> Recording:
    pose, feet, sway = recording.pose, recording.foot_tracks, recording.sway_track
    width, height = (round(scale * side) for side in pose.size_px)
    return replace(
        recording,
        pose=replace(pose, xy_px=scale * pose.xy_px, size_px=(width, height)),
        sway_track=SwayTrack(scale * sway.ml_px, scale * sway.sd_px),
        foot_tracks=FootTracks(scale * feet.left_px, scale * feet.right_px),
        leg_edges_px=scale * recording.leg_edges_px,
    )


def rolled(recording: Recording, roll_deg: float) -> Recording:
    """The frame turned round its middle; outlines are read in the new rows."""
    pose, feet = recording.pose, recording.foot_tracks
    centre = np.array(pose.size_px) / 2
    c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))

    def turn(points: FloatArray) -> FloatArray:
        return (points - centre) @ np.array([[c, s], [-s, c]]) + centre

    xy = turn(pose.xy_px)
    edges = np.full_like(recording.leg_edges_px, np.nan)
    for k, side in enumerate(Side):
        chain = [side.landmark(joint) for joint in ("hip", "knee", "ankle")]
        before, after = (row_heights(p[:, chain]) for p in (pose.xy_px, xy))
        for edge in range(2):
            x = recording.leg_edges_px[:, k, :, edge]
            line = turn(np.stack([x, before], axis=-1))
            for frame in range(len(pose)):
                seen = np.isfinite(line[frame, :, 0])
                if seen.sum() > 1:
                    edges[frame, k, :, edge] = np.interp(
                        after[frame], line[frame, seen, 1], line[frame, seen, 0]
                    )
    return replace(
        recording,
        pose=replace(pose, xy_px=xy),
        foot_tracks=FootTracks(turn(feet.left_px), turn(feet.right_px)),
        leg_edges_px=edges,
    )


def other_side(name: str) -> str:
    left_for_right = {"left": "right", "right": "left"}
    words = [left_for_right.get(word, word) for word in name.split("_")]
    return "_".join(words).replace("right_left_difference", "left_right_difference")


def numbers(trial: Trial) -> dict[str, float]:
    """Every number of a set: its own and those of each repetition."""
    found = {name: one.value for name, one in trial.measures.items() if one}
    for k, rep in enumerate(trial.repetitions):
        found |= {f"{k} {name}": one.value for name, one in rep.measures.items() if one}
    return found


@pytest.mark.parametrize("name", FROM_THE_FRONT)
def test_mirroring_swaps_left_and_right_and_changes_nothing_else(name):
    before, after = the_set(recorded(name)), the_set(mirrored(recorded(name)))
    assert after.side == other_side(before.side)
    assert len(after.repetitions) == len(before.repetitions)
    flips = TO_THE_LEFT + (TO_THE_LEFT_ON_TWO if before.side == "both" else ())
    got = numbers(after)
    for key, value in numbers(before).items():
        index, _, measure = key.rpartition(" ")
        # A spread has no direction.
        turns = measure.startswith(flips) and not measure.endswith("_sd")
        wanted = -value if turns else value
        there = f"{index} {other_side(measure)}".strip()
        assert got[there] == pytest.approx(wanted, abs=1e-3), key
    answers = {one.code.value: one.answer for one in after.judgements}
    for one in before.judgements:
        assert answers[other_side(one.code.value)] is one.answer, one.code


@pytest.mark.parametrize("name", FROM_THE_FRONT)
@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_scaling_the_frame_changes_no_angle(name, scale):
    before, after = the_set(recorded(name)), the_set(scaled(recorded(name), scale))
    got = numbers(after)
    for key, value in numbers(before).items():
        if "_deg" in key:
            assert got[key] == pytest.approx(value, abs=0.1), key


@pytest.mark.parametrize("name", ["squat_valgus_left", "c02_squat", "c05_squat"])
@pytest.mark.parametrize("roll_deg", [-5.0, 5.0])
def test_a_tilted_camera_changes_pelvic_drop_by_less_than_half_a_degree(name, roll_deg):
    before, after = the_set(recorded(name)), the_set(rolled(recorded(name), roll_deg))
    for upright, tilted in zip(before.repetitions, after.repetitions, strict=True):
        drop = upright.measures["pelvic_drop_deg"].value
        assert tilted.measures["pelvic_drop_deg"].value == pytest.approx(drop, abs=0.5)
