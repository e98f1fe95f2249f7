"""Video of a high dynamic range shows the light of ordinary video, and says so."""

import cv2
import numpy as np
import pytest
from clip_maker import ClipMaker

from balance.video.coded import coded_from_rgb
from balance.video.video import read_coded, read_grey, read_video

PAPER_CD_M2 = 203.0
# Greys of ordinary video that an eye tells apart, up to nearly white.
GREYS = np.array([16, 40, 80, 120, 160, 200, 230])


def light_of(grey: np.ndarray) -> np.ndarray:
    """cd/m² of a grey of ordinary video, where white is white paper."""
    shown = grey / 255
    return PAPER_CD_M2 * np.where(
        shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4
    )


def pq(light: np.ndarray) -> np.ndarray:
    power = (light / 10_000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def hlg(light: np.ndarray) -> np.ndarray:
    scene = (light / 1000) ** (1 / 1.2)
    dark, bright = np.sqrt(3 * scene), 12 * scene - 0.28466892
    logarithm = 0.17883277 * np.log(np.maximum(bright, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, dark, logarithm)


@pytest.fixture(params=["pq", "hlg"])
def steps(request: pytest.FixtureRequest, make_clip: ClipMaker):
    """A video of grey steps, the last three times as bright as white paper."""
    coding, transfer = {"pq": (pq, "smpte2084"), "hlg": (hlg, "arib-std-b67")}[
        request.param
    ]
    light = np.append(light_of(GREYS), 3 * PAPER_CD_M2)
    levels = np.rint(255 * coding(light)).astype(np.uint8)

    def draw(_: int, size: tuple[int, int]) -> np.ndarray:
        width, height = size
        row = np.repeat(levels, width // len(levels))
        return np.broadcast_to(row[None, :, None], (height, width, 3)).copy()

    options = {"x265-params": f"log-level=none:transfer={transfer}", "crf": "4"}
    return request.param, make_clip(
        "steps.mp4", codec="libx265", pix_fmt="yuv420p10le", draw=draw, options=options
    )


def middles(image: np.ndarray) -> np.ndarray:
    """What the middle of each step shows."""
    width = image.shape[1] // (len(GREYS) + 1)
    return image[24, width // 2 :: width].astype(float)


def test_greys_are_those_of_ordinary_video(steps) -> None:
    _, path = steps
    shown = middles(next(read_video(path)).rgb)
    # Eight bits of the coding are as coarse as this; untouched it is 20 to 100 off.
    np.testing.assert_allclose(shown[:-1], GREYS[:, None].repeat(3, 1), atol=8)
    assert (shown[-1] > 250).all()


def test_brightness_alone_is_the_same(steps) -> None:
    _, path = steps
    rgb, grey = next(read_video(path)).rgb, next(read_grey(path))
    assert grey.gain == 1.0
    np.testing.assert_allclose(grey.grey, cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), atol=1)


def test_what_is_written_again_is_ordinary_video(steps) -> None:
    _, path = steps
    frame = next(read_coded(path))
    np.testing.assert_array_equal(frame.coded, coded_from_rgb(frame.rgb))
    np.testing.assert_array_equal(frame.rgb, next(read_video(path)).rgb)


def test_it_is_told(steps, make_clip: ClipMaker) -> None:
    coding, path = steps
    with read_video(path) as reader:
        list(reader)
        [told] = reader.findings
    assert told.code == "hdr"
    assert coding.upper() in told.text
    ten_bits = make_clip(
        codec="libx265",
        pix_fmt="yuv420p10le",
        options={"x265-params": "log-level=none"},
    )
    with read_video(ten_bits) as reader:
        list(reader)
        assert reader.findings == ()
