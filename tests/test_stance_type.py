"""Which stance it is, from feet whose places are known."""

from dataclasses import replace

import numpy as np
import pytest
from protocol_clips import clip
from standing_figure import Standing

from balance.analysis.events.stance_type import find_two_leg_stances, read_stance
from balance.model.codes import TrialKind
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence

TOGETHER = {Side.LEFT: (0.05, 0.0), Side.RIGHT: (-0.05, 0.0)}
WIDE = {Side.LEFT: (0.1, 0.0), Side.RIGHT: (-0.1, 0.0)}
SEMI_LEFT = {Side.LEFT: (0.045, 0.07), Side.RIGHT: (-0.045, -0.07)}
SEMI_RIGHT = {Side.LEFT: (0.045, -0.07), Side.RIGHT: (-0.045, 0.07)}
TANDEM_LEFT = {Side.LEFT: (0.0, 0.14), Side.RIGHT: (0.0, -0.14)}
TANDEM_RIGHT = {Side.LEFT: (0.0, -0.14), Side.RIGHT: (0.0, 0.14)}

STANCES = [
    pytest.param(TOGETHER, TrialKind.SIDE_BY_SIDE_STANCE, None, id="side by side"),
    pytest.param(WIDE, TrialKind.TWO_LEG_STANCE, None, id="hip-wide"),
    pytest.param(SEMI_LEFT, TrialKind.SEMI_TANDEM_STANCE, Side.LEFT, id="semi, left"),
    pytest.param(
        SEMI_RIGHT, TrialKind.SEMI_TANDEM_STANCE, Side.RIGHT, id="semi, right"
    ),
    pytest.param(TANDEM_LEFT, TrialKind.TANDEM_STANCE, Side.LEFT, id="tandem, left"),
    pytest.param(TANDEM_RIGHT, TrialKind.TANDEM_STANCE, Side.RIGHT, id="tandem, right"),
]


@pytest.mark.parametrize(("feet", "kind", "front"), STANCES)
@pytest.mark.parametrize(
    ("camera_height_m", "distance_m"),
    [(0.7, 2.2), (1.0, 2.5), (1.0, 3.0), (1.4, 3.5), (0.7, 4.0), (1.4, 4.0)],
)
def test_the_camera_does_not_change_the_stance(
    feet, kind, front, camera_height_m, distance_m
) -> None:
    figure = Standing(
        feet, camera_height_m=camera_height_m, distance_m=distance_m, noise_px=0.2
    )
    (span,) = find_two_leg_stances(figure.pose(3))
    assert (span.reading.kind, span.reading.front) == (kind, front)


@pytest.mark.parametrize(("feet", "kind", "front"), STANCES)
def test_turned_by_ten_degrees_it_is_still_told(feet, kind, front) -> None:
    (span,) = find_two_leg_stances(Standing(feet, yaw_deg=8.0, noise_px=0.2).pose(3))
    assert span.reading.kind in (kind, None)
    assert kind != TrialKind.TANDEM_STANCE or span.reading.kind == kind


def test_from_the_side_it_says_that_it_cannot_tell() -> None:
    (span,) = find_two_leg_stances(Standing(TOGETHER, yaw_deg=90.0).pose(3))
    assert span.reading.kind is None
    assert span.reading.because == "the feet are seen from the side"


def test_from_floor_height_half_a_foot_ahead_does_not_show() -> None:
    figure = Standing(SEMI_LEFT, camera_height_m=0.05)
    (span,) = find_two_leg_stances(figure.pose(3))
    assert span.reading.kind is None
    assert "height" in span.reading.because


def test_feet_that_were_not_seen_are_not_read() -> None:
    pose = Standing().pose(3)
    blind = PoseSequence(
        pose.time_s, np.full_like(pose.xy_px, np.nan), pose.visibility, pose.size_px
    )
    assert read_stance(blind, slice(None)).kind is None
    assert find_two_leg_stances(blind) == ()


def test_a_step_ends_a_stance_and_the_next_one_begins() -> None:
    def step(t: float) -> float:
        return 0.0 if t < 4 else 0.08

    figure = Standing(TOGETHER, slide_m={Side.LEFT: step})
    first, second = find_two_leg_stances(figure.pose(9))
    assert first.reading.kind == TrialKind.SIDE_BY_SIDE_STANCE
    assert second.reading.kind == TrialKind.TWO_LEG_STANCE
    assert first.end_s == pytest.approx(4, abs=0.5)
    assert (first.start_seen, first.end_seen) == (False, True)
    assert (second.start_seen, second.end_seen) == (True, False)


def test_a_wobble_of_a_centimetre_does_not_end_it() -> None:
    figure = Standing(TOGETHER, slide_m={Side.LEFT: lambda t: 0.01 * (t > 4)})
    assert len(find_two_leg_stances(figure.pose(9))) == 1


def test_mirroring_swaps_the_foot_in_front_and_keeps_the_stance() -> None:
    pose = Standing(SEMI_LEFT).pose(3)
    order = np.arange(33)
    for side in Side:
        for joint in ("shoulder", "hip", "knee", "ankle", "heel", "foot_index"):
            order[side.landmark(joint)] = side.other.landmark(joint)
    xy = pose.xy_px[:, order].copy()
    xy[..., 0] = 640 - xy[..., 0]
    mirrored = replace(pose, xy_px=xy)
    assert read_stance(mirrored, slice(None)).front == Side.RIGHT
    assert read_stance(mirrored, slice(None)).kind == TrialKind.SEMI_TANDEM_STANCE


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("side_by_side", TrialKind.SIDE_BY_SIDE_STANCE),
        ("semi_tandem", TrialKind.SEMI_TANDEM_STANCE),
        ("tandem", TrialKind.TANDEM_STANCE),
    ],
)
def test_rendered_people_through_the_pose_model(name, kind) -> None:
    (span,) = find_two_leg_stances(clip(name))
    assert span.reading.kind == kind
    assert span.hold_s > 10
