"""The report of a recording: one HTML file, complete in itself, that prints on A4."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balance.model.errors import InputError, OutputError
from balance.model.publish import write_whole
from balance.model.recording import Recording
from balance.model.results import Assessment, Repetition, Trial
from balance.reference import loader as reference
from balance.reference.protocol import Protocol
from balance.reporting.pages import methods, paper, report_view
from balance.reporting.pages.filed import filed_by
from balance.reporting.pages.healthy_place import healthy_places
from balance.reporting.pages.score_view import scored
from balance.reporting.video import stills
from balance.reporting.video.stills import DrawnStills, Moment, Stills, drawn_at
from balance.reporting.words import wording
from balance.reporting.words.measure_words import measure_words

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from balance.reporting.charts.palette import Chart


def write_report(
    assessment: Assessment,
    recording: Recording,
    images: Stills,
    path: str | Path,
    *,
    blur_faces: bool = False,
) -> None:
    """Write the report, whole or not at all.

    ``images`` are the frames at ``stills.wanted_times(assessment)``; those that
    are missing are left out.
    """
    page = render_report(assessment, recording, images, blur_faces=blur_faces)
    write_page(page, Path(path))


def write_page(page: str, path: Path) -> None:
    """Write a page beside its place and move it there, so that none is half written."""
    if not path.parent.is_dir():
        raise OutputError(
            f"the report {path} cannot be written: there is no folder {path.parent}"
        )
    write_whole(path, lambda file: file.write(page.encode(errors="replace")))


def render_report(  # noqa: PLR0913  (each may be left away)
    assessment: Assessment,
    recording: Recording,
    images: Stills,
    *,
    drawn: DrawnStills | None = None,
    blur_faces: bool = False,
    details: bool = False,
) -> str:
    """Return the report as one HTML page without any address outside itself.

    ``drawn`` are stills of an earlier report on this recording, for whoever has no
    frames any more. On paper it has two pages; with ``details`` all that can be opened
    is open, and is printed behind them.
    """
    protocol = load_stored_protocol(assessment)
    studio = TrialRenderer(assessment, recording, images, blur_faces, drawn or {})
    norm = _norm(assessment)
    findings = report_view.all_findings(assessment)
    first, notes = report_view.on_top(findings, beside_norm=norm is not None)
    cards, facts = report_view.cards(assessment), filed_by([assessment])
    sections = [studio.section(k, t) for k, t in enumerate(assessment.trials, 1)]
    shown, height = paper.cards_printed(cards)
    used = height + paper.head_lines(facts, assessment.source.name) + paper.METHOD
    used += paper.finding_lines(first) + (paper.NORM if norm else 0.0)
    levels = paper.levels_of_trials(
        assessment.trials,
        [paper.section_costs(one, alone=len(sections) == 1) for one in sections],
        used,
        details=details,
    )
    return render_page(
        "report.html.j2",
        source=assessment.source,
        software=assessment.software,
        filed=facts,
        details=details,
        levels=levels,
        left_out=paper.left_out(levels, "trials"),
        cards_printed=len(cards) if details else shown,
        protocol=protocol,
        schema_version=assessment.schema_version,
        options=_options(assessment),
        cards=cards,
        findings=first,
        notes=notes,
        norm=norm,
        trials=sections,
        camera=_camera(assessment),
        method=methods.method_paragraphs(assessment, protocol),
        choices=methods.own_choices(protocol),
        references=methods.references(assessment, protocol),
    )


def render_page(template: str, **values: Any) -> str:
    """Return a page of the package's own, everything from outside escaped."""
    values.setdefault("disclaimers", reference.load_safety().disclaimers)
    return _pages().get_template(template).render(css=_css(), **values)


@cache
def _pages() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("balance.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def load_templates() -> None:
    """Make the report's template ready, ahead of the first report."""
    _pages().get_template("report.html.j2")


@cache
def _css() -> "Markup":
    from markupsafe import Markup

    from balance.reporting.charts.svg import theme_css

    sheet = (
        files("balance")
        .joinpath("reporting/templates/report.css")
        .read_text(encoding="utf-8")
    )
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{theme_css()}\n}}\n"
    return Markup(sheet + dark)


def load_stored_protocol(assessment: Assessment) -> Protocol:
    """Return the protocol of a result, by its name where it is not known any more."""
    try:
        return reference.load_protocol(assessment.protocol)
    except InputError:
        # Stored by a version that knew another protocol: shown by its name.
        return Protocol(assessment.protocol, assessment.protocol, "")


def _options(assessment: Assessment) -> str:
    given = asdict(assessment.options)
    return ", ".join(f"{k} {v}" for k, v in given.items() if v not in (None, False))


def _camera(assessment: Assessment) -> list[tuple[str, wording.FormattedValue]]:
    camera = assessment.camera
    named = (("turned by", camera.yaw_deg), ("tilted by", camera.roll_deg))
    return [(name, wording.say(value)) for name, value in named if value]


