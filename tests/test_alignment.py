"""A smooth random frame, moved by a known amount, is found where it was moved."""

import numpy as np
import pytest
from scipy import ndimage

from balance.tracking import alignment
from balance.tracking.alignment import Motion

CENTRE = np.array([60.0, 50.0])
REACH = 30.0


def texture(seed=0, shape=(100, 120), blur=2.0):
    rough = np.random.default_rng(seed).normal(0, 1, shape)
    return 128 + 400 * ndimage.gaussian_filter(rough, blur)


def moved(image, dx, dy, wider=0.0, turned=0.0, longer=0.0):
    """Shift a body about CENTRE, widen, turn and lengthen it (px at REACH).

    Two reaches below the centre stands its foot: there it does not widen.
    """
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    here = np.stack([x, y]).astype(float)
    source = here
    for _ in range(20):
        right, down = (source - CENTRE[:, None, None]) / REACH
        across = dx + wider * right * (1 - down / 2) - turned * down
        along = dy + turned * right + longer * down
        source = here - np.stack([across, along])
    return ndimage.map_coordinates(image, source[::-1], order=3, mode="reflect")


def patch_of(image, motion=Motion.LEANING):
    y, x = np.mgrid[25:75:2, 30:90:2]
    places = np.stack([x.ravel(), y.ravel()], axis=1)
    return alignment.make_patch(image, places, CENTRE, REACH, motion)


@pytest.mark.parametrize(
    "true",
    [
        pytest.param((0.0, 0.0, 0.0, 0.0, 0.0), id="nothing moved"),
        pytest.param((0.1, 0.0, 0.0, 0.0, 0.0), id="a tenth of a px"),
        pytest.param((-2.3, 1.4, 0.0, 0.0, 0.0), id="two px"),
        pytest.param((0.5, 0.2, 0.6, 0.0, 0.0), id="nearer"),
        pytest.param((1.0, -0.5, 0.0, -1.5, 0.0), id="turned"),
        pytest.param((0.3, 0.1, -0.2, 0.0, 0.5), id="longer"),
    ],
)
def test_known_motion_is_found(true):
    image = texture()
    fit = alignment.align(patch_of(image), moved(image, *true), np.zeros(5), 20)
    np.testing.assert_allclose(fit.motion, true, atol=0.02)
    assert fit.share > 0.8


def test_a_shift_patch_finds_a_shift():
    image = texture()
    patch = patch_of(image, Motion.SHIFT)
    fit = alignment.align(patch, moved(image, 1.25, -0.75), np.zeros(2), 20)
    np.testing.assert_allclose(fit.motion, [1.25, -0.75], atol=0.02)


def test_light_may_change():
    image = texture()
    fit = alignment.align(
        patch_of(image), 0.6 * moved(image, 0.4, 0) + 30, np.zeros(5), 20
    )
    assert fit.motion[0] == pytest.approx(0.4, abs=0.02)


def test_an_arm_in_front_of_a_quarter_of_it_does_not_matter():
    image = texture()
    now = moved(image, 0.8, 0.0)
    now[:, 30:45] = texture(seed=9)[:, 30:45]
    fit = alignment.align(patch_of(image), now, np.zeros(5), 20)
    assert fit.motion[0] == pytest.approx(0.8, abs=0.05)
    assert fit.share < 0.85


def test_reported_sd_is_that_of_repeated_noise():
    image = texture()
    patch = patch_of(image)
    rng = np.random.default_rng(3)
    fits = [
        alignment.align(patch, image + rng.normal(0, 4, image.shape), np.zeros(5))
        for _ in range(60)
    ]
    spread = np.std([fit.motion[0] for fit in fits])
    assert np.mean([fit.sd_px for fit in fits]) == pytest.approx(spread, rel=0.35)


def test_another_frame_does_not_agree():
    fit = alignment.align(patch_of(texture()), texture(seed=5), np.zeros(5))
    assert fit.sd_px > 0.05


def test_a_patch_without_texture_stays_where_it_was_put():
    flat = np.full((100, 120), 77.0)
    fit = alignment.align(patch_of(flat), flat, np.array([1.0, 2.0, 0.0, 0.0, 0.0]))
    np.testing.assert_allclose(fit.motion, [1.0, 2.0, 0.0, 0.0, 0.0])
    assert fit.sd_px > 1e3


def test_what_the_frame_does_not_tell_is_what_is_likely():
    upright_stripes = np.tile(texture()[50], (100, 1))
    start = np.array([0.0, 0.0, 0.0, 0.0, 3.0])
    fit = alignment.align(patch_of(upright_stripes), upright_stripes, start, 20)
    np.testing.assert_allclose(fit.motion, 0, atol=0.01)


def test_shared_noise_is_more_noise():
    image = texture()
    noisy = image + np.random.default_rng(1).normal(0, 4, image.shape)
    alone = alignment.align(patch_of(image), noisy, np.zeros(5))
    shared = alignment.align(patch_of(image), noisy, np.zeros(5), shared_noise=9.0)
    assert shared.sd_px == pytest.approx(3 * alone.sd_px, rel=0.05)


def test_sampling_between_elements_is_bilinear():
    image = np.array([[0.0, 1.0], [2.0, 3.0]])
    places = np.array([[0.0, 0.0], [0.5, 0.0], [0.0, 0.5], [0.5, 0.5]])
    np.testing.assert_allclose(alignment.sample(image, places.T), [0, 0.5, 1, 1.5])
