"""Landmarks of rendered people, as the pose model saw them; see data/protocols."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from balance.model.files import read_recording
from balance.model.landmarks import Landmark
from balance.model.recording import (
    FootTracks,
    PoseSequence,
    Recording,
    Scene,
    SwayTrack,
)
from balance.model.results import Software, Source

FOLDER = Path(__file__).parent / "data" / "protocols"


def clip(name: str) -> PoseSequence:
    return read_recording(FOLDER / f"{name}.npz").pose


def mirrored(pose: PoseSequence) -> PoseSequence:
    """The same as the other leg does it."""
    other_side = [
        Landmark[
            name.replace("LEFT", "#").replace("RIGHT", "LEFT").replace("#", "RIGHT")
        ]
        for name in Landmark.__members__
    ]
    xy = pose.xy_px[:, other_side] * [-1, 1] + [pose.size_px[0], 0]
    return replace(pose, xy_px=xy)


def recording(pose: PoseSequence) -> Recording:
    """A recording of landmarks alone: no tracks, nobody looked at the scene."""
    frames = len(pose)
    nothing = np.full((frames, 2), np.nan)
    return Recording(
        pose=pose,
        sway_track=SwayTrack(nothing[:, 0], nothing[:, 0]),
        foot_tracks=FootTracks(nothing, nothing),
        scene=Scene.unknown(frames),
        source=Source(
            pose.source, "0" * 64, float(pose.time_s[-1]), frames, 15.0, 640, 480, 0
        ),
        software=Software("0", "0", "0" * 64),
    )
