"""Light, sharpness and cuts, on frames whose answer is known."""

import cv2
import numpy as np
import pytest
from test_subject import person

from balance.model.landmarks import LANDMARK_COUNT, Landmark
from balance.model.recording import PoseSequence
from balance.tracking.scene import SceneWatch, find_cuts, sharpness
from balance.tracking.subject import Body

RNG = np.random.default_rng(0)


def room(seed: int) -> np.ndarray:
    """A frame with the coarse structure of a room, different for every seed."""
    blocks = np.random.default_rng(seed).integers(30, 150, (12, 16, 3), np.uint8)
    return cv2.resize(blocks, (320, 240), interpolation=cv2.INTER_NEAREST)


def pose_at(x_px: list[float], rate_hz: float = 30.0) -> PoseSequence:
    xy = np.stack([person(x).xy_px if np.isfinite(x) else _nobody() for x in x_px])
    time_s = np.arange(len(x_px)) / rate_hz
    return PoseSequence(time_s, xy, np.ones((len(x_px), LANDMARK_COUNT)), (640, 480))


def _nobody() -> np.ndarray:
    return np.full((LANDMARK_COUNT, 2), np.nan)


def likeness(images: list[np.ndarray]) -> np.ndarray:
    watch = SceneWatch()
    for rgb in images:
        watch.see(rgb, None)
    return np.array(watch.likeness)


def test_brightness_is_the_mean_grey() -> None:
    watch = SceneWatch()
    watch.see(np.full((48, 64, 3), 80, np.uint8), None)
    assert list(watch.luma) == [pytest.approx(80)]
    assert np.isnan(watch.sharpness[0])


def test_another_room_is_a_cut() -> None:
    cut = find_cuts(likeness([room(1)] * 3 + [room(2)] * 3), pose_at([300] * 6))
    np.testing.assert_array_equal(np.flatnonzero(cut), [3])


def test_a_light_switched_on_is_no_cut() -> None:
    dark = room(1)
    bright = np.clip(dark * 1.5 + 25, 0, 255).astype(np.uint8)
    cut = find_cuts(likeness([dark] * 3 + [bright] * 3), pose_at([300] * 6))
    assert not cut.any()


def test_a_shaking_camera_is_no_cut() -> None:
    shaken = [np.roll(room(1), RNG.integers(-3, 4, 2), (0, 1)) for _ in range(20)]
    assert not find_cuts(likeness(shaken), pose_at([300] * 20)).any()


def test_a_dark_noisy_frame_is_no_cut() -> None:
    dark = [RNG.integers(8, 14, (240, 320, 3)).astype(np.uint8) for _ in range(20)]
    assert not find_cuts(likeness(dark), pose_at([300] * 20)).any()


def test_a_jump_cut_in_one_room_is_told_by_the_skeleton() -> None:
    cut = find_cuts(np.ones(6), pose_at([300, 301, 302, 420, 421, 422]))
    np.testing.assert_array_equal(np.flatnonzero(cut), [3])


@pytest.mark.parametrize("rate_hz", [10.0, 30.0, 60.0])
def test_a_fast_walk_is_no_cut(rate_hz: float) -> None:
    # The figure is 200 px tall: 1.2 heights/s, 2 m/s.
    walk = [100 + 240 * n / rate_hz for n in range(10)]
    assert not find_cuts(np.ones(10), pose_at(walk, rate_hz)).any()


def test_coming_into_view_is_no_cut() -> None:
    gone = [float("nan")] * 3 + [300.0] * 3
    assert not find_cuts(np.ones(6), pose_at(gone)).any()


def textured() -> np.ndarray:
    grain = RNG.integers(0, 255, (240, 320, 3)).astype(np.uint8)
    return cv2.GaussianBlur(cv2.resize(grain, (640, 480)), (0, 0), 1.0)


def broad() -> Body:
    body = person(300, 300)
    body.xy_px[Landmark.LEFT_WRIST, 0] += 60
    body.xy_px[Landmark.RIGHT_WRIST, 0] -= 60
    return body


def test_blur_lowers_sharpness_and_light_does_not() -> None:
    rgb, body = textured(), broad()
    sharp = sharpness(rgb, body)
    assert sharpness(cv2.GaussianBlur(rgb, (0, 0), 3), body) < 0.3 * sharp
    assert sharpness((rgb * 0.4).astype(np.uint8), body) == pytest.approx(
        sharp, rel=0.1
    )


def test_sharpness_does_not_depend_on_the_size_of_the_frame() -> None:
    small, body = textured(), broad()
    large = cv2.resize(small, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    twice = Body(body.xy_px * 2, body.visibility)
    assert sharpness(large, twice) == pytest.approx(sharpness(small, body), rel=0.3)
