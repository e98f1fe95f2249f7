"""The one door for videos: what may be opened, and how large it may be.

A file is opened by its absolute path as a file and as nothing else, so that no name
means an address; only containers that hold a video itself are known, so that no list
in a file leads to another one.
"""

from pathlib import Path
from typing import Any

from balance.model.errors import InputError, VideoError
from balance.model.opening import require_regular

# What FFmpeg calls its readers. Those of lists (hls, dash, concat), of single images
# and of what is made up or comes over a network are not among them.
CONTAINERS = (
    "mov", "mp4", "matroska", "webm", "avi", "mpegts", "mpeg", "mpegvideo", "m4v",
    "h261", "h263", "h264", "hevc", "vvc", "obu", "av1", "ivf", "vc1", "vc1test",
    "dirac", "mjpeg", "mjpeg_2000", "mpjpeg", "smjpeg", "flv", "live_flv", "kux",
    "asf", "asf_o", "gif", "apng", "ogg", "mxf", "rm", "nut", "nsv", "nuv", "dv", "amv",
    "wtv", "mlv", "r3d", "ivr", "pva", "mtv", "moflex", "dhav", "lxf", "gxf", "xmv",
    "yuv4mpegpipe", "smk", "roq", "bink", "flic", "cavsvideo", "dnxhd", "rpl", "4xm",
    # Sound alone, to be able to say so.
    "wav", "mp3", "aac", "flac", "aiff",
)  # fmt: skip
# Their files carry no time stamps; FFmpeg would make them up at 25 a second.
WITHOUT_TIMES = frozenset(
    ("m4v", "mpegvideo", "h261", "h263", "h264", "hevc", "vvc", "obu", "av1", "vc1",
     "dirac", "mjpeg", "mjpeg_2000", "cavsvideo", "dnxhd")
)  # fmt: skip
# Endings of the above, for whoever looks for videos in a folder.
SUFFIXES = (
    ".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".mts", ".m2ts", ".m2t", ".ts",
    ".3gp", ".3g2", ".wmv", ".asf", ".gif", ".mpg", ".mpeg", ".mpe", ".m2v", ".vob",
    ".flv", ".f4v", ".ogv", ".ogg", ".ogm", ".mxf", ".rm", ".rmvb", ".nut", ".dv",
    ".wtv", ".h264", ".264", ".h265", ".265", ".hevc", ".ivf", ".obu", ".mjpg",
    ".mjpeg", ".y4m", ".mj2", ".qt", ".divx", ".amv", ".apng",
)  # fmt: skip

# Displayed pixels of a frame: more than 8K is no camera's, and takes a gigabyte.
MOST_PIXELS = 36_000_000
# Frames larger than 4K are scaled down while they are decoded.
LONGEST_SIDE_PX = 4096
SMALLEST_SIDE_PX = 16
OPEN_WITHIN_S = 60.0


def open_options() -> dict[str, Any]:
    """Return what ``av.open`` is told besides the place."""
    return {
        "options": {
            "protocol_whitelist": "file",
            "format_whitelist": ",".join(CONTAINERS),
        },
        "timeout": OPEN_WITHIN_S,
        # Names and notes in any alphabet: none of them may end the reading.
        "metadata_errors": "replace",
    }


def place_of(path: Path) -> str:
    """Return the place that FFmpeg opens: "12:30.mp4" is a file and no address."""
    return f"file:{path.absolute()}"


def require_video_file(path: Path) -> None:
    """Refuse what is no ordinary file with bytes in it, without waiting for it."""
    try:
        if path.is_dir():
            raise VideoError(f"{path} is a folder; give the video file inside it.")
        if not path.exists():
            raise VideoError(f"There is no file {path}; check the name and the folder.")
        size = require_regular(path)
        if size == 0:
            raise VideoError(
                f"{path.name} is an empty file (0 bytes); record or copy it again."
            )
        with path.open("rb"):
            pass
    except InputError as error:
        raise VideoError(f"{error}; give a video file.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise VideoError(f"{path} cannot be opened: {reason}.") from error


def require_sensible_size(name: str, width: int, height: int) -> None:
    """Refuse frames that no camera makes before memory is taken for them."""
    if width * height > MOST_PIXELS:
        raise VideoError(
            f"{name} has frames of {width}x{height} pixels, more than can be measured; "
            "scale it down to 1920 pixels first."
        )
    if min(width, height) < SMALLEST_SIDE_PX:
        raise VideoError(
            f"{name} has frames of {width}x{height} pixels; nobody can be seen in it."
        )


def scaled_size(size_px: tuple[int, int]) -> tuple[int, int]:
    """Return the size that frames are delivered in: even, at most 4K."""
    longest = max(size_px)
    if longest <= LONGEST_SIDE_PX:
        return size_px
    width, height = (
        max(2, round(length * LONGEST_SIDE_PX / longest / 2) * 2) for length in size_px
    )
    return width, height
