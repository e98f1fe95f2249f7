"""Cloth that follows the leg is no fault; what hides the knee is said."""

from dataclasses import replace

import numpy as np
import pytest
from people import recording
from standing_figure import Standing

from balance.analysis.assessment import assess
from balance.analysis.body.clothes import clothes_finding
from balance.analysis.body.contact import leg_length_px
from balance.model.codes import Answer, JudgementCode
from balance.model.landmarks import Side
from balance.model.leg_outline import no_edges, row_heights
from balance.model.recording import Recording
from balance.model.results import Judgement
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards
from tests.found import geometry
from tests.rendered_squats import rendered_squats


def standing(width: float, *, feet_m: float = 0.1, skirt: bool = False) -> Recording:
    """Somebody on two legs, each ``width`` leg lengths wide; a skirt joins them."""
    figure = Standing(feet={Side.LEFT: (feet_m, 0.0), Side.RIGHT: (-feet_m, 0.0)})
    pose = figure.pose(2.0)
    bare = recording(pose.time_s, pose.xy_px)
    half = width * leg_length_px(bare) / 2
    edges = no_edges(len(pose))
    for number, side in enumerate(Side):
        joints = [side.landmark(joint) for joint in ("hip", "knee", "ankle")]
        chain = pose.xy_px[:, joints]
        heights = row_heights(chain)
        middle = np.stack(
            [
                np.interp(h, c[:, 1], c[:, 0])
                for h, c in zip(heights, chain, strict=True)
            ]
        )
        edges[:, number, :, 0], edges[:, number, :, 1] = middle - half, middle + half
        if skirt:  # towards the other leg there is no edge; left is on the right
            edges[:, number, :, 0 if side is Side.LEFT else 1] = np.nan
    return replace(bare, leg_edges_px=edges)


@pytest.mark.parametrize("width", [0.10, 0.15, 0.20])
def test_trousers_that_follow_the_leg_are_no_fault(width):
    assert clothes_finding(geometry(standing(width))) is None


def test_a_wide_leg_seen_for_a_moment_only_says_nothing():
    wide = standing(0.40)
    edges = wide.leg_edges_px.copy()
    edges[12:] = np.nan
    assert clothes_finding(geometry(replace(wide, leg_edges_px=edges))) is None


def test_an_outline_read_now_and_then_is_enough():
    wide = standing(0.40)
    edges = np.full_like(wide.leg_edges_px, np.nan)
    edges[::10] = wide.leg_edges_px[::10]
    assert clothes_finding(geometry(replace(wide, leg_edges_px=edges))) is not None


def test_trousers_much_wider_than_a_leg_hide_the_knee():
    found = clothes_finding(geometry(standing(0.30)))
    assert found is not None
    assert found.code == "clothes_hide_knee"
    assert "shorts" in found.text


def test_a_skirt_hides_the_knees_of_somebody_with_feet_apart():
    found = clothes_finding(geometry(standing(0.15, feet_m=0.2, skirt=True)))
    assert found is not None


def test_legs_close_together_share_an_outline_without_any_skirt():
    assert clothes_finding(geometry(standing(0.15, feet_m=0.08, skirt=True))) is None


def test_without_an_outline_nothing_is_said():
    pose = Standing().pose(2.0)
    assert clothes_finding(geometry(recording(pose.time_s, pose.xy_px))) is None


def test_nothing_is_said_of_a_caving_knee_under_wide_cloth():
    (clip,) = [one for one in rendered_squats() if one.name == "x09"]
    tight, cloth_px = clip.recording, 0.1 * leg_length_px(clip.recording)
    wider = tight.leg_edges_px + np.array([-cloth_px, cloth_px])
    wide = replace(tight, leg_edges_px=wider)
    assert (left_knee(tight).chance or 0) > 0.5
    assert left_knee(wide).answer is Answer.CANNOT_TELL
    assert left_knee(wide).because == "clothes hide the knees"


def left_knee(recording: Recording) -> Judgement:
    found = assess(recording, load_protocol("auto"), load_standards())
    judged = {one.code: one for one in found.trials[0].judgements}
    return judged[JudgementCode.KNEE_VALGUS_LEFT]
