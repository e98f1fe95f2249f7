"""Whether the 95 % intervals of stands hold the truth, by source of the videos."""

from collections.abc import Sequence

from balance.pipeline.validation.benchmark_groups import ALL, groups_in
from balance.pipeline.validation.benchmark_table import Figure, Row, figures

# Measure and its heading.
SHOWN = {
    "hold_s": "hold, s",
    "sway_ml_rms_mm": "sway RMS, mm",
    "sway_ml_speed_mm_s": "mean speed, mm/s",
}
_COLUMNS = f"{'n':>5}{'held':>6}{'l.o.':>6}{'width':>7}{'score':>7}"


def interval_table(rows: Sequence[Row]) -> str:
    """Print one group of stands a line; an empty text where there are none.

    ``n`` values with an interval, the share that ``held`` the truth, also with the
    person left out of learning the errors (``l.o.``), median ``width``, mean interval
    ``score`` (Gneiting & Raftery 2007).
    """
    groups = groups_in(rows)
    if not groups:
        return ""
    above = "".join(f"{heading:>31}" for heading in SHOWN.values())
    lines = [f"{'':32}{above}", f"{'95 % intervals':24}{'people':>8}{_COLUMNS * 3}"]
    for group in (ALL, *groups):
        own = [row for row in rows if group in (ALL, *row.groups)]
        lines.append(_line(group, [row for row in own if row.groups], rows))
    return "\n".join(lines)


def _line(group: str, own: Sequence[Row], rows: Sequence[Row]) -> str:
    found = {one.measure: one for one in figures(own, among=rows)}
    people = len({row.person for row in own})
    cells = "".join(_cells(found.get(measure)) for measure in SHOWN)
    return f"{group:24}{people:8d}{cells}".rstrip()


def _cells(figure: Figure | None) -> str:
    if figure is None or figure.covered is None:
        return " " * 31
    held, out = figure.covered / figure.bounded, figure.left_out
    left_out = "" if out is None else f"{100 * out:.0f}%"
    return (
        f"{figure.bounded:5d}{f'{100 * held:.0f}%':>6}{left_out:>6}"
        f"{figure.width:7.2f}{figure.score:7.2f}"
    )
