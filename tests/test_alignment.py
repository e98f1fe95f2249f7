"""A smooth random picture, moved by a known amount, is found where it was moved."""

import numpy as np
import pytest
from scipy import ndimage

from balance.follow import alignment
from balance.follow.alignment import Motion

CENTRE = np.array([60.0, 50.0])
REACH = 30.0


def texture(seed=0, shape=(100, 120), blur=2.0):
    rough = np.random.default_rng(seed).normal(0, 1, shape)
    return 128 + 400 * ndimage.gaussian_filter(rough, blur)


def moved(picture, dx, dy, stretch_px=0.0, turn_px=0.0):
    """Shift, stretch and turn a picture about CENTRE (px at REACH for the last two)."""
    s, r = stretch_px / REACH, turn_px / REACH
    forward = np.array([[1 + s, -r], [r, 1 + s]])
    back = np.linalg.inv(forward)
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    away = np.stack([x - CENTRE[0] - dx, y - CENTRE[1] - dy])
    source = np.tensordot(back, away, 1) + CENTRE[:, None, None]
    return ndimage.map_coordinates(picture, source[::-1], order=3, mode="reflect")


def patch_of(picture, motion=Motion.SIMILARITY):
    y, x = np.mgrid[25:75:2, 30:90:2]
    places = np.stack([x.ravel(), y.ravel()], axis=1)
    return alignment.make_patch(picture, places, CENTRE, REACH, motion)


@pytest.mark.parametrize(
    "true",
    [
        pytest.param((0.0, 0.0, 0.0, 0.0), id="nothing moved"),
        pytest.param((0.1, 0.0, 0.0, 0.0), id="a tenth of a px"),
        pytest.param((-2.3, 1.4, 0.0, 0.0), id="two px"),
        pytest.param((0.5, 0.2, 0.6, 0.0), id="nearer"),
        pytest.param((1.0, -0.5, 0.0, -1.5), id="turned"),
    ],
)
def test_known_motion_is_found(true):
    picture = texture()
    fit = alignment.align(patch_of(picture), moved(picture, *true), np.zeros(4), 20)
    np.testing.assert_allclose(fit.motion, true, atol=0.02)
    assert fit.share > 0.8


def test_a_shift_patch_finds_a_shift():
    picture = texture()
    patch = patch_of(picture, Motion.SHIFT)
    fit = alignment.align(patch, moved(picture, 1.25, -0.75), np.zeros(2), 20)
    np.testing.assert_allclose(fit.motion, [1.25, -0.75], atol=0.02)


def test_light_may_change():
    picture = texture()
    fit = alignment.align(
        patch_of(picture), 0.6 * moved(picture, 0.4, 0) + 30, np.zeros(4), 20
    )
    assert fit.motion[0] == pytest.approx(0.4, abs=0.02)


def test_an_arm_in_front_of_a_quarter_of_it_does_not_matter():
    picture = texture()
    now = moved(picture, 0.8, 0.0)
    now[:, 30:45] = texture(seed=9)[:, 30:45]
    fit = alignment.align(patch_of(picture), now, np.zeros(4), 20)
    assert fit.motion[0] == pytest.approx(0.8, abs=0.05)
    assert fit.share < 0.85


def test_reported_sd_is_that_of_repeated_noise():
    picture = texture()
    patch = patch_of(picture)
    rng = np.random.default_rng(3)
    fits = [
        alignment.align(patch, picture + rng.normal(0, 4, picture.shape), np.zeros(4))
        for _ in range(60)
    ]
    spread = np.std([fit.motion[0] for fit in fits])
    assert np.mean([fit.sd_px for fit in fits]) == pytest.approx(spread, rel=0.35)


def test_another_picture_does_not_agree():
    fit = alignment.align(patch_of(texture()), texture(seed=5), np.zeros(4))
    assert fit.sd_px > 0.05


def test_a_patch_without_texture_stays_where_it_was_put():
    flat = np.full((100, 120), 77.0)
    fit = alignment.align(patch_of(flat), flat, np.array([1.0, 2.0, 0.0, 0.0]))
    np.testing.assert_allclose(fit.motion, [1.0, 2.0, 0.0, 0.0])
    assert fit.sd_px > 1e3


def test_sampling_between_elements_is_bilinear():
    picture = np.array([[0.0, 1.0], [2.0, 3.0]])
    places = np.array([[0.0, 0.0], [0.5, 0.0], [0.0, 0.5], [0.5, 0.5]])
    np.testing.assert_allclose(alignment.sample(picture, places.T), [0, 0.5, 1, 1.5])
