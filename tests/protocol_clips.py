"""Landmarks of rendered people, as the pose model saw them; see data/protocols."""

from pathlib import Path

import numpy as np

from balance.pose import PoseSequence

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
