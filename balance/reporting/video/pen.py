"""Draw on frames: skeleton, angles, words and blurred faces.

Frames are drawn on in place: RGB, or coded as videos are, plane by plane. Strokes
and letters are sized in units of 1/480 of the height that is looked at, so that they
read the same on a frame of 320 px and on 4K.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balance.analysis.signals import runs
from balance.model.landmarks import Landmark, Side
from balance.model.recording import FloatArray
from balance.reporting.words.colours import colour
from balance.video.coded import NO_LIGHT, CodedImage, coded_colour, planes, size_of

RgbImage = NDArray[np.uint8]
Rgb = tuple[int, int, int]

# So many blocks across and down are left of what was hidden.
BLOCKS = 5
_CHAINS = ("shoulder elbow wrist", "shoulder hip")
_LEG = ("hip", "knee", "ankle", "heel", "foot_index")
_ACROSS = ("shoulder", "hip")
# Lines end this many bits below a pixel, so that they do not jump from pixel to pixel.
BITS = 4


def rgb(name: str) -> Rgb:
    """Return a colour of the palette, as on dark pages: frames are dark."""
    text = colour(name, dark=True).removeprefix("#")
    red, green, blue = bytes.fromhex(text)
    return red, green, blue


WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (18, 26, 25)
LEFT, RIGHT, EVENT = rgb("left"), rgb("right"), rgb("event")


@dataclass(frozen=True, slots=True)
class Layer:
    """One array that a frame is made of, and how a colour is painted on it.

    Parameters
    ----------
    pixels
        (H, W, 3) RGB, or one plane of a coded frame; drawn on in place.
    halvings
        How often it is half the size of the image.
    paints
        What a colour is here.
    darkened
        (1, 256, channels) What each value becomes below a plate.
    """

    pixels: NDArray[np.uint8]
    halvings: int
    paints: Callable[[Rgb], Sequence[int]]
    darkened: NDArray[np.uint8]

    @property
    def bits(self) -> int:
        """Bits of a point, as the frame's is written, that lie below its pixel."""
        return BITS + self.halvings

    def scaled(self, length_px: float) -> int:
        """Return a length of the image here, a pixel at least."""
        return max(1, round(length_px / (1 << self.halvings)))


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws at one scale: ``unit_px`` is 1/480 of the height looked at.

    ``size_px`` is width and height of the image.
    """

    layers: tuple[Layer, ...]
    size_px: tuple[int, int]
    unit_px: float

    @classmethod
    def for_image(cls, image: RgbImage, unit_px: float | None = None) -> "Pen":
        """Return a pen for an RGB frame (H, W, 3)."""
        size = image.shape[1], image.shape[0]
        layer = Layer(image, 0, tuple, _darkened(BLACK))
        return cls((layer,), size, unit_px or _usual_unit_px(*size))

    @classmethod
    def for_coded(cls, coded: CodedImage, unit_px: float | None = None) -> "Pen":
        """Return a pen for a coded frame (3 H / 2, W)."""
        layers = tuple(
            Layer(
                plane,
                int(number > 0),
                partial(_coded_value, number),
                _darkened(_coded_value(number, BLACK), NO_LIGHT[number]),
            )
            for number, plane in enumerate(planes(coded))
        )
        size = size_of(coded)
        return cls(layers, size, unit_px or _usual_unit_px(*size))

    def line(self, points: FloatArray, paint: Rgb, width: float) -> None:
        """Draw through points (N, 2) px, broken where one is NaN."""
        self.lines(_unbroken(points), paint, width)

    def lines(self, parts: list[FloatArray], paint: Rgb, width: float) -> None:
        """Draw several lines, each through points (N, 2) px without NaN."""
        import cv2

        fixed = [_fixed(part) for part in parts]
        for layer in self.layers:
            thick = layer.scaled(width * self.unit_px)
            on, ink = layer.pixels, layer.paints(paint)
            cv2.polylines(on, fixed, False, ink, thick, cv2.LINE_AA, layer.bits)

    def dot(self, point: FloatArray, paint: Rgb, radius: float) -> None:
        """Draw a filled disc at (2,) px; nothing where it is NaN."""
        import cv2

        if not np.isfinite(point).all():
            return
        at = _fixed(point).tolist()
        size = max(1, round(radius * self.unit_px * (1 << BITS)))
        for layer in self.layers:
            on, ink = layer.pixels, layer.paints(paint)
            cv2.circle(on, at, size, ink, -1, cv2.LINE_AA, layer.bits)

    def text_size(self, text: str, size: float, weight: int = 500) -> tuple[int, int]:
        """Width and height in px that a text takes."""
        import cv2

        box = cv2.getTextSize(
            (0, 0), text, (0, 0), _font(), round(size * self.unit_px), weight
        )
        return int(box[2]), round(size * self.unit_px)

    def text(
        self,
        text: str,
        at_px: tuple[float, float],
        size: float,
        paint: Rgb = WHITE,
        weight: int = 500,
    ) -> None:
        """Write from the left end of the base line."""
        import cv2

        height = round(size * self.unit_px)
        for layer in self.layers:
            at = [round(edge / (1 << layer.halvings)) for edge in at_px]
            on, ink = layer.pixels, layer.paints(paint)
            cv2.putText(on, text, at, ink, _font(), layer.scaled(height), weight)

    def label(
        self, text: str, at_px: FloatArray, size: float, paint: Rgb = WHITE
    ) -> None:
        """Write on a dark plate whose left edge's middle is at (2,) px."""
        if not np.isfinite(at_px).all():
            return
        width, height = self.text_size(text, size)
        pad = 0.35 * height
        all_width, all_height = self.size_px
        # A label that would leave the image is moved back into it.
        left = min(max(float(at_px[0]), 0.0), all_width - width - 2 * pad)
        top = min(max(float(at_px[1]) - height, 0.0), all_height - 1.7 * height)
        self.plate((left, top, left + width + 2 * pad, top + 1.5 * height))
        self.text(text, (left + pad, top + 1.12 * height), size, paint)

    def plate(self, box: tuple[float, float, float, float]) -> None:
        """Darken a box (left, top, right, bottom) px, so that words on it read well."""
        import cv2

        for layer in self.layers:
            left, top, right, bottom = (
                max(0, round(edge / (1 << layer.halvings))) for edge in box
            )
            part = layer.pixels[top:bottom, left:right]
            if part.size:
                part[:] = cv2.LUT(part, layer.darkened)

    def diamond(self, at_px: tuple[float, float], radius: float, paint: Rgb) -> None:
        """Draw the mark of an event."""
        import cv2

        x, y = at_px
        r = radius * self.unit_px
        corners = _fixed(np.array([(x - r, y), (x, y - r), (x + r, y), (x, y + r)]))
        for layer in self.layers:
            on, ink = layer.pixels, layer.paints(paint)
            cv2.fillPoly(on, [corners], ink, cv2.LINE_AA, layer.bits)


