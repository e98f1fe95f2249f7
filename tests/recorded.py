"""Landmarks recorded from rendered people, as the model gave them."""

from pathlib import Path

import numpy as np

from balance.model.landmarks import LANDMARK_COUNT
from balance.model.recording import PoseSequence

FOLDER = Path(__file__).parent / "data" / "landmarks"


def recorded(name: str) -> PoseSequence:
    """Load one recording; landmarks are kept to a tenth of a px."""
    with np.load(FOLDER / f"{name}.npz") as data:
        time_s, xy_px = data["time_s"], data["xy_dpx"] / 10.0
        width, height = (int(px) for px in data["size_px"])
    visibility = np.ones((len(time_s), LANDMARK_COUNT))
    return PoseSequence(time_s, xy_px, visibility, (width, height), name)
