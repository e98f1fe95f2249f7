"""The set-up coach before real frames: each wrong set-up is seen and named.

Rendered frames go through the pose model, as they do in `balance live`; the page
asks the same coach about landmarks of the same model.
"""

from collections.abc import Iterator

import pytest
from wrong_set_ups import (
    darker,
    from_the_side,
    nobody,
    shifted,
    squeezed,
    standing,
    tilted,
    to_and_fro,
    with_a_twin,
    zoomed,
)

from balance.cli.live_show import Recorder, run_live
from balance.live import Hint, LivePlan, LiveTest, Phase
from balance.tracking.detector import MediaPipeDetector
from balance.video.video import Frame

pytestmark = pytest.mark.slow

RATE_HZ, LOOKED_AT_S = 10.0, 3.5


@pytest.fixture(scope="module")
def images():
    return standing()


def frames(*parts) -> Iterator[list[Frame]]:
    """Play each part for a few seconds, one after the other."""
    count = int(LOOKED_AT_S * RATE_HZ)
    played = [image for part in parts for image in to_and_fro(part, count)]
    for number, image in enumerate(played):
        yield [Frame(number, number / RATE_HZ, image)]


def watched(tmp_path, *parts) -> LiveTest:
    with MediaPipeDetector() as detector:
        return run_live(
            frames(*parts), detector, LivePlan(), Recorder(tmp_path), lambda *_: None
        )


WRONG = [
    pytest.param(nobody, Hint.NO_PERSON, id="nobody there"),
    pytest.param(darker(0.25), Hint.TOO_DARK, id="dim"),
    pytest.param(darker(0.12), Hint.TOO_DARK, id="so dark that nobody is found"),
    pytest.param(with_a_twin, Hint.SOMEONE_ELSE, id="a second person"),
    pytest.param(zoomed(1.5), Hint.TOO_CLOSE, id="too close"),
    pytest.param(shifted(down=0.16), Hint.FEET_CUT_OFF, id="toes cut off"),
    pytest.param(shifted(down=0.25), Hint.FEET_CUT_OFF, id="feet cut off"),
    pytest.param(shifted(down=-0.22), Hint.HEAD_CUT_OFF, id="head cut off"),
    pytest.param(zoomed(0.55, (0.5, 0.8)), Hint.TOO_FAR, id="too far"),
    pytest.param(from_the_side, Hint.FACE_CAMERA, id="seen from the side"),
    pytest.param(squeezed(0.5), Hint.FACE_CAMERA, id="turned by 60 degrees"),
    pytest.param(tilted(8), Hint.CAMERA_TILTED, id="camera tilted to the left"),
    pytest.param(tilted(-8), Hint.CAMERA_TILTED, id="camera tilted to the right"),
    pytest.param(shifted(right=-0.36), Hint.MOVE_LEFT, id="at the left edge"),
    pytest.param(shifted(right=0.36), Hint.MOVE_RIGHT, id="at the right edge"),
]


@pytest.mark.parametrize(("change", "hint"), WRONG)
def test_wrong_set_up_is_named_first_and_starts_nothing(change, hint, images, tmp_path):
    test = watched(tmp_path, [change(image) for image in images])
    assert test.phase is Phase.SET_UP
    assert test.view.hints[0] == hint
    assert not test.view.ready


def test_good_set_up_lights_up_and_the_countdown_begins(images, tmp_path):
    test = watched(tmp_path, images)
    assert test.view.hints == ()
    assert test.view.ready
    assert test.phase is Phase.COUNTDOWN


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(shifted(down=0.25), id="feet cut off"),
        pytest.param(darker(0.12), id="dark"),
        pytest.param(from_the_side, id="seen from the side"),
    ],
)
def test_put_right_it_lights_up(change, images, tmp_path):
    test = watched(tmp_path, [change(image) for image in images], images)
    assert test.phase is Phase.COUNTDOWN