def draw_skeleton(pen: Pen, xy_px: FloatArray, stance: Iterable[Side] = ()) -> None:
    """Draw one frame's landmarks (33, 2): legs by side, the standing ones bold."""
    bold = set(stance)
    for joint in _ACROSS:
        ends = [side.landmark(joint) for side in Side]
        pen.line(xy_px[ends], WHITE, 2)
    for side, paint in ((Side.LEFT, LEFT), (Side.RIGHT, RIGHT)):
        for chain in _CHAINS:
            pen.line(xy_px[[side.landmark(j) for j in chain.split()]], WHITE, 2)
        leg = xy_px[[side.landmark(joint) for joint in _LEG]]
        pen.line(leg, BLACK, 7 if side in bold else 5)
        pen.line(leg, paint, 4.5 if side in bold else 2.5)
        for point in leg[:3]:
            pen.dot(point, BLACK, 5)
            pen.dot(point, WHITE, 3)


def draw_knee_angle(pen: Pen, xy_px: FloatArray, side: Side, *lines: str) -> None:
    """Draw the thigh's line on beyond the knee, the shin beside it, and the angle.

    ``lines`` are written beside the knee, one below the other.
    """
    hip, knee, ankle = (
        xy_px[side.landmark(joint)] for joint in ("hip", "knee", "ankle")
    )
    straight = knee + (knee - hip) * 0.8
    paint = LEFT if side is Side.LEFT else RIGHT
    # Dashed: this is where the shin of a straight leg would be.
    steps = np.linspace(knee, straight, 10).reshape(5, 2, 2)
    if np.isfinite(steps).all():
        pen.lines(list(steps), WHITE, 2)
    pen.line(np.stack([hip, knee, ankle]), paint, 3)
    # Beside the leg, on its outer side, where it hides nothing of it.
    middle = xy_px[[Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE], 0].mean()
    gap = 14 * pen.unit_px
    down = np.zeros(2)
    for line, size in zip(lines, (20, 14), strict=False):
        width, height = pen.text_size(line, size)
        outwards = gap if knee[0] >= middle else -gap - width - 0.7 * height
        pen.label(line, knee + down + np.array([outwards, 0.0]), size)
        down[1] += 1.9 * height


