"""A stick person who does what the test says, recorded from the front.

Frame axes: px, y down; the person's left is on the image's right. Lengths are
those of a person of 1.78 m with 200 px of leg at 4.4 mm a px.
"""

from pathlib import Path

import numpy as np

from balance.model.landmarks import LANDMARK_COUNT, Landmark, Side
from balance.model.recording import (
    FootTracks,
    PoseSequence,
    Recording,
    Scene,
    SwayTrack,
)
from balance.model.results import Software, Source

DATA = Path(__file__).parent / "data"
LEG_PX = 200.0
FLOOR_PX = 440.0
MIDDLE_PX = 320.0


def standing(seconds: float = 6.0, rate_hz: float = 30.0) -> tuple:
    """Times and landmarks of someone who stands still on both legs."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    xy = np.zeros((len(time_s), LANDMARK_COUNT, 2))
    xy[:] = (MIDDLE_PX, FLOOR_PX - 380)
    for side in Side:
        out = 1 if side is Side.LEFT else -1
        for joint, across, above in (
            ("shoulder", 36, 330),
            ("elbow", 45, 270),
            ("wrist", 48, 215),
            ("hip", 20, LEG_PX + 8),
            ("knee", 21, LEG_PX / 2 + 8),
            ("ankle", 22, 8),
            ("heel", 22, 2),
            ("foot_index", 26, 0),
        ):
            xy[:, side.landmark(joint)] = (MIDDLE_PX + out * across, FLOOR_PX - above)
    return time_s, xy


def lift(time_s, xy, side: Side, start_s: float, end_s: float, height: float = 0.25):
    """Lift a foot by ``height`` leg lengths between two times, over 0.3 s each way.

    The weight goes over the other foot while the foot is up.
    """
    up = np.clip(np.minimum(time_s - start_s, end_s - time_s) / 0.3, 0, 1)
    for joint, share in (("heel", 1), ("foot_index", 1), ("ankle", 1), ("knee", 0.5)):
        xy[:, side.landmark(joint), 1] -= share * height * LEG_PX * up
    shift = np.clip(
        np.minimum(time_s - start_s + 0.8, end_s + 0.8 - time_s) / 0.6, 0, 1
    )
    stance_x = xy[:, side.other.landmark("ankle"), 0]
    body = [mark for mark in Landmark if mark <= Landmark.RIGHT_HIP]
    xy[:, body, 0] += (shift * (stance_x - MIDDLE_PX))[:, None]
    return xy


def recording(time_s, xy, *, noise_px: float = 0.3, size=(640, 480), seed=0, **more):
    """Recording with landmark noise of a fixed seed."""
    frames = len(time_s)
    rng = np.random.default_rng(seed)
    noisy = xy + rng.normal(0, noise_px, xy.shape)
    nan, nan2 = np.full(frames, np.nan), np.full((frames, 2), np.nan)
    pose = PoseSequence(time_s, noisy, np.ones(xy.shape[:2]), size, "stick person")
    parts = {
        "pose": pose,
        "sway_track": SwayTrack(nan, nan),
        "foot_tracks": FootTracks(nan2, nan2),
        "scene": Scene.unknown(frames),
        "source": Source("clip.mp4", "0" * 64, 6.0, frames, 30.0, *size, 0),
        "software": Software("0", "0", "0"),
    }
    return Recording(**(parts | more))


def recorded(name: str, **more) -> Recording:
    """Landmarks of a rendered clip, as MediaPipe saw them (tests/data)."""
    with np.load(DATA / f"{name}.npz") as stored:
        time_s = stored["time_s"].astype(float)
        xy = stored["xy_px"].astype(float)
        size = tuple(int(v) for v in stored["size_px"])
    return recording(time_s, xy, noise_px=0.0, size=size, **more)
