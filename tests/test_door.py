"""Videos come in by one door: files only, known containers, sensible sizes."""

import os
import socket
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from balance.model.errors import BalanceError, VideoError
from balance.video.door import CONTAINERS, SUFFIXES, scaled_size
from balance.video.frame_times import steady
from balance.video.upright import Display, turned
from balance.video.video import probe, read_video


def write_video(
    path: Path,
    size=(64, 48),
    frames=20,
    form=None,
    codec="libx264",
    tracks=1,
    stamps=None,
) -> None:
    with av.open(f"file:{path.absolute()}", "w", format=form) as container:
        streams = []
        for track in range(tracks):
            stream = container.add_stream(codec, rate=30)
            # The first track is the small one.
            share = 1 if track == tracks - 1 else 2
            stream.width, stream.height = size[0] // share, size[1] // share
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            streams.append(stream)
        for number in range(frames):
            for stream in streams:
                shade = np.full((stream.height, stream.width, 3), number, np.uint8)
                frame = av.VideoFrame.from_ndarray(shade, "rgb24")
                if stamps is not None:
                    frame.pts, frame.time_base = stamps[number], Fraction(1, 1000)
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode())


@pytest.mark.parametrize(
    "name",
    ["12:30.mp4", "stand:left.mp4", "tcp:x.mp4", "http:x.mp4", "concat:a|b.mp4",
     "-i.mp4", "%d.mp4", "pipe:0.mp4", "a\nb.mp4", "é ü.mp4", "file:x.mp4"],
)  # fmt: skip
def test_any_name_is_a_file(tmp_path, monkeypatch, name) -> None:
    def no_socket(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", no_socket)
    monkeypatch.chdir(tmp_path)
    write_video(Path(name))
    assert probe(name).width_px == 64
    assert len(list(read_video(name))) == 20


@pytest.mark.parametrize(
    "name",
    ["tcp:127.0.0.1:9", "http://127.0.0.1:9/x.mp4", "concat:a|b", "data:x"],
)
def test_an_address_is_a_file_that_is_not_there(name) -> None:
    with pytest.raises(VideoError, match="There is no file"):
        probe(name)


def test_a_list_in_a_file_leads_nowhere(tmp_path) -> None:
    write_video(tmp_path / "secret.mp4")
    lists = {
        "a.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.mp4\n"
        "#EXT-X-ENDLIST\n",
        "b.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.mp4\n"
        "#EXT-X-ENDLIST\n",
        "c.mp4": "ffconcat version 1.0\nfile 'secret.mp4'\n",
        "d.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        "m=video 5004 RTP/AVP 96\n",
    }
    for name, text in lists.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(VideoError, match="not a video that can be read"):
            probe(tmp_path / name)


def test_known_containers_are_known_to_ffmpeg_and_hold_videos() -> None:
    known = {name for form in av.formats_available for name in form.split(",")}
    assert set(CONTAINERS) - known <= {"mpjpeg", "mtv"}
    assert not set(CONTAINERS) & {"hls", "dash", "concat", "image2", "sdp", "rtsp"}


def test_a_pipe_and_a_device_are_not_waited_for(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    for path in (tmp_path / "pipe.mp4", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(BalanceError, match="a pipe or a device"):
            probe(path)


def test_a_batch_does_not_wait_for_a_pipe(tmp_path) -> None:
    from balance.pipeline.batch.job import Job, content_key, run_job
    from balance.pipeline.batch.list import Clip

    os.mkfifo(tmp_path / "pipe.mp4")
    job = Job(Clip(str(tmp_path / "pipe.mp4")), str(tmp_path / "out"))
    assert content_key(job) == ""
    assert "a pipe or a device" in run_job(job).error


@pytest.mark.parametrize("size", [(2, 2), (12, 200)])
def test_frames_that_show_nobody_are_refused(tmp_path, size) -> None:
    write_video(tmp_path / "a.mp4", size)
    with pytest.raises(VideoError, match="nobody can be seen"):
        probe(tmp_path / "a.mp4")


def test_frames_that_no_camera_makes_are_refused_before_memory_is_taken(tmp_path):
    write_video(tmp_path / "a.avi", (8192, 8192), 1, codec="mjpeg")
    with pytest.raises(VideoError, match="more than can be measured"):
        probe(tmp_path / "a.avi")


def test_large_frames_are_scaled_down() -> None:
    assert scaled_size((3840, 2160)) == (3840, 2160)
    assert scaled_size((7680, 4320)) == (4096, 2304)
    assert scaled_size((2160, 8000)) == (1106, 4096)


def test_the_largest_track_is_taken_and_told(tmp_path) -> None:
    write_video(tmp_path / "a.mp4", (320, 240), tracks=2)
    assert probe(tmp_path / "a.mp4").width_px == 320
    with read_video(tmp_path / "a.mp4") as frames:
        assert next(iter(frames)).rgb.shape == (240, 320, 3)
        assert "several_tracks" in [f.code for f in frames.findings]


@pytest.mark.parametrize(
    ("form", "codec"), [("h264", "libx264"), ("mjpeg", "mjpeg"), ("m4v", "mpeg4")]
)
def test_a_file_without_times_is_told_and_takes_a_rate(tmp_path, form, codec) -> None:
    path = tmp_path / f"a.{form}"
    write_video(path, form=form, codec=codec)
    with pytest.raises(VideoError, match="--fps"):
        list(read_video(path))
    with read_video(path, fps=60.0) as frames:
        times = [frame.time_s for frame in frames]
        assert [f.code for f in frames.findings] == ["times_by_rate"]
    np.testing.assert_allclose(times, np.arange(len(times)) / 60)


def test_a_rate_changes_nothing_where_the_file_has_times(tmp_path) -> None:
    write_video(tmp_path / "a.mp4")
    told = [f.time_s for f in read_video(tmp_path / "a.mp4", fps=5.0)]
    assert told == [f.time_s for f in read_video(tmp_path / "a.mp4")]


# Where FFmpeg's matrix (a, b, c, d) takes a stored (x, y): (a x + c y, b x + d y).
MATRICES = [
    (1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0),
    (-1, 0, 0, 1), (1, 0, 0, -1), (0, 1, 1, 0), (0, -1, -1, 0),
]  # fmt: skip


@pytest.mark.parametrize("matrix", MATRICES)
def test_every_turn_and_mirror_image_is_shown_as_players_do(matrix) -> None:
    a, b, c, d = matrix
    stored = np.arange(12, dtype=np.uint8).reshape(3, 4)  # 4 wide, 3 high

    class Frame:
        width, height = 4, 3
        side_data = None

    shown = turned(stored, display_of(matrix), False)
    places = {(a * x + c * y, b * x + d * y): stored[y, x]
              for y in range(3) for x in range(4)}  # fmt: skip
    left, top = (min(axis) for axis in zip(*places, strict=True))
    wanted = np.zeros_like(shown)
    for (x, y), value in places.items():
        wanted[y - top, x - left] = value
    np.testing.assert_array_equal(shown, wanted)


def display_of(matrix: tuple[int, int, int, int]) -> Display:
    from unittest import mock

    a, b, c, d = matrix
    raw = np.array([a, b, 0, c, d, 0, 0, 0, 1 << 14], np.int32) << 16
    side = {"DISPLAYMATRIX": raw.tobytes()}
    frame = mock.Mock(width=4, height=3, rotation=0)
    with mock.patch("balance.video.upright.scaled_size", lambda size: size):
        frame.side_data = mock.Mock(get=lambda *_: side["DISPLAYMATRIX"])
        return Display.of(frame)


def test_a_clock_on_the_wall_is_set_to_the_start(tmp_path) -> None:
    """Stamps since 1970, and one that leaps to them after the first frame."""
    base = 1_700_000_000
    paths = {
        "wall.mkv": [1000 * base + 33 * n for n in range(20)],
        "leap.mkv": [0, *(1000 * base + 33 * n for n in range(1, 20))],
    }
    for name, stamps in paths.items():
        write_video(tmp_path / name, stamps=stamps)
        info = probe(tmp_path / name)
        with read_video(tmp_path / name) as frames:
            times = [frame.time_s for frame in frames]
        assert len(times) == 20
        assert 0 <= times[0] < times[-1] < 25, name
        assert info.start_s == pytest.approx(times[0], abs=0.1)


def test_a_few_frames_spread_over_a_day_are_no_video(tmp_path) -> None:
    write_video(tmp_path / "a.mkv", stamps=[1000 * 3600 * n for n in range(20)])
    with pytest.raises(VideoError, match="between its frames"):
        list(read_video(tmp_path / "a.mkv"))


def test_times_of_a_leaping_clock_go_on_evenly() -> None:
    stamped = iter([(0.0, "a"), (0.5, "b"), (1e9, "c"), (1e9 + 0.5, "d")])
    told = list(steady(stamped, 0.25))
    assert [time_s for time_s, _, _ in told] == pytest.approx([0.0, 0.5, 0.75, 1.25])
    assert [leapt for _, leapt, _ in told] == [False, False, True, False]


def test_a_header_that_promises_a_year_is_only_a_guess(tmp_path) -> None:
    path = tmp_path / "a.avi"
    write_video(path, codec="mpeg4")
    data = bytearray(path.read_bytes())
    at = data.index(b"avih") + 8
    data[at + 16 : at + 20] = (10**9).to_bytes(4, "little")  # frames in all
    at = data.index(b"strh") + 8
    data[at + 32 : at + 36] = (10**9).to_bytes(4, "little")  # length of the stream
    path.write_bytes(data)
    info = probe(path)
    assert info.end_s is None or info.end_s < 5
    with read_video(path) as frames:
        assert len(list(frames)) == 20


def test_a_folder_is_searched_for_every_kind_of_video(tmp_path) -> None:
    from balance.pipeline.batch.list import find_clips

    for suffix in SUFFIXES:
        (tmp_path / f"a{suffix}").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    assert len(find_clips(str(tmp_path))) == len(SUFFIXES)
    assert {".wmv", ".gif", ".m2ts", ".mpg", ".ts", ".flv", ".ogv"} <= set(SUFFIXES)
