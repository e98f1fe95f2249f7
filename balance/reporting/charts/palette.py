"""The look of every chart: colours for light and dark, quiet axes, left and right.

Left is a round, unbroken mark, right a square, dashed one, so that the colour is
not the only sign.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pyarrow as pa

from balance.model.landmarks import Side
from balance.reporting.words.colours import colour

Chart = alt.Chart | alt.LayerChart | alt.VConcatChart | alt.FacetChart
Layer = alt.Chart | alt.LayerChart | alt.FacetChart

WIDTH_PX = 620
NARROW_PX = 400
# Named once more in the pages that show the charts.
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

SIDES = [side.value for side in Side]


def style(chart: Chart, dark: bool = False) -> Chart:
    """Give a chart the look of the report: quiet axes, no box, the page's colours."""
    soft, line = colour("soft", dark), colour("line", dark)
    # At once: each change of a chart copies all of it.
    styled: Chart = chart.configure(
        background="transparent",
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=soft,
            titleColor=soft,
            gridColor=line,
            gridOpacity=0.7,
            domain=False,
            ticks=False,
            labelPadding=6,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        ),
        legend=alt.LegendConfig(
            labelColor=soft, orient="top", labelFontSize=12, offset=4
        ),
        title=alt.TitleConfig(
            color=colour("ink", dark),
            fontSize=13,
            fontWeight=600,
            subtitleColor=soft,
            subtitleFontSize=12,
            anchor="start",
            frame="group",
            offset=8,
        ),
    )
    return styled


def narrow(layers: Sequence[Layer], title: str, dark: bool) -> Chart:
    """Return layers as one titled chart, narrow enough for a phone."""
    chart = alt.layer(*layers)
    return style(chart.properties(width=NARROW_PX, height=220, title=title), dark)


def rows_chart(rows: list[dict[str, Any]]) -> alt.Chart:
    """Return a chart over plain rows.

    As a table: each change of a chart copies plain rows one by one.
    """
    return alt.Chart(pa.Table.from_pylist(rows))


def side_colour(dark: bool, legend: Sequence[str] = ()) -> alt.Color:
    """Return the sides' colours, with a legend of those sides, or none."""
    paints = [colour(side, dark) for side in SIDES]
    scale = alt.Scale(domain=SIDES, range=paints)
    return alt.Color("side:N", scale=scale, legend=_key(legend) if legend else None)


def side_shape(legend: Sequence[str] = SIDES) -> alt.Shape:
    """Left a circle, right a square."""
    scale = alt.Scale(domain=SIDES, range=["circle", "square"])
    return alt.Shape("side:N", scale=scale, legend=_key(legend))


def side_dash(legend: Sequence[str] = SIDES) -> alt.StrokeDash:
    """Left unbroken, right dashed."""
    scale = alt.Scale(domain=SIDES, range=[[1, 0], [6, 3]])
    return alt.StrokeDash("side:N", scale=scale, legend=_key(legend))


def _key(sides: Sequence[str]) -> alt.Legend:
    """As dark in the legend as in the chart, whatever lies under the lines."""
    return alt.Legend(title=None, symbolOpacity=1.0, values=list(sides))


def sides_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the sides that a chart's rows show, left first."""
    shown = {row["side"] for row in rows}
    return [side for side in SIDES if side in shown]
