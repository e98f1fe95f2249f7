"""Landmarks of rendered people, as the pose model saw them; see data/protocols."""

from pathlib import Path

import numpy as np

from balance.pose import FootTracks, PoseSequence, Recording, Scene, SwayTrack
from balance.results import Software, Source

FOLDER = Path(__file__).parent / "data" / "protocols"


def clip(name: str) -> PoseSequence:
    with np.load(FOLDER / f"{name}.npz") as data:
        xy = data["xy_px"].astype(float)
        return PoseSequence(
            data["time_s"].astype(float),
            xy,
            np.ones(xy.shape[:2]),
            tuple(int(px) for px in data["size_px"]),
            name,
        )


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
