"""A person of sticks, facing the camera in a frame of 640×480."""

import numpy as np

from balance.model.landmarks import Landmark

# x away from the body's middle towards the person's left (the image's right), y down.
_PARTS = {
    "SHOULDER": (30, 150),
    "ELBOW": (38, 195),
    "WRIST": (40, 235),
    "PINKY": (41, 245),
    "INDEX": (40, 247),
    "THUMB": (38, 243),
    "HIP": (18, 240),
    "KNEE": (18, 315),
    "ANKLE": (18, 390),
    "HEEL": (18, 396),
    "FOOT_INDEX": (21, 408),
    "EAR": (12, 100),
    "EYE": (6, 96),
    "EYE_INNER": (4, 96),
    "EYE_OUTER": (8, 96),
}


def stick_figure(middle_x=320.0):
    """(33, 2) px."""
    points = np.zeros((33, 2))
    for landmark in Landmark:
        name = landmark.name
        if name == "NOSE":
            points[landmark] = (middle_x, 104)
            continue
        if name.startswith("MOUTH"):
            points[landmark] = (middle_x + (4 if "LEFT" in name else -4), 112)
            continue
        side, part = name.split("_", 1)
        x, y = _PARTS[part]
        points[landmark] = (middle_x + (x if side == "LEFT" else -x), y)
    return points
