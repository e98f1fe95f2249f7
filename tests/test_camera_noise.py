"""Noise that was put into a still frame comes out again."""

import numpy as np
import pytest

from balance.model.errors import InputError
from balance.pipeline.validation.camera_noise import camera_noise
from balance.video.video import GreyFrame
from tests.test_alignment import texture
from tests.test_optical_flow import shifted

RATE_HZ = 10.0
STILL = texture(shape=(120, 160), blur=2.0).astype(np.float32)


def clip(wobble_px, seconds=5.0, image=STILL):
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    for index, t in enumerate(time_s):
        grey = np.clip(shifted(image, wobble_px(t), 0.0), 0, 255).astype(np.uint8)
        yield GreyFrame(index, float(t), grey)


def test_a_still_frame_is_still():
    noise = camera_noise(clip(lambda _: 0.0))
    assert noise.rms_px < 0.01
    assert noise.regions == 9


def test_a_known_wobble_is_found():
    noise = camera_noise(clip(lambda t: 0.5 * np.sin(2 * np.pi * t)))
    assert noise.rms_px == pytest.approx(0.5 / np.sqrt(2), rel=0.1)
    # 1750 mm on 80 % of 120 px.
    assert noise.rms_mm == pytest.approx(noise.rms_px * 1750 / 96)


def test_too_short_or_empty_clips_are_named():
    with pytest.raises(InputError, match="too short"):
        camera_noise(clip(lambda _: 0.0, seconds=1.0))
    with pytest.raises(InputError, match="too short"):
        camera_noise(iter(()))
    with pytest.raises(InputError, match="could be followed"):
        camera_noise(clip(lambda _: 0.0, image=np.full_like(STILL, 100)))
