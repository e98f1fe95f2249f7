"""Curves over time and over depth: what feet, pelvis and knees did in a trial.

Each function takes what was recorded and measured and returns a chart, or None
where there is nothing to draw.
"""

from dataclasses import asdict
from typing import Any, Literal

import altair as alt
import numpy as np

from balance.model.recording import BoolArray, FloatArray, Recording
from balance.model.results import Assessment, Trial
from balance.reporting.charts import courses
from balance.reporting.charts.palette import (
    SIDES,
    WIDTH_PX,
    Chart,
    Layer,
    narrow,
    rows_chart,
    side_colour,
    side_dash,
    sides_of,
    style,
)
from balance.reporting.words import wording
from balance.reporting.words.colours import colour

# More points than this do not show at the width of a page.
_MOST_POINTS = 400


def timeline_chart(
    recording: Recording, assessment: Assessment, trial: Trial, dark: bool = False
) -> Chart | None:
    """Draw what the feet, the pelvis and the knees did, over the video's seconds."""
    time_s = recording.pose.time_s
    if not len(time_s):
        return None
    margin_s = 1.5
    first = max(float(time_s[0]), trial.start_s - margin_s)
    last = min(float(time_s[-1]), trial.end_s + margin_s)
    inside = (time_s >= first) & (time_s <= last)
    if inside.sum() < 2:
        return None
    panels = []
    if wording.is_set(trial):
        panels.append(_depth_panel(recording, inside, trial, dark))
    else:
        panels.append(_foot_panel(recording, inside, trial, dark))
        sway = courses.sway_course(recording, assessment, trial)
        if sway is not None:
            panels.append(_sway_panel(sway, dark))
    scale = alt.Scale(domain=[first, last], nice=False)
    x = alt.X("time_s:Q", title=None, scale=scale, axis=alt.Axis(grid=False))
    drawn: list[Layer] = [
        alt.layer(*layers, *_event_rules(trial, dark))
        .encode(x=x)
        .properties(width=WIDTH_PX, height=130, title=title)
        for title, layers in panels
    ]
    if trial.events:
        drawn.insert(0, _event_names(trial, x, last, dark))
    return style(alt.vconcat(*drawn, spacing=12), dark)


# What a panel is called, and what is drawn in it.
Panel = tuple[str, list[Layer]]


def _foot_panel(
    recording: Recording, inside: BoolArray, trial: Trial, dark: bool
) -> Panel:
    time_s = recording.pose.time_s[inside]
    rows = [
        row | {"side": side.value}
        for side, height in courses.foot_heights(recording).items()
        for row in _rows(time_s, height[inside])
    ]
    title = "Height of the feet in % of leg length, over the seconds of the video"
    return title, [_trial_band(trial, dark), _side_lines(rows, dark)]


def _depth_panel(
    recording: Recording, inside: BoolArray, trial: Trial, dark: bool
) -> Panel:
    time_s = recording.pose.time_s[inside]
    rows = _rows(time_s, courses.depth_course(recording)[inside])
    line = (
        rows_chart(rows)
        .mark_line(strokeWidth=2, color=colour("ink", dark))
        .encode(y=alt.Y("value:Q", title=None, scale=alt.Scale(reverse=True)))
    )
    title = "Depth: hips lowered in % of leg length, over the seconds of the video"
    return title, [_repetition_bands(trial, dark), line]


def _sway_panel(sway: courses.SwayCourse, dark: bool) -> Panel:
    rows = _rows(sway.time_s, sway.position)
    window = {"start_s": float(sway.time_s[0]), "end_s": float(sway.time_s[-1])}
    band = (
        rows_chart([window | {"low": -sway.rms, "high": sway.rms}])
        .mark_rect(color=colour("band", dark), opacity=1, clip=True)
        .encode(x="start_s:Q", x2="end_s:Q", y="low:Q", y2="high:Q")
    )
    y = alt.Y("value:Q", title=None)
    line = rows_chart(rows).mark_line(
        strokeWidth=1.8, color=colour("ink", dark), clip=True
    )
    body = rows_chart(_rows(sway.time_s, sway.centre_of_mass)).mark_line(
        strokeWidth=1.2, color=colour("ink", dark), strokeDash=[4, 3], clip=True
    )
    title = (
        f"Sway path of the pelvis, {sway.unit}: up = to the left; band = RMS; dashed = "
        "centre of mass"
    )
    return title, [band, body.encode(y=y), line.encode(y=y)]


def _side_lines(rows: list[dict[str, Any]], dark: bool) -> Layer:
    lines: Layer = (
        rows_chart(rows)
        .mark_line(strokeWidth=2, clip=True)
        .encode(
            y=alt.Y("value:Q", title=None),
            color=side_colour(dark, SIDES),
            strokeDash=side_dash(),
        )
    )
    return lines


