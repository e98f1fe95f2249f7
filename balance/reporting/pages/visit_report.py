"""Reports about a person: one visit, two visits side by side, a series over months.

A person is named by what the caller gives, normally a code. Trends and left–right
comparisons come from the history; nothing is computed here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from balance.history.trends.sides import SideDifference
from balance.history.trends.trend import Statistic, Trend
from balance.model.codes import TrialKind
from balance.model.errors import InputError
from balance.model.recording import Recording
from balance.model.results import Assessment
from balance.reference.loader import load_protocol
from balance.reporting.pages import methods, paper, report_view
from balance.reporting.pages.filed import NOT_SAID, day_words, filed_by
from balance.reporting.pages.placement import camera_changes, place_of
from balance.reporting.pages.report import (
    TrialRenderer,
    image,
    load_stored_protocol,
    render_page,
)
from balance.reporting.pages.score_view import scored
from balance.reporting.video.stills import Stills
from balance.reporting.words import wording
from balance.reporting.words.measure_words import measure_words

# So many numbers stand beside a trial; all of them are folded away below it.
SHOWN_FIRST = 3
ASKED_FIRST = (
    *("hold_s", "sway_ml_rms_mm", "sway_ml_speed_mm_s", "errors"),
    *("fppa_frontal_left_deg_mean", "fppa_frontal_right_deg_mean"),
    "knee_flexion_deg_mean",
)


class Asked(Protocol):
    """What a trend is about; conditions that differ make another trend."""

    @property
    def kind(self) -> TrialKind: ...  # noqa: D102
    @property
    def side(self) -> str: ...  # noqa: D102
    @property
    def protocol(self) -> str: ...  # noqa: D102
    @property
    def eyes(self) -> str: ...  # noqa: D102
    @property
    def footwear(self) -> str: ...  # noqa: D102
    @property
    def surface(self) -> str: ...  # noqa: D102
    @property
    def measure(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class Recorded:
    """One recording of a visit; landmarks and frames only where they were kept."""

    assessment: Assessment
    recording: Recording | None = None
    images: Stills = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Visit:
    """All recordings of one day."""

    on: date
    recorded: tuple[Recorded, ...]

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        """The results of the day."""
        return tuple(one.assessment for one in self.recorded)


def render_visit(  # noqa: PLR0913  (each may be left away)
    person: str,
    visit: Visit,
    trends: Mapping[Any, Trend] | None = None,
    sides: Mapping[Any, SideDifference] | None = None,
    *,
    before: Visit | None = None,
    blur_faces: bool = False,
    details: bool = False,
) -> str:
    """Return one visit: results, left against right, change or luck, what to do.

    ``before`` is the visit before it: where the camera stood elsewhere, the page says
    so.
    """
    first, notes = report_view.on_top(report_view.all_findings(*visit.assessments))
    cards = report_view.cards(*visit.assessments)
    filed = filed_by(visit.assessments, person=person, on=day_words(visit.on))
    rows, beside = _trials(visit, blur_faces), _side_rows(sides or {})
    changes = _same_words_once(_trend_rows(trends or {}, images=False))
    shown, height = paper.cards_printed(cards)
    used = height + paper.head_lines(filed, "".join(_conditions(visit.assessments)))
    used += paper.verdict_lines(changes) + paper.finding_lines(first)
    used += 2.5 + 2.6 * len(beside)
    levels = paper.levels_of_trials(
        [trial for one in visit.assessments for trial in one.trials],
        [paper.visit_costs(row) for row in rows],
        used,
        details=details,
    )
    return render_page(
        "visit.html.j2",
        person=person,
        on=visit.on,
        conditions=_conditions(visit.assessments),
        filed=filed,
        details=details,
        levels=levels,
        left_out=paper.left_out(levels, "trials"),
        cards_printed=len(cards) if details else shown,
        cards=cards,
        moved=_moved(before, visit),
        findings=first,
        notes=notes,
        trials=rows,
        trends=changes,
        sides=beside,
        **_method(visit.assessments),
    )


def render_comparison(
    person: str,
    before: Visit,
    after: Visit,
    trends: Mapping[Any, Trend] | None = None,
    *,
    details: bool = False,
) -> str:
    """Return two visits side by side, and whether what differs is more than luck."""
    both = (*before.assessments, *after.assessments)
    return render_page(
        "comparison.html.j2",
        person=person,
        before=before.on,
        after=after.on,
        conditions=_conditions(both),
        filed=filed_by(
            both,
            person=person,
            on=f"{day_words(before.on)} and {day_words(after.on)}",
        ),
        details=details,
        pairs=_pairs(before, after),
        moved=_moved(before, after),
        trends=_trend_rows(trends or {}, images=False),
        **_method(both),
    )


def render_series(  # noqa: PLR0913  (each may be left away)
    person: str,
    trends: Mapping[Any, Trend],
    sides: Mapping[Any, SideDifference] | None = None,
    last: Visit | None = None,
    before: Visit | None = None,
    *,
    details: bool = False,
) -> str:
    """Return a person's course over months: a chart and an answer for each leg.

    ``last`` is the last visit, for what the page is filed by, and ``before`` the one
    before it: where the camera stood elsewhere, the page says so.
    """
    days = sorted({visit.on for trend in trends.values() for visit in trend.visits})
    ends = dict.fromkeys(day_words(day) for day in (*days[:1], *days[-1:]))
    span = " to ".join(ends) or NOT_SAID
    assessments = last.assessments if last else ()
    filed = filed_by(assessments, person=person, on=span)
    rows, beside = _trend_rows(trends, images=True, last=assessments), sides or {}
    used = paper.head_lines(filed) + 5.0 + 3.0 * len(beside)
    levels = paper.levels_of_trends(
        [paper.trend_costs(row) for row in rows], used, details=details
    )
    return render_page(
        "series.html.j2",
        person=person,
        days=days,
        levels=levels,
        left_out=paper.left_out(levels, "courses"),
        filed=filed,
        trends=rows,
        moved=_moved(before, last),
        sides=_side_rows(beside),
    )


def _same_words_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows, those of which the very same is said as one."""
    alike: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        alike.setdefault((row["answer"], row["text"]), []).append(row)
    return [
        same[0] | {"title": "; ".join(dict.fromkeys(row["title"] for row in same))}
        for same in alike.values()
    ]


