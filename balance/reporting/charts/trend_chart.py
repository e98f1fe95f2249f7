"""Visits over months: each one's value, the level, and what luck explains."""

from textwrap import wrap
from typing import Any

import altair as alt

from balance.history.trends.trend import Statistic, Trend, VisitValue, shown
from balance.reporting.charts.palette import NARROW_PX, Chart, Layer, rows_chart, style
from balance.reporting.words.colours import colour

# Letters that fit a line of a chart on a phone.
LINE = 48

_SHAPES = alt.Scale(
    domain=["measured", "at least this"], range=["circle", "triangle-up"]
)


def trend_chart(trend: Trend, side: str = "both", dark: bool = False) -> Chart | None:
    """Draw a trend with the band that luck explains; None without a visit.

    The band is one minimum detectable change to either side of the present level; a
    visit that was cut off is a triangle that points up.
    """
    if not trend.visits:
        return None
    paint = colour(side if side in ("left", "right") else "ink", dark)
    rows = [_row(trend, visit) for visit in trend.visits]
    x = alt.X("on:T", title=None, scale=alt.Scale(type="utc"), axis=_DATES)
    base = rows_chart(rows).encode(x=x, y=alt.Y("value:Q", title=None))
    layers: list[Layer] = [
        *_band(trend, dark),
        base.mark_line(strokeWidth=1.2, opacity=0.6, color=paint),
        base.mark_point(size=75, filled=True, opacity=1, color=paint).encode(
            shape=alt.Shape("seen:N", scale=_SHAPES, legend=alt.Legend(title=None))
        ),
        *_changes(trend, dark),
    ]
    best = trend.reading.statistic is Statistic.BEST
    what = "Best trial" if best else "Mean of the trials"
    title = alt.Title(
        f"{what} of each visit, {trend.reading.unit}", subtitle=_what_luck_is(trend)
    )
    chart = alt.layer(*layers).properties(width=NARROW_PX, height=160, title=title)
    return style(chart, dark)


def _what_luck_is(trend: Trend) -> list[str]:
    """Name the minimum detectable change that the band is drawn by, line by line."""
    luck = trend.detectable
    if luck.value is None or len(trend.visits) < 2:
        return []
    whose = "learned from" if luck.basis == "own" else "published:"
    size = shown(luck.value, trend.reading.unit)
    return wrap(f"Shaded: ± {size} is luck, {whose} {luck.source}", LINE)


_DATES = alt.Axis(grid=False, format="%d %b %y", labelOverlap=True)


def _row(trend: Trend, visit: VisitValue) -> dict[str, Any]:
    best = trend.reading.statistic is Statistic.BEST
    censored = visit.best_censored if best else visit.mean_censored
    return {
        "on": visit.on.isoformat(),
        "value": visit.best if best else visit.mean,
        "seen": "at least this" if censored else "measured",
    }


def _band(trend: Trend, dark: bool) -> list[Layer]:
    """Return what luck explains about the level since the last change."""
    luck = trend.detectable.value
    if luck is None or trend.level is None or len(trend.visits) < 2:
        return []
    row: dict[str, Any] = {
        "from": trend.visits[trend.since].on.isoformat(),
        "to": trend.visits[-1].on.isoformat(),
        "low": trend.level - luck,
        "high": trend.level + luck,
    }
    if trend.reading.measure == "hold_s":
        row["low"] = max(0.0, row["low"])
    band = rows_chart([row]).mark_rect(color=colour("band", dark), opacity=1)
    return [band.encode(x="from:T", x2="to:T", y="low:Q", y2="high:Q")]


def _changes(trend: Trend, dark: bool) -> list[Layer]:
    rows = [
        {"on": trend.visits[change.first].on.isoformat(), "text": "real change"}
        for change in trend.changes
    ]
    if not rows:
        return []
    paint = colour("event", dark)
    rule = rows_chart(rows).mark_rule(color=paint, strokeWidth=1.5, strokeDash=[5, 3])
    label = rows_chart(rows).mark_text(
        align="left", dx=5, dy=-8, fontSize=12, color=paint
    )
    return [
        rule.encode(x="on:T"),
        label.encode(x="on:T", y=alt.value(4), text="text:N"),
    ]