def _trial_band(trial: Trial, dark: bool) -> Layer:
    row = {"start_s": trial.start_s, "end_s": trial.end_s}
    band: Layer = (
        rows_chart([row])
        .mark_rect(color=colour("band", dark), opacity=1)
        .encode(x="start_s:Q", x2="end_s:Q")
    )
    return band


def _repetition_bands(trial: Trial, dark: bool) -> Layer:
    rows = [
        {"start_s": r.start_s, "end_s": r.end_s, "bottom_s": r.bottom_s, "n": str(i)}
        for i, r in enumerate(trial.repetitions, 1)
    ]
    base = rows_chart(rows)
    band = base.mark_rect(color=colour("band", dark), opacity=1)
    number = base.mark_text(
        baseline="bottom", fontSize=12, fontWeight="bold", color=colour("ink", dark)
    )
    return alt.layer(
        band.encode(x="start_s:Q", x2="end_s:Q"),
        number.encode(x="bottom_s:Q", y=alt.value(-3), text="n:N"),
    )


def _event_rules(trial: Trial, dark: bool) -> list[Layer]:
    rows = [{"time_s": event.time_s} for event in trial.events]
    rule = rows_chart(rows).mark_rule(
        color=colour("event", dark), strokeWidth=1.5, strokeDash=[5, 3]
    )
    return [rule] if rows else []


def _event_names(trial: Trial, x: alt.X, last_s: float, dark: bool) -> Layer:
    """Return a strip with the events' names, in two rows by turns."""
    events = sorted(trial.events, key=lambda event: event.time_s)
    rows: list[dict[str, Any]] = [
        {"time_s": event.time_s, "text": wording.EVENT_WORDS[event.code], "row": k % 2}
        for k, event in enumerate(events)
    ]
    # A name near the right edge is written to the left of its mark.
    late = last_s - 0.15 * (last_s - trial.start_s)
    layers = []
    for align, dx in _ALIGN.items():
        chosen = [row for row in rows if (row["time_s"] < late) == (align == "left")]
        base = rows_chart(chosen).encode(
            x=x.copy().axis(None), y=alt.Y("row:O", axis=None, scale=_TWO_ROWS)
        )
        paint = colour("event", dark)
        layers.append(base.mark_point(filled=True, shape="diamond", color=paint))
        layers.append(
            base.mark_text(align=align, dx=dx, fontSize=12, color=paint).encode(
                text="text:N"
            )
        )
    title = "What happened"
    return alt.layer(*layers).properties(width=WIDTH_PX, height=34, title=title)


_ALIGN: dict[Literal["left", "right"], int] = {"left": 7, "right": -7}
_TWO_ROWS = alt.Scale(domain=[0, 1])


def depth_curve_chart(trial: Trial, dark: bool = False) -> Chart | None:
    """Draw the knees' angle over the bend of every repetition, both legs."""
    rows = [
        {"side": side, "n": number, **asdict(point)}
        for number, repetition in enumerate(trial.repetitions, 1)
        for curve in repetition.curves
        for side in SIDES
        if curve.measure == f"fppa_frontal_{side}_deg"
        for point in curve.points
    ]
    if not rows:
        return None
    shown = sides_of(rows)
    depth = alt.X("at:Q", title="Knee bend, ° (way down)")
    base = rows_chart(rows).encode(
        x=depth.scale(zero=False).axis(tickMinStep=10),
        color=side_colour(dark, shown),
        detail="n:N",
    )
    doubt = base.mark_area(opacity=0.07).encode(y="low:Q", y2="high:Q")
    lines = base.mark_line(strokeWidth=1.8, opacity=0.8).encode(
        y=alt.Y("value:Q", title=None), strokeDash=side_dash(shown), order="at:Q"
    )
    zero = rows_chart([{"value": 0}]).mark_rule(color=colour("soft", dark))
    title = "Knee inwards over knee bend, ° with interval (FPPA)"
    return narrow([doubt, zero.encode(y="value:Q"), lines], title, dark)


def _rows(time_s: FloatArray, values: FloatArray) -> list[dict[str, Any]]:
    """Rows for a line; None, not a missing row, where it must be broken."""
    both = _thinned(np.column_stack([time_s, values]), _MOST_POINTS)
    return [
        {"time_s": t, "value": v if np.isfinite(v) else None} for t, v in both.tolist()
    ]


def _thinned(rows: FloatArray, most: int) -> FloatArray:
    step = max(1, -(-len(rows) // most))
    return rows[::step]
