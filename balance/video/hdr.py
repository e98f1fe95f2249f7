"""Video of a high dynamic range (HDR), brought into the range of ordinary video.

Phones record it in one of two codings of light, PQ and HLG (ITU-R BT.2100). Taken for
ordinary video it is pale and dim, and the pose model has seen nothing like it. Each
channel goes through a table: coded value, light, and back by the curve of sRGB. White
paper, 203 cd/m² in both codings (ITU-R BT.2408), becomes white; what is brighter is
pressed together just below it.
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av import VideoFrame

# Numbers of the codings of light in a stream (ITU-T H.273).
NAMES = {16: "PQ", 18: "HLG"}
PAPER_CD_M2 = 203.0
# The display that HLG is meant for, and the exponent between scene and display.
HLG_PEAK_CD_M2, HLG_GAMMA = 1000.0, 1.2
# Light up to this share of paper white stays in proportion (own choice).
KNEE = 0.8


def coding_of(frame: "VideoFrame") -> int | None:
    """Return which coding of HDR a decoded frame is in; None for ordinary video."""
    return int(frame.color_trc) if int(frame.color_trc) in NAMES else None


def in_ordinary_range(rgb: NDArray[np.uint8], frame: "VideoFrame") -> NDArray[np.uint8]:
    """Return the image (H, W, 3) of a decoded frame with the light that it shows."""
    import cv2

    coding = coding_of(frame)
    if coding is None:
        return rgb
    return np.asarray(cv2.LUT(rgb, _table(coding)), np.uint8)


@cache
def _table(coding: int) -> NDArray[np.uint8]:
    """(256,) What each coded value becomes."""
    coded = np.arange(256) / 255
    light = (_pq_light(coded) if NAMES[coding] == "PQ" else _hlg_light(coded)) / (
        PAPER_CD_M2
    )
    room = 1 - KNEE
    pressed = KNEE + room * (1 - np.exp(-(light - KNEE) / room))
    light = np.where(light <= KNEE, light, pressed)
    shown = np.where(
        light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055
    )
    return np.asarray(np.rint(255 * shown), np.uint8)


def _pq_light(coded: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N,) cd/m² of values from 0 to 1 in PQ (SMPTE ST 2084)."""
    m1, m2 = 2610 / 16384, 2523 / 32
    c1, c2, c3 = 3424 / 4096, 2413 / 128, 2392 / 128
    root = coded ** (1 / m2)
    return np.asarray(1e4 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1))


def _hlg_light(coded: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N,) cd/m² of values from 0 to 1 in HLG, for a grey (ARIB STD-B67)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(coded <= 0.5, coded**2 / 3, (np.exp((coded - c) / a) + b) / 12)
    return np.asarray(HLG_PEAK_CD_M2 * scene**HLG_GAMMA)
