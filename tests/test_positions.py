"""The fake camera's feet stand where the pose model and the stance reader see them."""

import av
import numpy as np
import pytest

from balance.analysis.events.stance_type import read_stance
from balance.model.recording import PoseSequence
from balance.tracking.detector import MediaPipeDetector
from tests.browser.clips import CALM, SAMPLES
from tests.browser.positions import POSITIONS, placed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", POSITIONS)
def test_a_moved_pair_of_feet_is_read_as_what_it_shows(name):
    with av.open(str(SAMPLES / "stand_left.mp4")) as video:
        images = [
            placed(f.to_ndarray(format="rgb24"), POSITIONS[name])
            for f, _ in zip(video.decode(video=0), range(CALM), strict=False)
        ]
    with MediaPipeDetector() as detector:
        bodies = [detector.follow(image) for image in images]
    xy_px = np.stack([body.xy_px for body in bodies if body is not None])
    time_s = np.arange(len(xy_px)) / 30
    seen = PoseSequence(time_s, xy_px, np.ones(xy_px.shape[:2]), (640, 480))
    assert read_stance(seen, slice(None)).kind == f"{name}_stance"
