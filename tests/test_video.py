"""Video as it really comes: times from the stream, frames upright, plain errors."""

import gc
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from clip_maker import ClipMaker

from balance.model.codes import FindingCode, Severity
from balance.model.errors import InputError, VideoError
from balance.video.video import probe, read_grey, read_video

EVEN_S = tuple(i / 30 for i in range(30))


def times(path: Path, **options: object) -> list[float]:
    return [frame.time_s for frame in read_video(path, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt", "clock_hz"),
    [
        pytest.param("a.mp4", "libx264", "yuv420p", 90_000, id="H.264 in mp4"),
        pytest.param("a.mp4", "libx265", "yuv420p", 90_000, id="HEVC in mp4"),
        pytest.param("a.mov", "libx264", "yuv420p", 90_000, id="H.264 in mov"),
        pytest.param("a.mov", "mjpeg", "yuvj420p", 600, id="MJPEG in mov"),
        pytest.param("a.webm", "libvpx-vp9", "yuv420p", 1000, id="VP9 in webm"),
        pytest.param("a.mkv", "libx264", "yuv420p", 1000, id="H.264 in mkv"),
        pytest.param("a.avi", "mjpeg", "yuvj420p", 30, id="MJPEG in avi"),
        pytest.param("a.avi", "mpeg4", "yuv420p", 30, id="MPEG-4 in avi"),
        pytest.param("a.gif", "gif", "rgb8", 100, id="GIF"),
    ],
)
def test_every_container_gives_its_frames_and_their_times(
    make_clip: ClipMaker, name: str, codec: str, pix_fmt: str, clock_hz: int
) -> None:
    quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    path = make_clip(
        name, codec=codec, pix_fmt=pix_fmt, clock_hz=clock_hz, options=quiet
    )
    frames = list(read_video(path))
    assert [frame.index for frame in frames] == list(range(30))
    np.testing.assert_allclose([f.time_s for f in frames], EVEN_S, atol=0.006)
    assert frames[0].rgb.shape == (48, 64, 3)
    assert frames[0].rgb.flags.c_contiguous
    assert frames[0].rgb.dtype == np.uint8


@pytest.mark.parametrize("turn_deg", [0, 90])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        pytest.param("a.mp4", "libx264", "yuv420p", id="brightness from 16 to 235"),
        pytest.param("a.mov", "mjpeg", "yuvj420p", id="brightness from 0 to 255"),
        pytest.param("a.mkv", "ffv1", "bgr0", id="colours only"),
        pytest.param("a.mp4", "libx265", "yuv420p10le", id="ten bits"),
    ],
)
def test_grey_is_the_brightness_of_the_same_frames(
    make_clip: ClipMaker,
    name: str,
    codec: str,
    pix_fmt: str,
    mirrored: bool,
    turn_deg: int,
) -> None:
    quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    turn_deg = turn_deg if name.endswith("mp4") else 0
    path = make_clip(
        name, codec=codec, pix_fmt=pix_fmt, options=quiet, rotation_deg=turn_deg
    )
    weights = np.array([0.299, 0.587, 0.114])
    for shown, grey in zip(
        read_video(path, mirrored=mirrored),
        read_grey(path, mirrored=mirrored),
        strict=True,
    ):
        assert (grey.index, grey.time_s) == (shown.index, shown.time_s)
        assert grey.grey.flags.c_contiguous
        black = 16 if grey.gain > 1 else 0
        levels = grey.gain * (grey.grey.astype(float) - black)
        np.testing.assert_allclose(levels, shown.rgb @ weights, atol=3)


@pytest.mark.parametrize("most", [0, 1, 3])
def test_frames_that_were_coded_between_others_are_told(
    make_clip: ClipMaker, most: int
) -> None:
    options = {"x264-params": f"bframes={most}:b-adapt=0:scenecut=0"}
    video = read_grey(make_clip(options=options))
    pattern = [index % (most + 1) > 0 for index in range(24)]
    assert [frame.is_b_frame for frame in video][:24] == pattern


