"""What a file says of its times and tracks, and what a person should know of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from balance.model.codes import FindingCode, Severity
from balance.model.errors import VideoError
from balance.model.results import Finding
from balance.video.hdr import NAMES, coding_of
from balance.video.upright import Display
from balance.video.video_file import (
    SAME_SHARE,
    carries_times,
    slowed_down,
    video_tracks,
)

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

# A header that promises this much more than could be read, in seconds, is a lie or
# a broken copy. Headers round, and the last frame's own duration is not known.
EARLY_END_S = 0.5
# A longer recording must have at least so many frames per second on average.
SPARSE_FROM_S, LEAST_RATE_HZ = 600.0, 1.0
# Matrices are rounded; a larger rest of a turn is one that somebody asked for.
MOST_IGNORED_DEG = 1.0


def rate_of_untimed(
    name: str, container: "InputContainer", fps: float | None
) -> float | None:
    """Return the rate that makes the times; None where the file has them."""
    if carries_times(container):
        return None
    if fps is None:
        raise VideoError(
            f"{name} carries no time stamps, so nothing in it has a "
            "time; say how many frames per second were recorded, such as --fps 30."
        )
    return fps


def about_file(
    container: "InputContainer",
    stream: "VideoStream",
    fps: float | None,
    slow_motion: float | None = None,
) -> Iterator[Finding]:
    """Tell what a person should know before believing its times or its image."""
    tracks, tagged = video_tracks(container), slowed_down(container, stream)
    if tracks > 1:
        yield Finding(
            FindingCode.SEVERAL_TRACKS,
            Severity.INFO,
            f"The file holds {tracks} video tracks; the largest, "
            f"{stream.width}x{stream.height} pixels, was measured.",
        )
    if slow_motion or tagged:
        yield _slow_motion(slow_motion, tagged)
    if fps is not None:
        yield Finding(
            FindingCode.TIMES_BY_RATE,
            Severity.WARNING,
            f"The file carries no time stamps; its times follow from the "
            f"{fps:g} frames per second that were told.",
        )


def about_frame(frame: "VideoFrame", display: Display) -> Iterator[Finding]:
    """Tell what only a decoded frame says of all of them."""
    if frame.interlaced_frame:
        yield Finding(
            FindingCode.INTERLACED,
            Severity.WARNING,
            "The video is interlaced: each frame holds two moments, so that whatever "
            "moves is combed; record or save it as progressive.",
        )
    if (coding := coding_of(frame)) is not None:
        yield Finding(
            FindingCode.HDR,
            Severity.INFO,
            f"The video is HDR ({NAMES[coding]}); its light was brought into the range "
            "of ordinary video before it was measured.",
        )
    if abs(display.ignored_deg) > MOST_IGNORED_DEG:
        yield Finding(
            FindingCode.TURNED_BY_NO_QUARTER,
            Severity.WARNING,
            f"The file asks to be shown turned by {display.ignored_deg:.0f}° more, "
            "which is no quarter turn; it was measured without that.",
        )


def _slow_motion(stated: float | None, tagged: float | None) -> Finding:
    """Tell that times were divided, by whose word, and where two words differ."""
    times = stated or tagged or 1.0
    whose = "It was told" if stated else "The file says"
    text = (
        f"{whose} that the video plays {times:.3g} times slower than it was (slow "
        "motion): all seconds here are those of what happened, not of the player."
    )
    severity = Severity.INFO
    if stated and tagged and abs(stated / tagged - 1) > SAME_SHARE:
        text += f" The file itself says {tagged:.3g} times."
        severity = Severity.WARNING
    return Finding(FindingCode.SLOW_MOTION, severity, text)


def require_dense(name: str, seen: int, lasted_s: float) -> None:
    """Refuse a few frames spread over hours before memory is taken for them."""
    if lasted_s > SPARSE_FROM_S and seen < lasted_s * LEAST_RATE_HZ:
        raise VideoError(
            f"{name} has {lasted_s / seen:.0f} s between its frames on "
            "average; no movement can be measured in it."
        )


def stamped(
    frames: Iterator["VideoFrame"], origin_s: float, slower: float = 1.0
) -> Iterator[tuple[float | None, "VideoFrame"]]:
    """Give each frame its own time, by a clock that begins at ``origin_s``.

    ``slower`` is how many times slower that clock runs than the one on the wall.
    """
    for frame in frames:
        yield None if frame.time is None else (frame.time - origin_s) / slower, frame


def counted_times(
    frames: Iterator["VideoFrame"], fps: float
) -> Iterator[tuple[float | None, "VideoFrame"]]:
    """Give times to frames of a file that has none, by the rate that was told."""
    for number, frame in enumerate(frames):
        yield number / fps, frame


def early_end(damaged: int, promised_s: float, end_s: float) -> Finding | None:
    """Tell of damaged parts, or of an end before the header's; None for neither."""
    missing_s = promised_s - end_s
    if damaged and not missing_s > EARLY_END_S:
        text = (
            f"{damaged} parts of the video are damaged and were left out; the rest was "
            f"measured."
        )
    elif missing_s > EARLY_END_S:
        text = (
            f"The video ends at {end_s:.1f} s, although its header promises "
            f"{promised_s:.1f} s; what is there was measured."
        )
    else:
        return None
    return Finding(FindingCode.VIDEO_ENDS_EARLY, Severity.WARNING, text, end_s)


def believed(
    promised_s: float | None, scanned_s: float | None, origin_s: float = 0.0
) -> float | None:
    """Return what the header promises, as far as the file holds it."""
    if promised_s is None or scanned_s is None:
        return None
    return min(promised_s, scanned_s + EARLY_END_S) - origin_s
