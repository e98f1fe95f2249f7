"""The centre of mass of stick figures whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest
from recorded import recorded

from balance.analysis.body.centre_of_mass import centre_of_mass, landmark_masses
from balance.model.landmarks import Landmark, Side
from balance.model.recording import (
    FootTracks,
    PoseSequence,
    Recording,
    Scene,
    SwayTrack,
)
from balance.model.results import Person, Software, Source
from tests.stick_figure import stick_figure

FRAMES = 60
HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]


def recording(xy_px, pelvis_px=None, camera_px=0.0, sd_px=0.1):
    frames = len(xy_px)
    time_s = np.arange(frames) / 30
    if pelvis_px is None:
        pelvis_px = xy_px[:, HIPS, 0].mean(axis=1) - camera_px
    nothing = np.full((frames, 2), np.nan)
    scene = Scene.unknown(frames)
    shift = np.column_stack([np.full(frames, camera_px), np.zeros(frames)])
    return Recording(
        PoseSequence(time_s, xy_px, np.ones((frames, 33)), (640, 480)),
        SwayTrack(np.asarray(pelvis_px, float), np.full(frames, sd_px)),
        FootTracks(nothing, nothing),
        replace(scene, camera_shift_px=shift),
        Source("a.mp4", "", 2.0, frames, 30.0, 640, 480, 0),
        Software("0", "0", ""),
    )


def still():
    return np.repeat(stick_figure()[None], FRAMES, axis=0)


@pytest.mark.parametrize("sex", ["f", "m", None])
def test_masses_sum_to_the_body(sex):
    masses = landmark_masses(sex)
    assert masses.sum() == pytest.approx(1.0)
    assert (masses >= 0).all()


def test_legs_and_arms_weigh_what_de_leva_says():
    limbs = {"elbow", "wrist", "index", "knee", "ankle", "heel", "foot_index"}
    joints = [side.landmark(name) for side in Side for name in limbs]
    # Trunk, head, and the near ends of upper arms and thighs carry the rest.
    masses = landmark_masses("m")
    shoulder_hip = 0.4346 + 2 * (0.0271 * (1 - 0.5772) + 0.1416 * (1 - 0.4095))
    assert masses[joints].sum() == pytest.approx(1 - shoulder_hip - 0.0694, abs=0.001)


def test_a_body_that_moves_as_one_moves_its_centre_as_much():
    sway = 5 * np.sin(np.arange(FRAMES) / 5)
    xy = still()
    xy[..., 0] += sway[:, None]
    path = centre_of_mass(recording(xy)).ml_px
    np.testing.assert_allclose(path - path.mean(), sway - sway.mean(), atol=1e-9)


def test_a_raised_arm_moves_it_by_the_arms_mass():
    xy = still()
    xy[30:, [Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST, Landmark.LEFT_INDEX], 0] += 20
    path = centre_of_mass(recording(xy)).ml_px
    masses = landmark_masses(None)
    arm = masses[[Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST, Landmark.LEFT_INDEX]].sum()
    assert path[-1] - path[0] == pytest.approx(20 * arm)


def test_the_pelvis_is_the_one_that_was_followed():
    hips = landmark_masses(None)[HIPS].sum()
    pelvis = 320 + np.arange(FRAMES) * 0.1
    path = centre_of_mass(recording(still(), pelvis)).ml_px
    assert path[-1] - path[0] == pytest.approx(hips * 0.1 * (FRAMES - 1))


def test_camera_motion_is_taken_out():
    moved = still()
    moved[..., 0] += 7
    plain = centre_of_mass(recording(still())).ml_px
    np.testing.assert_allclose(centre_of_mass(recording(moved, None, 7.0)).ml_px, plain)


def test_noise_of_landmarks_widens_its_sd():
    xy = still()
    noisy = xy + np.random.default_rng(0).normal(0, 2, xy.shape)
    calm, rough = (
        centre_of_mass(recording(p, np.full(FRAMES, 320.0))) for p in (xy, noisy)
    )
    assert rough.sd_px[0] > 2 * calm.sd_px[0]


def test_an_unseen_shoulder_leaves_a_gap():
    xy = still()
    xy[10, Landmark.LEFT_SHOULDER] = np.nan
    path = centre_of_mass(recording(xy)).ml_px
    assert np.isnan(path[10])
    assert np.isfinite(path[11:]).all()


def test_sex_moves_it_little():
    pose = recorded("stand_left")
    made = recording(pose.xy_px)
    man, woman = (
        centre_of_mass(replace(made, person=Person(sex=sex))).ml_px for sex in "mf"
    )
    assert np.abs(man - woman).max() < 2


def test_of_frames_left_out_the_noise_is_not_taken_for_smaller():
    rng = np.random.default_rng(3)
    xy = np.repeat(stick_figure()[None], 600, axis=0)
    xy += rng.normal(0, 1.0, xy.shape)
    looked_at = np.arange(600) % 3 == 0
    thinned = xy.copy()
    for point in np.ndindex(xy.shape[1:]):
        known = xy[(looked_at, *point)]
        thinned[(slice(None), *point)] = np.interp(
            np.arange(600), np.flatnonzero(looked_at), known
        )
    whole = centre_of_mass(recording(xy)).sd_px[0]
    told = centre_of_mass(replace(recording(thinned), inferred=looked_at)).sd_px[0]
    # A third of the frames tell a mean as well as all with so much more noise.
    assert told == pytest.approx(np.sqrt(3) * whole, rel=0.2)
