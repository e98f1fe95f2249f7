"""A drawn body sways by a known amount in front of a drawn wall."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from balance.model.camera import Pinhole
from balance.model.codes import FindingCode
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence
from balance.tracking import optical_flow
from balance.tracking.background import smoothed
from balance.tracking.body_regions import SURFACE_NEARER
from balance.tracking.optical_flow import StanceWindow
from balance.video.video import GreyFrame
from tests.stick_figure import stick_figure

RATE_HZ = 15.0
FRAMES = 60
TIME_S = np.arange(FRAMES) / RATE_HZ
SWAY_PX = 2.0 * np.sin(2 * np.pi * 0.5 * TIME_S)
# Cloth is nearer than the hips within it, which so move less in the image.
THIGH_PX, FOCAL_PX = 75.0, Pinhole.usual((640, 480)).focal_px
HIPS_PX = SWAY_PX * (1 - SURFACE_NEARER * THIGH_PX / FOCAL_PX)
WINDOW = StanceWindow(0.0, TIME_S[-1], Side.LEFT)


def rough(seed, blur, contrast, shape=(480, 640)):
    noise = np.random.default_rng(seed).normal(0, 1, shape)
    smooth = ndimage.gaussian_filter(noise, blur)
    return (128 + contrast * smooth / smooth.std()).astype(np.float32)


WALL = rough(1, 3.0, 25.0)
CLOTH = rough(2, 1.5, 30.0)


def shifted(image, dx, dy):
    import cv2

    to = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    size = image.shape[::-1]
    return cv2.warpAffine(
        image, to, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def seen_by_turned(image, shake_px):
    """What a camera sees that turns so that its middle moves by ``shake_px``."""
    import cv2

    y, x = np.mgrid[:480, :640].astype(np.float32)
    right, down = (x - 320) / FOCAL_PX, (y - 240) / FOCAL_PX
    dx = shake_px[0] * (1 + right**2) + shake_px[1] * right * down
    dy = shake_px[1] * (1 + down**2) + shake_px[0] * right * down
    places = ((x - dx).astype(np.float32), (y - dy).astype(np.float32))
    return cv2.remap(image, *places, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def draw(sway_px, shake_px, rng):
    """The body: a block of cloth round trunk and legs that sways as one piece."""
    image = seen_by_turned(WALL, shake_px)
    body = shifted(CLOTH, sway_px + shake_px[0], shake_px[1])
    x = np.arange(640) - sway_px - shake_px[0]
    # Soft edges, so that the outline too moves by parts of a px.
    cover = np.clip(np.minimum(x - 270, 370 - x) + 0.5, 0, 1)
    rows = slice(90, 420)
    image[rows] = cover * body[rows] + (1 - cover) * image[rows]
    image += rng.standard_normal(image.shape, np.float32) * 2
    return np.clip(image, 0, 255).astype(np.uint8)


def recording(shake_px=None):
    rng = np.random.default_rng(4)
    shake = np.zeros((FRAMES, 2)) if shake_px is None else shake_px
    xy = np.tile(stick_figure(), (FRAMES, 1, 1)) + shake[:, None]
    xy[:, :, 0] += SWAY_PX[:, None]
    xy += rng.normal(0, 0.5, xy.shape)
    pose = PoseSequence(TIME_S, xy, np.ones((FRAMES, 33)), (640, 480))
    frames = [
        GreyFrame(i, t, draw(SWAY_PX[i], shake[i], rng)) for i, t in enumerate(TIME_S)
    ]
    return pose, frames


@pytest.fixture(scope="module")
def steady():
    pose, frames = recording()
    return pose, frames, optical_flow.observe(frames, pose, [WINDOW])


def away_from(track_px, true_px):
    error = track_px - true_px
    return np.std(error)


def test_sway_is_followed_to_hundredths_of_a_px(steady):
    track = steady[2].sway_track
    assert away_from(track.ml_px, HIPS_PX) < 0.05
    assert np.nanmax(track.sd_px) < 0.1


def test_a_still_camera_is_still(steady):
    # Not nearly still: it adds nothing to the sway.
    assert np.nanmax(np.abs(steady[2].camera_shift_px)) < 0.02


def test_feet_move_with_the_body_here(steady):
    stance = steady[2].foot_tracks.left_px[:, 0]
    assert away_from(stance, SWAY_PX) < 0.1
    # The free foot is followed from its first look and back from its last.
    free = steady[2].foot_tracks.right_px[:, 0]
    assert away_from(free[45:], SWAY_PX[45:]) < 0.1


def test_outside_the_windows_landmarks_stand_in(steady):
    pose, frames, _ = steady
    window = replace(WINDOW, start_s=2.0)
    seen = optical_flow.observe(frames, pose, [window])
    early = TIME_S < 2.0 - 1e-6
    assert np.isnan(seen.camera_shift_px[early]).all()
    assert np.isnan(seen.foot_tracks.left_px[early]).all()
    assert np.isfinite(seen.sway_track.ml_px).all()
    sd = seen.sway_track.sd_px
    assert np.min(sd[early]) > 5 * np.max(sd[~early])


def test_a_window_is_followed_by_itself(steady):
    # Cutting the video elsewhere changes nothing: only the frames inside matter.
    pose, frames, _ = steady
    window = replace(WINDOW, start_s=1.0, end_s=3.0)
    whole = optical_flow.observe(frames, pose, [window])
    part = optical_flow.observe(frames[15:46], pose, [window])
    np.testing.assert_array_equal(whole.sway_track.ml_px, part.sway_track.ml_px)


def test_frames_coded_between_others_count_for_less(steady):
    pose, frames, seen = steady
    coded = [replace(frame, is_b_frame=i % 2 == 1) for i, frame in enumerate(frames)]
    # One of them shows the frame before: the coder found too little that is new.
    coded[31] = replace(coded[31], grey=frames[30].grey)
    told = [replace(frame, is_b_frame=False) for frame in coded]
    late, told_late = (
        optical_flow.observe(video, pose, [WINDOW]).sway_track.ml_px[31]
        - seen.sway_track.ml_px[31]
        for video in (coded, told)
    )
    assert abs(told_late) > 0.1
    assert abs(late) < 0.5 * abs(told_late)


def test_shaken_camera_is_taken_out():
    rng = np.random.default_rng(8)
    shake = ndimage.gaussian_filter1d(rng.normal(0, 4, (FRAMES, 2)), 2, axis=0)
    pose, frames = recording(shake)
    seen = optical_flow.observe(frames, pose, [WINDOW])
    moved = seen.camera_shift_px - seen.camera_shift_px[0]
    np.testing.assert_allclose(moved, shake - shake[0], atol=0.15)
    assert away_from(seen.sway_track.ml_px, HIPS_PX) < 0.1


def test_feet_on_the_floor_stay_there_before_a_turned_camera():
    # Far from the frame's middle they move by more than the hips: by a tenth here.
    rng = np.random.default_rng(8)
    shake = ndimage.gaussian_filter1d(rng.normal(0, 4, (FRAMES, 2)), 2, axis=0)
    scene = draw(0.0, np.zeros(2), rng).astype(np.float32)
    frames = [
        GreyFrame(i, t, np.clip(seen_by_turned(scene, shake[i]), 0, 255).astype("u1"))
        for i, t in enumerate(TIME_S)
    ]
    xy = np.tile(stick_figure(), (FRAMES, 1, 1)) + shake[:, None]
    pose = PoseSequence(TIME_S, xy, np.ones((FRAMES, 33)), (640, 480))
    seen = optical_flow.observe(frames, pose, [WINDOW])
    assert np.std(seen.foot_tracks.left_px, axis=0) == pytest.approx(0, abs=0.06)
    assert np.std(shake, axis=0).min() > 1


def test_plain_clothes_before_the_same_wall_are_named(steady):
    pose, frames, _ = steady
    flat = [replace(frame, grey=np.full_like(frame.grey, 128)) for frame in frames]
    seen = optical_flow.observe(flat, pose, [WINDOW])
    assert [finding.code for finding in seen.findings] == [FindingCode.NO_TEXTURE]
    assert np.isfinite(seen.sway_track.ml_px).all()


def test_nobody_in_the_frame(steady):
    pose, frames, _ = steady
    pose = replace(pose, xy_px=np.full_like(pose.xy_px, np.nan))
    seen = optical_flow.observe(frames[:5], pose, [WINDOW])
    assert np.isnan(seen.sway_track.ml_px).all()


def test_without_windows_nothing_is_looked_at(steady):
    pose, _, _ = steady
    seen = optical_flow.observe(iter(()), pose, [])
    assert np.isnan(seen.camera_shift_px).all()
    assert seen.findings == ()


@pytest.mark.parametrize("blur_px", [1.0, 2.0])
def test_smoothing_is_a_gaussian_and_the_gain_is_one_of_grey_levels(blur_px):
    grey = np.random.default_rng(3).integers(0, 256, (40, 50), dtype=np.uint8)
    bell = ndimage.gaussian_filter(grey.astype(float), blur_px, mode="mirror")
    np.testing.assert_allclose(smoothed(grey, 1, blur_px), bell, atol=0.02)
    louder = smoothed(grey, 1, blur_px, gain=255 / 219)
    np.testing.assert_allclose(louder, 255 / 219 * bell, atol=0.02)