def test_uneven_times_are_kept_as_they_are(make_clip: ClipMaker) -> None:
    uneven = (0.0, 0.033, 0.1, 0.5, 0.533, 1.2)
    np.testing.assert_allclose(times(make_clip(times_s=uneven)), uneven, atol=1e-6)


@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270])
def test_a_turned_phone_gives_upright_frames(
    make_clip: ClipMaker, turn_deg: int
) -> None:
    path = make_clip(rotation_deg=turn_deg)
    frame = next(read_video(path))
    info = probe(path)
    assert info.rotation_deg == turn_deg
    assert frame.rgb.shape[1::-1] == (info.width_px, info.height_px)
    # The bright corner lies top left in the file and turns clockwise with the tag.
    bright = frame.rgb.mean(axis=2) > 200
    row, column = (np.mean(np.nonzero(bright), axis=1) > np.array(bright.shape) / 2) * 1
    corner = {0: (0, 0), 90: (0, 1), 180: (1, 1), 270: (1, 0)}[turn_deg]
    assert (row, column) == corner


MIRROR = (-65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
UPSIDE_DOWN = (65536, 0, 0, 0, -65536, 0, 0, 0, 1 << 30)


@pytest.mark.parametrize(
    ("matrix", "corner"),
    [
        pytest.param(MIRROR, (0, 1), id="mirrored"),
        pytest.param(UPSIDE_DOWN, (1, 0), id="turned by half and mirrored"),
    ],
)
def test_a_mirror_image_that_the_file_asks_for_is_shown_as_players_do(
    make_clip: ClipMaker, matrix: tuple[int, ...], corner: tuple[int, int]
) -> None:
    rgb = next(read_video(make_clip(display_matrix=matrix))).rgb
    bright = rgb.mean(axis=2) > 200
    assert tuple(np.mean(np.nonzero(bright), axis=1) > np.array(bright.shape) / 2) == (
        corner
    )


@pytest.mark.parametrize(
    ("turned_deg", "told"), [(0.3, ""), (30.0, "30°"), (45.0, "45°"), (135.0, "-45°")]
)
def test_a_turn_that_no_player_follows_is_told(
    make_clip: ClipMaker, turned_deg: float, told: str
) -> None:
    turn = np.radians(turned_deg)
    cos, sin = (round(65536 * share) for share in (np.cos(turn), np.sin(turn)))
    path = make_clip(display_matrix=(cos, sin, 0, -sin, cos, 0, 0, 0, 1 << 30))
    with read_video(path) as reader:
        assert len(list(reader)) == 30
        notes = [one for one in reader.findings if one.severity is Severity.WARNING]
    assert [one.code for one in notes] == (["turned_by_no_quarter"] if told else [])
    assert all(f"turned by {told} more" in one.text for one in notes)


def test_two_moments_in_a_frame_are_told(make_clip: ClipMaker) -> None:
    path = make_clip(options={"x264-params": "interlaced=1:tff=1"})
    for read in (read_video, read_grey):
        with read(path) as reader:
            assert len(list(reader)) == 30
            assert [one.code for one in reader.findings] == ["interlaced"]


def test_wide_pixels_become_square(make_clip: ClipMaker) -> None:
    path = make_clip(pixel_aspect=Fraction(4, 3))
    assert next(read_video(path)).rgb.shape[:2] == (48, round(64 * 4 / 3))
    info = probe(path)
    assert (info.width_px, info.height_px) == (round(64 * 4 / 3), 48)


def test_a_mirror_image_is_undone(make_clip: ClipMaker) -> None:
    path = make_clip()
    straight = next(read_video(path)).rgb
    mirrored = next(read_video(path, mirrored=True)).rgb
    np.testing.assert_array_equal(mirrored, straight[:, ::-1])
    assert mirrored.flags.c_contiguous


@pytest.mark.parametrize("read", [read_video, read_grey])
@pytest.mark.parametrize("turn_deg", [0, 90])
def test_a_frame_is_let_go_when_the_next_one_comes(
    make_clip: ClipMaker, read: Callable[..., Any], turn_deg: int
) -> None:
    path = make_clip(rotation_deg=turn_deg)
    gc.collect()
    gc.freeze()  # what other tests left, a million objects, is not looked through
    gc.disable()  # what holds itself stays until the collector comes
    try:
        alive = [_decoded_images() for _ in read(path)]
    finally:
        gc.enable()
        gc.unfreeze()
    assert max(alive) >= 1
    # The first, whose display matrix was read, this one, and a few on their way, not
    # all 15. At the end the decoder hands out at once what it held back.
    assert max(alive[: len(alive) // 2]) <= 5


def _decoded_images() -> int:
    return sum(isinstance(one, av.VideoFrame) for one in gc.get_objects())


def test_a_part_keeps_the_times_of_the_whole(make_clip: ClipMaker) -> None:
    part = times(make_clip(), from_s=0.2, to_s=0.5)
    np.testing.assert_allclose(part, [i / 30 for i in range(6, 16)], atol=0.001)


def test_a_part_without_length_is_refused(make_clip: ClipMaker) -> None:
    with pytest.raises(InputError, match="must end after it starts"):
        read_video(make_clip(), from_s=3, to_s=2)


def test_a_part_beyond_the_end_says_where_the_end_is(make_clip: ClipMaker) -> None:
    with pytest.raises(VideoError, match=r"ends at 1\.0 s"):
        times(make_clip(), from_s=30)


def test_a_clip_broken_off_is_measured_as_far_as_it_goes(make_clip: ClipMaker) -> None:
    whole = make_clip(
        times_s=[i / 30 for i in range(120)],
        container_options={"movflags": "+faststart"},
        options={"g": "10"},
        draw=lambda n, size: np.random.default_rng(n).integers(
            0, 255, (size[1], size[0], 3), np.uint8
        ),
    )
    data = whole.read_bytes()
    whole.write_bytes(data[: len(data) // 2])
    reader = read_video(whole)
    frames = list(reader)
    assert 30 < len(frames) < 90
    (finding,) = reader.findings
    assert finding.code is FindingCode.VIDEO_ENDS_EARLY


def test_a_header_that_lies_about_its_length_is_not_believed(
    make_clip: ClipMaker,
) -> None:
    path = make_clip("a.avi", codec="mjpeg", pix_fmt="yuvj420p", clock_hz=30)
    data = bytearray(path.read_bytes())
    # Number of frames: in the main header and in the stream's header.
    for chunk, place in ((b"avih", 24), (b"strh", 40)):
        start = data.index(chunk) + place
        data[start : start + 4] = (900).to_bytes(4, "little")
    path.write_bytes(data)
    reader = read_video(path)
    assert len(list(reader)) == 30
    (finding,) = reader.findings
    assert finding.code is FindingCode.VIDEO_ENDS_EARLY


def test_a_part_read_no_further_than_its_end_is_no_early_end(
    make_clip: ClipMaker,
) -> None:
    times = [frame.time_s for frame in read_video(make_clip())]
    end_s = times[len(times) // 3]
    with read_video(make_clip(), to_s=end_s) as part:
        for frame in part:
            if frame.time_s >= end_s:
                break
        assert times[-1] - end_s > 0.5, "too short to be an early end"
        assert part.findings == ()


@pytest.mark.parametrize("reorder", ["0", "2"])
def test_an_edit_list_is_followed(make_clip: ClipMaker, reorder: str) -> None:
    """A late first frame, and frames stored in another order, need one in mp4."""
    late = [0.5 + i / 30 for i in range(20)]
    path = make_clip(times_s=late, clock_hz=90_000, options={"bf": reorder})
    assert b"elst" in path.read_bytes()
    np.testing.assert_allclose(times(path), late, atol=1e-3)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
@pytest.mark.parametrize("begins_s", [0.0, 5.0, 36_000.0])
def test_a_whole_clip_has_nothing_to_say(
    make_clip: ClipMaker, name: str, begins_s: float
) -> None:
    """Also where its clock began hours ago: nothing is said to be missing."""
    stamps = [begins_s + time_s for time_s in EVEN_S]
    path = make_clip(name, times_s=stamps)
    reader = read_video(path)
    shown = [frame.time_s for frame in reader]
    assert np.ptp(shown) == pytest.approx(EVEN_S[-1], abs=0.002)
    assert reader.findings == ()
    assert probe(path).duration_s == pytest.approx(1.0, abs=0.05)


def no_file(folder: Path, make_clip: ClipMaker) -> Path:
    return folder / "nowhere.mp4"


def a_folder(folder: Path, make_clip: ClipMaker) -> Path:
    return folder


def an_empty_file(folder: Path, make_clip: ClipMaker) -> Path:
    (folder / "empty.mp4").touch()
    return folder / "empty.mp4"


def a_text(folder: Path, make_clip: ClipMaker) -> Path:
    (folder / "text.mp4").write_text("This is no video.\n" * 50)
    return folder / "text.mp4"


def an_mp4_without_index(folder: Path, make_clip: ClipMaker) -> Path:
    path = make_clip()
    path.write_bytes(path.read_bytes()[:900])
    return path


def only_sound(folder: Path, make_clip: ClipMaker) -> Path:
    import av

    path = folder / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000, layout="mono")
        for number in range(20):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate, frame.pts = 48000, 1024 * number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def no_images(folder: Path, make_clip: ClipMaker) -> Path:
    return make_clip(times_s=())


def one_image(folder: Path, make_clip: ClipMaker) -> Path:
    return make_clip(times_s=(0.0,))


@pytest.mark.parametrize(
    ("bad_input", "says"),
    [
        (no_file, "There is no file"),
        (a_folder, "is a folder"),
        (an_empty_file, "is an empty file"),
        (a_text, "not a video that can be read"),
        (an_mp4_without_index, "cut off"),
        (only_sound, "sound but no frames"),
        (no_images, "no frame that can be decoded|cut off|no video"),
        (one_image, "a single frame"),
    ],
)
def test_bad_input_is_told_in_one_sentence(
    tmp_path: Path, make_clip: ClipMaker, bad_input: object, says: str
) -> None:
    path = bad_input(tmp_path, make_clip)  # type: ignore[operator]
    with pytest.raises(VideoError, match=says) as caught:
        times(path)
    assert "\n" not in str(caught.value)


def test_probe_tells_the_header(make_clip: ClipMaker) -> None:
    info = probe(make_clip())
    assert (info.name, info.width_px, info.height_px) == ("clip.mp4", 64, 48)
    assert info.rate_hz == pytest.approx(30, abs=0.5)
    assert info.duration_s == pytest.approx(1.0, abs=0.05)
    assert info.frames == 30
    assert len(info.sha256) == 64


@pytest.mark.parametrize(
    ("name", "codec", "clock_hz"),
    [
        pytest.param("a.mp4", "libx264", 90_000, id="H.264 in mp4"),
        pytest.param("a.webm", "libvpx-vp9", 1000, id="VP9 in webm"),
        pytest.param("a.mkv", "libx264", 1000, id="H.264 in mkv"),
        pytest.param("a.avi", "mpeg4", 30, id="MPEG-4 in avi, read from its start"),
    ],
)
@pytest.mark.parametrize("from_s", [0.0, 0.3, 0.55, 0.8])
def test_a_part_is_the_same_wherever_reading_begins(
    make_clip: ClipMaker, name: str, codec: str, clock_hz: int, from_s: float
) -> None:
    path = make_clip(name, codec=codec, clock_hz=clock_hz, options={"g": "8"})
    whole = [frame for frame in read_video(path) if frame.time_s >= from_s]
    part = list(read_video(path, from_s=from_s))
    assert [frame.time_s for frame in part] == [frame.time_s for frame in whole]
    for one, other in zip(part, whole, strict=True):
        np.testing.assert_array_equal(one.rgb, other.rgb)
    assert part[0].index == 0
