"""Errors of stands by what was special about the videos, beside plain VIDEO mode."""

from collections.abc import Sequence

import numpy as np

from balance.model.recording import FloatArray
from balance.pipeline.validation.benchmark_table import SOURCES, Row

ALL = "all stands"
RMS = "sway_ml_rms_mm"
# Heading, width, and how the column is read from a group's rows.
_HEADINGS = (
    f"{'stands':28}{'videos':>7}{'people':>7}{'hold s':>8}{'worst':>7}"
    f"{'RMS %':>8}{'worst':>7}{'speed %':>9}{'least r':>9}{'resid mm':>10}"
    f"{'COM r':>8}{'RMS %':>7}"
    f"{'VIDEO RMS %':>13}{'worst':>7}{'median r':>10}"
)


def group_table(rows: Sequence[Row]) -> str:
    """Print one group of stands a line; an empty text where there are none.

    Medians unless the heading says otherwise; errors in % of the truth. ``VIDEO`` is
    MediaPipe with its own smoothing, through the same window and filter, and with the
    true scale.
    """
    groups = groups_in(rows)
    if not groups:
        return ""
    lines = [_HEADINGS, _line(ALL, rows)]
    lines += [
        _line(group, [row for row in rows if group in row.groups]) for group in groups
    ]
    return "\n".join(lines)


def groups_in(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the groups there are: where videos came from, then what was special."""
    found = {group for row in rows for group in row.groups}
    sources = [source for source in SOURCES if source in found]
    return (*sources, *sorted(found - set(sources)))


def _line(name: str, rows: Sequence[Row]) -> str:
    stands = [row for row in rows if row.measure == "hold_s"]
    hold = np.abs(_errors(rows, "hold_s"))
    rms, video = _shares(rows, RMS), _shares(rows, "video_mode_rms_mm")
    speed = _shares(rows, "sway_ml_speed_mm_s")
    cells = (
        f"{name:28}{len(stands):7d}{len({row.person for row in stands}):7d}",
        f"{_number(np.median, hold, 8, 3)}{_number(np.max, hold, 7, 3)}",
        f"{_number(np.median, rms, 8, 1)}{_number(np.max, rms, 7, 1)}",
        f"{_number(np.max, speed, 9, 1)}",
        f"{_number(np.min, 1 + _errors(rows, 'r'), 9, 3)}",
        f"{_number(np.max, _errors(rows, 'residual_mm'), 10, 2)}",
        f"{_number(np.median, 1 + _errors(rows, 'com_r'), 8, 3)}",
        f"{_number(np.median, _shares(rows, 'com_ml_rms_mm'), 7, 1)}",
        f"{_number(np.median, video, 13, 1)}{_number(np.max, video, 7, 1)}",
        f"{_number(np.median, 1 + _errors(rows, 'video_mode_r'), 10, 3)}",
    )
    return "".join(cells).rstrip()


def _errors(rows: Sequence[Row], measure: str) -> FloatArray:
    chosen = [row for row in rows if row.measure == measure]
    return np.array([r.measured.value - r.truth for r in chosen if r.measured])


def _shares(rows: Sequence[Row], measure: str) -> FloatArray:
    chosen = [row for row in rows if row.measure == measure and row.measured]
    truths = np.array([row.truth for row in chosen])
    return np.asarray(100 * np.abs(_errors(rows, measure)) / truths)


def _number(how: object, values: FloatArray, width: int, decimals: int) -> str:
    assert callable(how)
    return f"{how(values):{width}.{decimals}f}" if len(values) else " " * width
