"""A rendered person whose feet are put elsewhere: side by side, semi-tandem, tandem.

The legs of a standing person are sheared inwards, one of them ahead, over what stands
behind them. The pose model takes the result for what it shows (tests/test_positions).
"""

from dataclasses import dataclass

import cv2
import numpy as np

Image = np.ndarray
# Where the person of stand_left stands: hips, soles and the middle between the feet.
HIPS_Y, SOLES_Y, MIDDLE_X, ANKLES_APART = 240, 403, 320.65, 36.9
LEG = SOLES_Y - HIPS_Y + 8
ASIDE = 90  # px on either side of the middle that hold the legs
CONTRAST = 28  # a pixel this far from what is behind belongs to the person


@dataclass(frozen=True)
class Position:
    """How far each foot goes inwards, and the left one ahead, px."""

    inwards: float
    ahead: float


POSITIONS = {
    "side_by_side": Position(ANKLES_APART / 2 - 0.06 * LEG, 0),
    "semi_tandem": Position(ANKLES_APART / 2 - 0.05 * LEG, 6),
    "tandem": Position(ANKLES_APART / 2 - 0.01 * LEG, 10),
}


def placed(image: Image, position: Position) -> Image:
    """Return the frame with the feet in a position."""
    legs = image[HIPS_Y:].astype(np.float32)
    behind = _behind(legs)
    person = np.abs(legs - behind).max(axis=2) > CONTRAST
    person = cv2.morphologyEx(
        person.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)
    ).astype(bool)
    x = np.arange(legs.shape[1])
    person &= np.abs(x - MIDDLE_X) < ASIDE
    done = np.where(np.abs(x - MIDDLE_X)[None, :, None] < ASIDE, behind, legs)
    # The foot behind is drawn first.
    for side in (-1, 1):
        leg = person & ((x - MIDDLE_X) * side > 0)
        shift = (-side * position.inwards, side * position.ahead)
        moved = _sheared(legs, shift)
        share = _sheared(leg.astype(np.float32), shift)[..., None]
        done = done * (1 - share) + moved * share
    out = image.copy()
    out[HIPS_Y:] = np.clip(done, 0, 255).astype(np.uint8)
    return out


def _behind(legs: np.ndarray) -> np.ndarray:
    """Wall and floor behind the legs, from one side of them to the other."""
    left, right = int(MIDDLE_X - ASIDE), int(MIDDLE_X + ASIDE)
    share = np.linspace(0, 1, right - left)[None, :, None]
    from_left = legs[:, left - 6 : left].mean(axis=1, keepdims=True)
    from_right = legs[:, right : right + 6].mean(axis=1, keepdims=True)
    behind = legs.copy()
    behind[:, left:right] = from_left + (from_right - from_left) * share
    return behind


def _sheared(part: np.ndarray, shift: tuple[float, float]) -> np.ndarray:
    """Move by nothing at the hips and by ``shift`` (x, y) at the soles."""
    rows, columns = part.shape[:2]
    y = np.arange(rows, dtype=np.float32)
    grow = np.clip(y / (SOLES_Y - HIPS_Y), 0, 1)
    source_y = y - shift[1] * grow
    source_grow = np.interp(source_y, y, grow)
    map_x = np.arange(columns)[None] - (shift[0] * source_grow)[:, None]
    map_y = np.repeat(source_y[:, None], columns, axis=1)
    return cv2.remap(
        part, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR
    )
