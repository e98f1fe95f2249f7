"""The usual camera as a pinhole."""

from dataclasses import dataclass

import numpy as np

from balance.model.recording import FloatArray

# Focal length over the longer side of the image: webcams and phones see 58 to 74
# degrees across it, which is 0.9 to 0.66.
FOCAL_OVER_LONGER_SIDE = 0.8


FOCAL_SD_SHARE = 0.09


@dataclass(frozen=True, slots=True)
class Pinhole:
    """The camera as far as it is known: focal length and middle of the image."""

    focal_px: float
    centre_px: tuple[float, float]

    @classmethod
    def usual(cls, size_px: tuple[int, int]) -> "Pinhole":
        """Return a level camera with the usual angle of view."""
        width, height = size_px
        focal_px = FOCAL_OVER_LONGER_SIDE * max(width, height)
        return cls(focal_px, (width / 2, height / 2))

    def beside_deg(self, x_px: float) -> float:
        """Return how far right of the camera's axis a place in the image lies."""
        return float(np.degrees(np.arctan2(x_px - self.centre_px[0], self.focal_px)))

    def place(self, xy_px: FloatArray, towards_px: FloatArray) -> FloatArray:
        """(…, 3) px: right, down, towards the camera, of points seen at ``xy_px``."""
        seen = xy_px - np.asarray(self.centre_px)
        flat = seen * (1 - towards_px / self.focal_px)[..., None]
        return np.concatenate([flat, towards_px[..., None]], axis=-1)