def _norm(assessment: Assessment) -> dict[str, Any] | None:
    """Return the age bands as an image, or why there is none; None without stands."""
    from balance.reporting.charts import charts

    said = report_view.compared_with_age(assessment)
    if said is None:
        return None
    chart = charts.hold_chart(
        [trial for trial in assessment.trials if trial.norm is not None],
        reference.load_norms(),
        assessment.person,
        assessment.conditions.eyes,
    )
    words = "Seconds held, with intervals, among the typical times of all ages. "
    drawn = image(chart, "Hold time and age", words + " ".join(said.lines), "norm")
    return {"image": drawn, "lines": said.lines, "sources": said.sources}


def image(chart: "Chart | None", title: str, words: str, ident: str) -> "Markup | None":
    """Return a chart as an image in the page; None stays None."""
    from balance.reporting.charts.svg import inline_svg

    return None if chart is None else inline_svg(chart, title, words, ident)


@dataclass(frozen=True)
class TrialRenderer:
    """Makes the section of each trial: words, tables, curves and stills."""

    assessment: Assessment
    recording: Recording
    images: Stills
    blur_faces: bool
    drawn: DrawnStills = field(default_factory=dict)

    def section(self, number: int, trial: Trial) -> dict[str, Any]:
        """Return everything that the template shows of one trial."""
        hold = trial.measures.get("hold_s")
        events = sorted(trial.events, key=lambda event: event.time_s)
        return {
            "title": wording.trial_title(trial),
            "term": wording.trial_term(trial),
            "start_s": trial.start_s,
            "end_s": trial.end_s,
            "start_seen": trial.start_seen,
            "end_seen": trial.end_seen,
            "ended": wording.end_words(trial),
            "hold": wording.say_in(trial, "hold_s", hold) if hold else None,
            "signal": trial.signal,
            "score": scored(trial),
            "overruled": report_view.corrections(trial),
            "answers": [report_view.answered(j) for j in trial.judgements],
            "healthy": healthy_places(trial),
            "rated": report_view.rated(trial),
            "events": [
                {"time_s": e.time_s, "text": wording.EVENT_WORDS[e.code]}
                for e in events
            ],
            "rows": self._rows(trial.measures, trial),
            "bottom": wording.bottom_words(trial),
            "columns": [measure_words(n) for n in report_view.key_measures(trial)],
            "repetitions": [self._repetition(r, trial) for r in trial.repetitions],
            "stills": self.stills(trial),
            **self._curves(number, trial),
        }

    def _rows(self, measures: Any, trial: Trial) -> list[report_view.Row]:
        return report_view.measure_rows(measures, trial, self.assessment.findings)

    def _repetition(self, repetition: Repetition, trial: Trial) -> dict[str, Any]:
        chosen = {
            name: repetition.measures.get(name)
            for name in report_view.key_measures(trial)
        }
        return {
            "start_s": repetition.start_s,
            "bottom_s": repetition.bottom_s,
            "end_s": repetition.end_s,
            "key": self._rows(chosen, trial),
            "rows": self._rows(repetition.measures, trial),
        }

    def stills(self, trial: Trial) -> list[Mapping[str, str]]:
        """Return the trial's images as addresses with words."""
        shown: list[Mapping[str, str]] = []
        for moment in stills.moments(trial):
            uri = self._address(moment, trial)
            if uri is None:
                continue
            shown.append(
                {
                    "uri": uri,
                    "time_s": f"{moment.time_s:.3f}",
                    "caption": moment.caption,
                    "alt": f"{wording.trial_title(trial)}: {moment.caption}",
                }
            )
        return shown

    def _address(self, moment: Moment, trial: Trial) -> str | None:
        still = self.images.get(moment.time_s)
        if still is None:
            return drawn_at(self.drawn, moment.time_s)
        return stills.still_uri(still, moment, trial, self.recording, self.blur_faces)

    def _curves(self, number: int, trial: Trial) -> dict[str, Any]:
        from balance.reporting.charts import charts

        name = wording.trial_title(trial)
        timeline = charts.timeline_chart(self.recording, self.assessment, trial)
        drawn = [
            image(chart, f"{name}: {title}", words, f"trial-{number}-{ident}")
            for chart, title, words, ident in (
                (
                    charts.depth_curve_chart(trial),
                    "knees over knee bend",
                    "How far each knee moved inwards on the way down, with intervals.",
                    "depth",
                ),
                (
                    charts.repetition_chart(trial),
                    "knees at the bottom",
                    "How far each knee was inwards at each bottom, with intervals; "
                    "the numbers are in the table.",
                    "bottoms",
                ),
            )
        ]
        words = f"{wording.trial_title(trial)}. {wording.end_words(trial)}"
        return {
            "timeline": image(
                timeline, f"{name}: time line", words, f"trial-{number}-time"
            ),
            "curves": [curve for curve in drawn if curve],
        }