def blur_circle(image: RgbImage, circle: tuple[float, float, float]) -> None:
    """Make what is inside a circle (x, y, radius px) unrecognisable."""
    x, y, radius = circle
    height, width = image.shape[:2]
    left, right = (min(max(round(v), 0), width) for v in (x - radius, x + radius))
    top, bottom = (min(max(round(v), 0), height) for v in (y - radius, y + radius))
    part = image[top:bottom, left:right]
    if not part.size:
        return
    covered = coarse(part)
    rows, columns = np.ogrid[top:bottom, left:right]
    inside = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
    part[inside] = covered[inside]


def coarse(image: RgbImage) -> RgbImage:
    """Return a frame of which a few blocks are left.

    Reduced, not softened: softening can be undone.
    """
    import cv2

    height, width = image.shape[:2]
    blocks = cv2.resize(image, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA)
    back = cv2.resize(blocks, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(back, np.uint8)


def _usual_unit_px(width: int, height: int) -> float:
    """Return the scale for a whole frame; a narrow one gets smaller words."""
    return max(0.5, min(height / 480.0, width / 400.0))


def _coded_value(plane: int, paint: Rgb) -> tuple[int]:
    """Return what a colour is on one plane of a coded frame."""
    return (coded_colour(paint)[plane],)


@cache
def _darkened(black: tuple[int, ...], no_light: int = 0) -> NDArray[np.uint8]:
    """(1, 256, channels) Below words a quarter of the image stays visible."""
    quarter = (np.arange(256)[:, None] - no_light) // 4 + np.array(black)
    return np.asarray(quarter.clip(0, 255), np.uint8)[None]


def _unbroken(points: FloatArray) -> list[FloatArray]:
    """Split points (N, 2) where one is NaN into lines of two points and more."""
    finite = np.isfinite(points)
    if finite.all():
        return [points]
    known = np.asarray(finite.all(axis=1))
    return [points[run] for run in runs(known) if run.stop - run.start > 1]


def _fixed(points: FloatArray) -> NDArray[np.int32]:
    """Whole numbers of 1/16 px, as the drawing calls want them."""
    # A point far outside would overflow them.
    near = points.clip(-32_000, 32_000) * (1 << BITS)
    return np.asarray(np.rint(near), dtype=np.int32)


@cache
def _font() -> Any:
    """Return OpenCV 5's own outline font, which has °, ≥ and –."""
    import cv2

    return cv2.FontFace("sans")