def question_title(asked: Asked) -> str:
    """Return what a trend is about: the test, and the measure if it is no time."""
    title = wording.kind_title(asked.kind, asked.side)
    if asked.measure == "hold_s":
        return title
    return f"{title}: {measure_words(asked.measure)[0].lower()}"


def how_done(asked: Asked) -> str:
    """Return how the test was done."""
    return (
        f"eyes {asked.eyes}, footwear {asked.footwear}, surface {asked.surface}, "
        f"{_title(asked.protocol)}"
    )


def _title(protocol: str) -> str:
    """Return a protocol's title; the name itself of one that is no longer known."""
    try:
        return load_protocol(protocol).title
    except InputError:
        return f"protocol {protocol}"


def _moved(before: Visit | None, after: Visit | None) -> list[str]:
    if before is None or after is None:
        return []
    return camera_changes(before.assessments, after.assessments)


def _conditions(assessments: Sequence[Assessment]) -> list[str]:
    """Return how the tests were done, each way once."""
    said = []
    for one in assessments:
        how = one.conditions
        said.append(
            f"{load_stored_protocol(one).title}: eyes {how.eyes}, "
            f"footwear {how.footwear}, surface {how.surface}"
        )
    return list(dict.fromkeys(said))


def _trials(visit: Visit, blur_faces: bool) -> list[dict[str, Any]]:
    rows = []
    for one in visit.recorded:
        for trial in one.assessment.trials:
            stills: list[Mapping[str, str]] = []
            if one.recording is not None:
                studio = TrialRenderer(
                    one.assessment, one.recording, one.images, blur_faces
                )
                stills = studio.stills(trial)
            measures = report_view.measure_rows(
                trial.measures, trial, one.assessment.findings
            )
            rows.append(
                {
                    "title": wording.trial_title(trial),
                    "ended": wording.end_words(trial),
                    "source": one.assessment.source.name,
                    "first": first_of(measures),
                    "rows": measures,
                    "answers": [report_view.answered(j) for j in trial.judgements],
                    "norm": trial.norm,
                    "score": scored(trial),
                    "overruled": report_view.corrections(trial),
                    "stills": stills,
                }
            )
    return rows


def first_of(measures: Sequence[report_view.Row]) -> list[report_view.Row]:
    """Return the few numbers beside a trial: those that are asked for, else the first.

    A knee has one angle there, the frontal one.
    """
    said = [row for row in measures if row.said]
    asked = [row for row in said if row.name.startswith(ASKED_FIRST)]
    return (asked or said)[:SHOWN_FIRST]


def _pairs(before: Visit, after: Visit) -> list[dict[str, Any]]:
    """Return the cards of both visits, those of the same leg and test together."""
    firsts = {card.key: card for card in report_view.cards(*before.assessments)}
    lasts = {card.key: card for card in report_view.cards(*after.assessments)}
    return [
        {
            "title": (lasts.get(key) or firsts[key]).title,
            "side": (lasts.get(key) or firsts[key]).side,
            "cards": (firsts.get(key), lasts.get(key)),
        }
        for key in dict.fromkeys((*firsts, *lasts))
    ]


def _trend_rows(
    trends: Mapping[Any, Trend], *, images: bool, last: Sequence[Assessment] = ()
) -> list[dict[str, Any]]:
    rows = []
    for number, (asked, trend) in enumerate(trends.items(), 1):
        drawn = None
        if images:
            from balance.reporting.charts.trend_chart import trend_chart

            chart = trend_chart(trend, asked.side)
            title = question_title(asked)
            drawn = image(chart, title, trend.text, f"trend-{number}")
        rows.append(
            {
                "title": question_title(asked),
                "side": asked.side,
                "how": how_done(asked),
                "answer": trend.answer.value,
                "text": trend.text,
                "source": trend.detectable.source,
                "visits": len(trend.visits),
                "place": _place(asked, trend, last),
                "image": drawn,
            }
        )
    return rows


def _place(asked: Asked, trend: Trend, last: Sequence[Assessment]) -> str:
    if not trend.visits:
        return ""
    seen = trend.visits[-1]
    best = trend.reading.statistic is Statistic.BEST
    value = seen.best if best else seen.mean
    return place_of(asked.kind, asked.side, asked.measure, value, last)


def _side_rows(sides: Mapping[Any, SideDifference]) -> list[dict[str, str]]:
    return [
        {
            "title": measure_words(asked.measure)[0],
            "text": difference.text,
            "answer": difference.answer.value,
        }
        for asked, difference in sides.items()
    ]


def _method(assessments: Sequence[Assessment]) -> dict[str, tuple[str, ...]]:
    """Return the method's paragraphs and sources, each once for all recordings."""
    paragraphs: list[str] = []
    sources: list[str] = []
    for one in assessments:
        protocol = load_stored_protocol(one)
        paragraphs.extend(methods.method_paragraphs(one, protocol))
        sources.extend(methods.references(one, protocol))
    return {
        "method": tuple(dict.fromkeys(paragraphs)),
        "references": tuple(dict.fromkeys(sources)),
    }
