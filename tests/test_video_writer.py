"""A video is written whole, with its own times, or not at all."""

import errno
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from balance.model.errors import OutputError
from balance.video.video import VideoWriter, probe, read_video

UNEVEN_S = (0.0, 0.033, 0.1, 0.4, 0.45, 1.0)
SIZE = (64, 48)


def write(path: Path, times_s: Iterable[float] = UNEVEN_S, size=SIZE) -> None:
    with VideoWriter(path, size, 30) as writer:
        for time_s in times_s:
            writer.write(np.full((size[1], size[0], 3), 120, np.uint8), time_s)


def test_what_is_written_is_read_with_its_times(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4")
    frames = list(read_video(tmp_path / "a.mp4"))
    np.testing.assert_allclose([f.time_s for f in frames], UNEVEN_S, atol=1e-4)
    assert abs(int(frames[0].rgb.mean()) - 120) < 4
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_colours_come_back(tmp_path: Path) -> None:
    colours = np.array([(255, 0, 0), (0, 255, 0), (0, 0, 255), (60, 180, 120)])
    image = np.repeat(np.repeat(colours[None], 16, 1), 48, 0).astype(np.uint8)
    with VideoWriter(tmp_path / "a.mp4", SIZE, 30) as writer:
        for time_s in UNEVEN_S:
            writer.write(image, time_s)
    *_, last = read_video(tmp_path / "a.mp4")
    middles = last.rgb[24, 8::16].astype(int)
    np.testing.assert_allclose(middles, colours, atol=6)


def test_browsers_can_play_it(tmp_path: Path) -> None:
    import av

    write(tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4")) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
    data = (tmp_path / "a.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index must come first"


def test_odd_sizes_lose_a_row(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", size=(65, 49))
    info = probe(tmp_path / "a.mp4")
    assert (info.width_px, info.height_px) == SIZE


def test_an_error_on_the_way_leaves_the_old_file_and_nothing_else(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        write(path, times_s=(1 / zero for zero in (1, 0)))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(VideoWriter, "_mux", full)
    with pytest.raises(OutputError, match="disk is full"):
        write(tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write(tmp_path / "nowhere" / "a.mp4")
