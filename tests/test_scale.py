"""Millimetres per px from a stick figure of known size."""

import numpy as np
import pytest

from balance.analysis.body import scale
from balance.model.landmarks import Landmark
from balance.model.recording import PoseSequence
from balance.model.results import Measurement
from tests.stick_figure import stick_figure

FIGURE = stick_figure()
EYES = FIGURE[[Landmark.LEFT_EYE, Landmark.RIGHT_EYE]].mean(axis=0)
TOES = [Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX]
HEIGHT_PX = np.linalg.norm(FIGURE[TOES] - EYES, axis=1).max() / 0.982


def pose(frames=20):
    xy = np.tile(stick_figure(), (frames, 1, 1))
    return PoseSequence(np.arange(frames) / 30, xy, np.ones((frames, 33)), (640, 480))


def test_scale_of_a_known_figure():
    body = scale.body_scale(pose(), 1700.0)
    assert body is not None
    assert body.height_px.value == pytest.approx(HEIGHT_PX, rel=1e-3)
    mm_per_px = body.mm_per_px
    assert mm_per_px is not None
    assert mm_per_px.value == pytest.approx(1700 / HEIGHT_PX, rel=1e-3)
    assert mm_per_px.low < mm_per_px.value < mm_per_px.high
    assert body.rel_sd == pytest.approx(scale.HEIGHT_REL_SD)


def test_a_raised_foot_does_not_shorten_the_person():
    standing = pose()
    standing.xy_px[:, [Landmark.LEFT_ANKLE, Landmark.LEFT_FOOT_INDEX], 1] -= 60
    body = scale.body_scale(standing, None)
    assert body is not None
    assert body.height_px.value == pytest.approx(HEIGHT_PX, rel=1e-3)


def test_where_no_toes_are_known_ankles_tell():
    without = pose()
    without.xy_px[:, TOES] = np.nan
    body = scale.body_scale(without, None)
    assert body is not None
    to_ankle = np.linalg.norm(FIGURE[Landmark.LEFT_ANKLE] - EYES)
    assert body.height_px.value == pytest.approx(to_ankle / 0.909, rel=1e-3)


def test_squats_do_not_shorten_the_person():
    squatting = pose()
    squatting.xy_px[5:15, Landmark.LEFT_EYE : Landmark.RIGHT_EYE_OUTER + 1, 1] += 50
    body = scale.body_scale(squatting, None)
    assert body is not None
    assert body.height_px.value == pytest.approx(HEIGHT_PX, rel=1e-3)


def test_only_the_frames_asked_for_count():
    nearer = pose()
    nearer.xy_px[10:] *= 2
    body = scale.body_scale(nearer, None, np.arange(20) < 10)
    assert body is not None
    assert body.height_px.value == pytest.approx(HEIGHT_PX, rel=1e-3)


def test_without_a_height_there_are_no_millimetres():
    body = scale.body_scale(pose(), None)
    assert body is not None
    assert body.mm_per_px is None


def test_nobody_seen():
    empty = pose()
    empty.xy_px[:] = np.nan
    assert scale.body_scale(empty, 1700.0) is None


def test_an_open_interval_has_no_bound_on_its_error():
    assert scale.relative_sd(Measurement(5.0, "mm/px", 4.0, None)) == float("inf")
