"""Frames as videos are coded: read as they are, shown upright, drawn on in place."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from clip_maker import ClipMaker
from hypothesis import given
from hypothesis import strategies as st
from made_results import assessment, recording, stance

from balance.reporting.video.overlay import annotate
from balance.reporting.video.pen import BLACK, LEFT, RIGHT, WHITE, Pen
from balance.video.coded import (
    BT601,
    CodedFrame,
    coded_colour,
    coded_from_rgb,
    planes,
    size_of,
)
from balance.video.video import VideoWriter, read_coded, read_video

SIZE = (320, 240)


def as_rgb(coded: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(coded, cv2.COLOR_YUV2RGB_I420)


def room() -> np.ndarray:
    """A frame that changes smoothly, as most of a room does."""
    x, y = np.meshgrid(np.linspace(20, 230, SIZE[0]), np.linspace(20, 230, SIZE[1]))
    return np.stack([x, y, (x + y) / 2], axis=-1).astype(np.uint8)


def test_the_planes_are_brightness_and_two_colours_of_half_the_size() -> None:
    # Red by ITU-R BT.601: 81, 90, 240.
    coded = coded_from_rgb(np.full((48, 64, 3), (255, 0, 0), np.uint8))
    assert size_of(coded) == (64, 48)
    shapes = [plane.shape for plane in planes(coded)]
    assert shapes == [(48, 64), (24, 32), (24, 32)]
    for plane, value in zip(planes(coded), (81, 90, 240), strict=True):
        np.testing.assert_allclose(plane, value, atol=1)
    assert coded_colour((255, 0, 0)) == tuple(int(p[0, 0]) for p in planes(coded))


def test_planes_are_no_copies() -> None:
    coded = coded_from_rgb(room())
    for plane in planes(coded):
        plane[:] = 7
    assert (coded == 7).all()


@pytest.mark.parametrize("size", [(65, 49), (64, 49), (65, 48)])
def test_an_odd_last_row_or_column_is_left_out(size: tuple[int, int]) -> None:
    assert size_of(coded_from_rgb(np.zeros((*size[::-1], 3), np.uint8))) == (64, 48)


def test_a_video_that_is_not_drawn_on_is_read_as_it_is_coded(make_clip: ClipMaker):
    path = make_clip()
    with av.open(str(path)) as container:
        decoded = [frame.to_ndarray() for frame in container.decode(video=0)]
    with read_coded(path) as frames:
        for frame, own in zip(frames, decoded, strict=True):
            np.testing.assert_array_equal(frame.coded, own)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt", "turn_deg"),
    [
        pytest.param("a.mp4", "libx264", "yuv420p", 0, id="as it is"),
        pytest.param("a.mp4", "libx264", "yuv420p", 90, id="turned to the right"),
        pytest.param("a.mp4", "libx264", "yuv420p", 180, id="upside down"),
        pytest.param("a.mp4", "libx264", "yuv420p", 270, id="turned to the left"),
        pytest.param("a.mov", "mjpeg", "yuvj420p", 0, id="brightness from 0 to 255"),
        pytest.param("a.mkv", "ffv1", "bgr0", 0, id="colours only"),
    ],
)
def test_it_shows_the_same_frames(
    make_clip: ClipMaker,
    name: str,
    codec: str,
    pix_fmt: str,
    turn_deg: int,
    mirrored: bool,
) -> None:
    path = make_clip(name, codec=codec, pix_fmt=pix_fmt, rotation_deg=turn_deg)
    for shown, coded in zip(
        read_video(path, mirrored=mirrored),
        read_coded(path, mirrored=mirrored),
        strict=True,
    ):
        assert (coded.index, coded.time_s) == (shown.index, shown.time_s)
        np.testing.assert_array_equal(coded.rgb, shown.rgb)
        apart = np.abs(as_rgb(coded.coded).astype(int) - shown.rgb)
        assert apart.mean() < 3.0, "edges of colour lie half a px elsewhere"


def test_what_is_drawn_on_it_is_not_on_the_frame_that_stills_are_made_of(
    make_clip: ClipMaker,
) -> None:
    with read_coded(make_clip()) as frames:
        frame = next(frames)
        before = frame.rgb
        frame.coded[:] = 0
        np.testing.assert_array_equal(frame.rgb, before)


def test_a_video_keeps_its_own_colours_however_they_were_coded(tmp_path: Path) -> None:
    bt709 = 1
    coded = coded_from_rgb(room())
    with VideoWriter(tmp_path / "a.mp4", SIZE, 30, quality=1, colours=bt709) as video:
        for k in range(3):
            video.write_coded(coded.copy(), k / 30)
    with read_coded(tmp_path / "a.mp4") as frames:
        frame = next(frames)
    assert frame.colours == bt709
    np.testing.assert_allclose(frame.coded, coded, atol=3)


@pytest.mark.parametrize(("blurred", "colours"), [(False, 1), (True, BT601)])
def test_the_annotated_video_tells_how_its_colours_are_coded(
    tmp_path: Path, blurred: bool, colours: int
) -> None:
    frames = [
        CodedFrame(k, k / 30, coded_from_rgb(room()), room, colours=1) for k in range(3)
    ]
    made = assessment(stance()), recording()
    annotate(frames, *made, tmp_path / "a.mp4", blur_faces=blurred)
    with read_coded(tmp_path / "a.mp4") as video:
        assert {frame.colours for frame in video} == {colours}


def drawn(pen: Pen) -> None:
    """Something of everything that a pen draws."""
    pen.plate((40, 20, 180, 90))
    pen.text("5.3 s", (50, 60), 40, LEFT, 700)
    pen.line(np.array([[60.0, 120.0], [200.0, 140.0], [210.0, 230.0]]), RIGHT, 8)
    pen.dot(np.array([200.0, 140.0]), BLACK, 12)
    pen.dot(np.array([200.0, 140.0]), WHITE, 8)
    pen.diamond((280, 200), 14, LEFT)
    pen.label("12°", np.array([230.0, 100.0]), 20)


def test_drawn_on_planes_it_looks_as_drawn_in_rgb() -> None:
    image, coded = room(), coded_from_rgb(room())
    drawn(Pen.for_image(image, 1.0))
    drawn(Pen.for_coded(coded, 1.0))
    apart = np.abs(as_rgb(coded).astype(float) - image).max(axis=2)
    changed = np.abs(image.astype(float) - room()).max(axis=2) > 20
    # Colours are softer at edges; a few pixels further in, both are the same.
    near = np.ones((7, 7), np.uint8)
    plain = np.uint8(255) * (changed & (cv2.Canny(image, 40, 80) == 0))
    inside = cv2.erode(plain, near) > 0
    outside = cv2.dilate(np.uint8(255) * changed, near) == 0
    assert changed.mean() > 0.1
    assert inside.sum() > 1000
    assert apart[inside].max() < 25
    assert apart[outside].max() < 5


@given(
    x=st.floats(-400, 800),
    y=st.floats(-400, 800),
    radius=st.floats(1, 40),
)
def test_what_lies_outside_a_stroke_is_not_touched(
    x: float, y: float, radius: float
) -> None:
    before = coded_from_rgb(room())
    coded = before.copy()
    Pen.for_coded(coded, 1.0).dot(np.array([x, y]), WHITE, radius)
    for plane, own, step in zip(planes(coded), planes(before), (1, 2, 2), strict=True):
        rows, columns = np.nonzero(plane != own)
        far = np.hypot(columns * step - x, rows * step - y)
        assert far.max(initial=0.0) <= radius + 3 * step
