"""Twelve rendered people squatting, 6 frames/s: landmarks, leg outlines and truth.

They differ in body, clothes, camera (turned by up to 14°, 0.75 to 1.35 m high), depth
(41° to 101°) and in how their knees cave in; they were drawn by lot, not chosen.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from balance.model.landmarks import Side
from balance.model.recording import (
    FootTracks,
    PoseSequence,
    Recording,
    Scene,
    SwayTrack,
)
from balance.model.results import Software, Source

FILE = Path(__file__).parent / "data" / "rendered_squats.npz"


@dataclass(frozen=True, eq=False)
class RenderedSquat:
    name: str
    recording: Recording
    truth: dict[str, Any]

    @property
    def stances(self) -> list[tuple[Side, float, float]]:
        """Single-leg stances as they were scripted."""
        if self.truth["stance"] is None:
            return []
        side = Side(self.truth["stance"])
        return [(side, start, end) for start, end in self.truth["single_support"]]

    @property
    def sides(self) -> list[Side]:
        return [Side(self.truth["stance"])] if self.truth["stance"] else list(Side)


def recording_of(pose: PoseSequence, edges: np.ndarray | None) -> Recording:
    """A recording that holds landmarks and outlines and nothing else."""
    frames = len(pose)
    nan, nan2 = np.full(frames, np.nan), np.full((frames, 2), np.nan)
    return Recording(
        pose,
        SwayTrack(nan, nan),
        FootTracks(nan2, nan2),
        Scene.unknown(frames),
        Source(pose.source, "", 0.0, frames, pose.rate_hz, *pose.size_px, 0),
        Software("", "", ""),
        leg_edges_px=edges,
    )


def rendered_squats() -> list[RenderedSquat]:
    with np.load(FILE) as stored:
        arrays = {name: stored[name] for name in stored.files}
    found = []
    for name, truth in json.loads(str(arrays["meta_json"])).items():
        xy = arrays[f"{name}_xy_px"].astype(float)
        pose = PoseSequence(
            arrays[f"{name}_time_s"],
            xy,
            np.ones(xy.shape[:2]),
            tuple(truth["size_px"]),
            name,
        )
        edges = arrays[f"{name}_edges_px"].astype(float)
        found.append(RenderedSquat(name, recording_of(pose, edges), truth))
    return found
