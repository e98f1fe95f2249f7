"""A faint shoe on a bright floor lifts off: it is the shoe that is followed."""

import numpy as np
import pytest
from scipy import ndimage

from balance.tracking.alignment import Motion
from balance.tracking.region import RegionWatch
from balance.video.video import GreyFrame

SHAPE = (120, 160)
STANDS, GONE = 10, 30
OUTLINE = np.array([[60.0, 50.0], [100.0, 50.0], [100.0, 80.0], [60.0, 80.0]])


def rough(seed, blur, contrast):
    noise = np.random.default_rng(seed).normal(0, 1, SHAPE)
    smooth = ndimage.gaussian_filter(noise, blur)
    return 128 + contrast * smooth / smooth.std()


FLOOR = rough(1, 2.0, 40.0)
SHOE = 0.25 * (rough(2, 2.0, 40.0) - 128) + 40
INNER = (slice(55, 75), slice(66, 94))


def image(up_px):
    """The shoe so far above where it stood, None once it has gone."""
    seen = FLOOR.copy()
    if up_px is not None:
        y, x = INNER
        rows = slice(y.start - up_px, y.stop - up_px)
        seen[rows, x] = SHOE[INNER]
    return np.clip(seen, 0, 255).astype(np.uint8)


def lifting(shaken_px=0, light=1.0):
    """The shoe leaves; then the camera looks so far to the side, and light changes."""
    ups = [0] * STANDS + list(range(1, 5)) + [None] * (GONE - STANDS - 4)
    images = [image(up) for up in ups]
    gone = [
        (light * np.roll(seen, shaken_px, axis=1).astype(float)).astype(np.uint8)
        for seen in images[STANDS + 4 :]
    ]
    images[STANDS + 4 :] = gone
    return [GreyFrame(i, i / 30, seen) for i, seen in enumerate(images)]


def watched(frames, reference, leaves, promised=None):
    promised = promised or len(frames)
    watch = RegionWatch(
        rows=(0, promised - 1),
        reference=reference,
        outline=OUTLINE,
        centre=OUTLINE.mean(axis=0),
        reach_px=50.0,
        kind=Motion.SHIFT,
        elements=400,
        shrink=1,
        guess=np.zeros((promised, 2)),
        patience=5,
        leaves=leaves,
    )
    for row, frame in enumerate(frames):
        watch.see(row, frame)
    watch.settle()
    return watch.motion[:, 1]


@pytest.mark.parametrize(
    ("shaken_px", "light"), [(0, 1.0), (2, 1.0), (-5, 1.0), (0, 0.7), (2, 0.8)]
)
def test_a_foot_that_leaves_is_not_held_by_the_floor_about_it(shaken_px, light):
    up_px = watched(lifting(shaken_px, light), 0, leaves=True)
    np.testing.assert_allclose(up_px[:STANDS], 0, atol=0.05)
    np.testing.assert_allclose(up_px[STANDS : STANDS + 4], [-1, -2, -3, -4], atol=0.2)
    # What would hold it: told of no leaving, the floor is followed.
    held = watched(lifting(), 0, leaves=False)
    assert abs(held[STANDS]) < 0.3


def test_a_foot_that_comes_is_the_same_backwards():
    frames = lifting()[::-1]
    down_px = watched(frames, len(frames) - 1, leaves=True)
    np.testing.assert_allclose(down_px[-STANDS:], 0, atol=0.05)
    np.testing.assert_allclose(
        down_px[-STANDS - 4 : -STANDS], [-4, -3, -2, -1], atol=0.2
    )


@pytest.mark.parametrize("leaves", [True, False])
def test_a_foot_that_stays_after_all_is_followed_with_its_floor(leaves):
    frames = [GreyFrame(i, i / 30, image(0)) for i in range(GONE)]
    np.testing.assert_allclose(watched(frames, 0, leaves), 0, atol=0.05)


def test_a_video_that_ends_early_is_followed_as_far_as_it_goes():
    up_px = watched(lifting()[: STANDS + 6], 0, leaves=True, promised=GONE)
    np.testing.assert_allclose(up_px[STANDS : STANDS + 4], [-1, -2, -3, -4], atol=0.2)
    assert np.isnan(up_px[STANDS + 6 :]).all()
