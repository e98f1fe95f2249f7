"""Pictures kept for the stills of a result, packed until they are drawn.

Twenty minutes of stands ask for 160 pictures, a megabyte and more each.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from balance.errors import OutputError
from balance.reporting.pen import RgbImage


class KeptStills(Mapping[float, RgbImage]):
    """Pictures (H, W, 3) by the time that was wanted, in seconds.

    Each comes back as good as it was to the eye, not to the bit.
    """

    def __init__(self) -> None:
        self._packed: dict[float, bytes] = {}

    def __setitem__(self, time_s: float, picture: RgbImage) -> None:
        self._packed[time_s] = as_jpeg(picture, quality=95)

    def __getitem__(self, time_s: float) -> RgbImage:
        import cv2

        packed = np.frombuffer(self._packed[time_s], np.uint8)
        bgr = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)

    def __iter__(self) -> Iterator[float]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def as_jpeg(picture: RgbImage, quality: int) -> bytes:
    """Return a picture as the content of a JPEG file."""
    import cv2

    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    done, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise OutputError("a still picture could not be stored as JPEG")
    return jpeg.tobytes()
