"""Charts of a result, drawn with Altair: the same in the report and in the app.

Each function takes what was recorded and measured and returns a chart, or None
where there is nothing to draw. Left is a round, unbroken mark, right a square,
dashed one, so that the colour is not the only sign.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from balance.model.codes import TrialKind
from balance.model.results import Measurement, Person, Repetition, Trial
from balance.reference.norms import HoldNorm, find_hold_norms
from balance.reporting.charts.palette import (
    SIDES,
    Chart,
    Layer,
    narrow,
    rows_chart,
    side_colour,
    side_shape,
    sides_of,
)
from balance.reporting.charts.timelines import depth_curve_chart, timeline_chart
from balance.reporting.words import wording
from balance.reporting.words.colours import colour

__all__ = ["depth_curve_chart", "hold_chart", "repetition_chart", "timeline_chart"]


def hold_chart(
    trials: Iterable[Trial],
    norms: Sequence[HoldNorm],
    person: Person,
    eyes: str,
    dark: bool = False,
) -> Chart | None:
    """Draw the holds of both legs among the typical times of all ages.

    None where the age or the eyes are not known, or nobody measured that age.
    """
    if person.age_years is None:
        return None
    own = find_hold_norms(norms, person.age_years, eyes, person.sex)
    holds = [row for trial in trials if (row := _hold_row(trial))]
    if not own or not holds:
        return None
    # Where there are only women's and men's rows, both are drawn.
    groups = {own[0].sex} if own[0].sex in ("all", person.sex) else {"f", "m"}
    rows = [
        {
            "ages": _age_band(norm.ages),
            "typical_s": norm.typical_s,
            "own": norm.ages == own[0].ages,
            "who": {"f": "women", "m": "men"}.get(norm.sex, ""),
        }
        for norm in norms
        if norm.sex in groups
        and (norm.eyes, norm.statistic) == (eyes, own[0].statistic)
    ]
    band = _age_band(own[0].ages)
    return _hold_layers(rows, [hold | {"ages": band} for hold in holds], own[0], dark)


def _hold_layers(
    rows: list[dict[str, Any]],
    holds: list[dict[str, Any]],
    norm: HoldNorm,
    dark: bool,
) -> Chart:
    top = max([norm.cap_s or 0.0, *(hold["high"] for hold in holds)]) * 1.08
    axis = alt.Axis(labelAngle=0, grid=False)
    ages = alt.X("ages:O", title="Age in years", sort=None, axis=axis)
    scale = alt.Scale(domain=[0, top], nice=False)
    seconds = alt.Y("typical_s:Q", title=None, scale=scale)
    typical = rows_chart(rows).mark_bar(
        size=46, cornerRadiusTopLeft=3, cornerRadiusTopRight=3
    )
    bars = typical.encode(
        x=ages,
        y=seconds.stack(None),
        color=alt.condition(
            "datum.own",
            alt.value(colour("line", dark)),
            alt.value(colour("band", dark)),
        ),
    )
    numbers = (
        rows_chart(rows)
        .mark_text(dy=12, fontSize=12, color=colour("soft", dark))
        .encode(x=ages, y=seconds, text=alt.Text("typical_s:Q", format=".0f"))
    )
    layers = [bars, numbers, *_hold_marks(holds, dark)]
    if norm.cap_s is not None:
        layers.append(_cap_rule(norm.cap_s, dark))
    return narrow(layers, "Seconds: bars typical, marks yours", dark)


def _hold_marks(holds: list[dict[str, Any]], dark: bool) -> list[Layer]:
    def beside(rows: list[dict[str, Any]]) -> alt.Chart:
        scale = alt.Scale(domain=SIDES, paddingOuter=0.2)
        return rows_chart(rows).encode(
            x=alt.X("ages:O", sort=None),
            xOffset=alt.XOffset("side:N", scale=scale),
            color=side_colour(dark),
        )

    base = beside(holds)
    # Tries of one leg lie close together; the best of each is the one that is named.
    best = {hold["side"]: hold for hold in sorted(holds, key=lambda one: one["value"])}
    whisker = base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q")
    point = base.mark_point(size=95, filled=True, opacity=1).encode(
        y="value:Q", shape=side_shape()
    )
    names: list[Layer] = [
        beside([hold])
        # Away from the other leg's.
        .mark_text(align="right" if side == "left" else "left",
                   dx=8 if side == "left" else -8,
                   dy=-12, fontSize=12, fontWeight="bold")
        .encode(y="high:Q", text="text:N")
        for side, hold in best.items()
    ]  # fmt: skip
    return [whisker, point, *names]


def _cap_rule(cap_s: float, dark: bool) -> Layer:
    rows = [{"cap_s": cap_s, "text": f"the test ends at {cap_s:.0f} s"}]
    soft = colour("soft", dark)
    rule = rows_chart(rows).mark_rule(strokeDash=[2, 3], color=soft).encode(y="cap_s:Q")
    label = (
        rows_chart(rows)
        .mark_text(align="left", dy=-6, fontSize=12, color=soft)
        .encode(y="cap_s:Q", x=alt.value(2), text="text:N")
    )
    return alt.layer(rule, label)


def _hold_row(trial: Trial) -> dict[str, Any] | None:
    hold = trial.measures.get("hold_s")
    if trial.kind is not TrialKind.SINGLE_LEG_STANCE or hold is None:
        return None
    said = wording.say(hold)
    return {
        "side": trial.side,
        "value": hold.value,
        "low": hold.low if hold.low is not None else hold.value,
        "high": hold.high if hold.high is not None else hold.value,
        "text": said.value,
    }


def repetition_chart(trial: Trial, dark: bool = False) -> Chart | None:
    """Draw the knee's angle at the bottom of every repetition with its interval."""
    rows = [
        row
        for number, repetition in enumerate(trial.repetitions, 1)
        for row in _fppa_rows(repetition, number)
    ]
    if not rows:
        return None
    offset = alt.XOffset("side:N", scale=alt.Scale(domain=SIDES, paddingOuter=1.0))
    shown = sides_of(rows)
    base = rows_chart(rows).encode(
        x=alt.X("n:O", title="Repetition", axis=alt.Axis(labelAngle=0, grid=False)),
        xOffset=offset,
        color=side_colour(dark, shown),
    )
    y = alt.Y("value:Q", title=None)
    layers = [
        rows_chart([{"value": 0}])
        .mark_rule(color=colour("soft", dark))
        .encode(y="value:Q"),
        base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q"),
        base.mark_point(size=80, filled=True, opacity=1).encode(
            y=y, shape=side_shape(shown)
        ),
    ]
    return narrow(
        layers, "Knee inwards at the bottom, ° with interval (frontal plane)", dark
    )


def _fppa_rows(repetition: Repetition, number: int) -> list[dict[str, Any]]:
    rows = []
    for side in SIDES:
        angle = repetition.measures.get(f"fppa_frontal_{side}_deg")
        if isinstance(angle, Measurement):
            low = angle.value if angle.low is None else angle.low
            high = angle.value if angle.high is None else angle.high
            row = {"n": number, "side": side, "value": angle.value}
            rows.append(row | {"low": low, "high": high})
    return rows


def _age_band(ages: tuple[int, int]) -> str:
    return f"{ages[0]}+" if ages[1] >= 99 else f"{ages[0]}–{ages[1]}"
