"""Page: one result, plain words on top, the clinician's terms below."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from balance.errors import BalanceError
from balance.judging.overruling import Correction, overrule, rescore_by
from balance.pose import Recording
from balance.reporting import report_view, wording
from balance.results import Assessment, Trial
from balance.ui import look
from balance.ui.state import Visit, visit

DOWNLOADS = {
    "report.html": ("Report to print", "text/html"),
    "annotated.mp4": ("Annotated film", "video/mp4"),
    "trials.csv": ("Table (CSV)", "text/csv"),
    "assessment.json": ("Full result (JSON)", "application/json"),
    "landmarks.npz": ("Landmarks", "application/octet-stream"),
}


@dataclass(frozen=True, eq=False)
class Shown:
    """A result as it was read from its folder."""

    folder: Path
    assessment: Assessment
    recording: Recording


def show() -> None:
    """Show the chosen result, or say how to get one."""
    import streamlit as st

    here = visit(st.session_state)
    done = {job.folder: job for job in here.jobs if job.folder is not None}
    if not done and any(job.is_open for job in here.jobs):
        look.heading("Result", "It is being measured.")
        st.fragment(_wait, run_every=1.0)(here)
        return
    if not done:
        look.heading("Result", "There is nothing to see yet.")
        st.page_link(here.pages["test"], label="Test yourself in front of the webcam")
        st.page_link(here.pages["analyse"], label="Analyse a video")
        return
    folders = list(reversed(done))
    start = folders.index(here.shown) if here.shown in done else 0
    folder = folders[start]
    if len(folders) > 1:
        folder = st.selectbox(
            "Which result", folders, start, format_func=lambda f: done[f].name
        )
    here.shown = folder
    try:
        shown = read_shown(folder)
    except BalanceError as error:
        st.error(str(error))
        return
    _page(shown)


def _wait(here: Visit) -> None:
    """Show how far the measurement is; the page comes anew when it is there."""
    import streamlit as st

    for job in here.jobs:
        if job.is_open:
            st.progress(job.share, f"{job.name}: {job.doing or 'waiting'} …")
    if any(job.folder is not None for job in here.jobs):
        st.rerun()


def read_shown(folder: Path) -> Shown:
    """Read a result from its folder."""
    from balance.contract import read_assessment, read_recording

    return Shown(
        folder,
        read_assessment(folder / "assessment.json"),
        read_recording(folder / "landmarks.npz"),
    )


def _page(shown: Shown) -> None:
    import streamlit as st

    look.heading("Result", f"Measured from {shown.assessment.source.name}.")
    _cards(shown.assessment)
    _findings(shown.assessment)
    _norms(shown.assessment)
    _film(shown)
    for number, trial in enumerate(shown.assessment.trials):
        with st.expander(f"For clinicians: {wording.trial_term(trial)}"):
            _details(shown.assessment, trial)
            _overrule(shown, number)
    _downloads(shown.folder)


def _cards(assessment: Assessment) -> None:
    import streamlit as st

    cards = report_view.cards(assessment)
    columns = st.columns(2) if len(cards) > 1 else [st.container()]
    for i, card in enumerate(cards):
        with columns[i % len(columns)]:
            number = card.number
            value = number.value if number else str(card.count or "–")
            unit = "seconds" if number else card.counted
            interval = f"95 % sure: {number.interval} s" if number else ""
            marks = [f"{a.shape} {a.question}: {a.word}" for a in card.answers]
            look.number_card(
                card.sentence, value, unit, interval, card.ended or card.reason, marks
            )


def _findings(assessment: Assessment) -> None:
    import streamlit as st

    told = report_view.told(report_view.all_findings(assessment))
    warnings = [t for t in told if t.severity != "info"]
    for finding in warnings:
        st.warning(f"**{finding.word}.** {finding.text}")
    if not assessment.trials:
        st.markdown("Try again with the whole body in the picture, feet included.")


def _norms(assessment: Assessment) -> None:
    import streamlit as st

    from balance.reference import load_norms
    from balance.reporting.charts import hold_chart

    dark = st.context.theme.type == "dark"
    person, eyes = assessment.person, assessment.conditions.eyes
    chart = hold_chart(assessment.trials, load_norms(), person, eyes, dark)
    if chart is not None:
        st.subheader("Beside people of other ages", anchor=False)
        st.altair_chart(chart, width="stretch")
    for norm in dict.fromkeys(t.norm for t in assessment.trials if t.norm):
        st.caption(f"{norm.band}. Source: {norm.source}")


def _film(shown: Shown) -> None:
    import streamlit as st

    from balance.ui.replay import show_replay

    film = shown.folder / "annotated.mp4"
    if film.is_file() and len(shown.recording.pose):
        st.subheader("See it again", anchor=False)
        st.caption("The red line moves with the film; click on a line to jump there.")
        show_replay(film, shown.assessment, shown.recording)


def _details(assessment: Assessment, trial: Trial) -> None:
    import streamlit as st

    findings = report_view.all_findings(assessment)
    rows = report_view.measure_rows(trial.measures, trial, findings)
    st.table(
        [
            {
                "Measure": f"{row.plain} ({row.term})" if row.plain else row.name,
                "Value": f"{row.said.value} {row.said.unit}" if row.said else "–",
                "95 % interval": row.said.interval if row.said else row.reason,
            }
            for row in rows
        ]
    )
    for judgement in trial.judgements:
        told = report_view.answered(judgement)
        st.markdown(f"{told.shape} **{told.term}: {told.word}.** {told.because}")
    for note in report_view.told(trial.findings):
        st.markdown(f"- {note.text}")
    if trial.score is not None:
        score = trial.score
        st.markdown(f"**Score {score.low}–{score.high} of {score.out_of}**")
        for reason in score.reasons:
            st.markdown(f"- −{reason.points_lost:g}: {reason.because}")


def _overrule(shown: Shown, number: int) -> None:
    """One click takes out an event that was not so; the record keeps who did it."""
    import streamlit as st

    trial = shown.assessment.trials[number]
    for note in trial.overruled:
        st.caption(f"Overruled: {note.what}, by {note.by}, {note.at}")
    if not trial.events:
        return
    st.markdown("**Was something seen that was not so?**")
    by = st.text_input("Your initials", key=f"by-{shown.folder.name}-{number}")
    for event in trial.events:
        label = f"Not so: {event.code.replace('_', ' ')} at {event.time_s:.1f} s"
        what = f"event:{event.code}@{event.time_s:g}"
        key = f"overrule-{shown.folder.name}-{number}-{what}"
        if st.button(label, key=key, disabled=not by.strip()):
            at = datetime.now(UTC).isoformat(timespec="seconds")
            _correct(shown, Correction(number + 1, what, "removed", by, at))
            st.rerun()


def _correct(shown: Shown, correction: Correction) -> None:
    """Write the corrected result in the place of the old one."""
    from balance.contract import write_assessment, write_trials
    from balance.standards import load_standards

    rescore = rescore_by(load_standards())
    changed = overrule(shown.assessment, correction, rescore)
    write_assessment(changed, shown.folder / "assessment.json")
    write_trials(changed, shown.folder / "trials.csv")


def _downloads(folder: Path) -> None:
    import streamlit as st

    st.subheader("Take it with you", anchor=False)
    files = {n: v for n, v in DOWNLOADS.items() if (folder / n).is_file()}
    for column, (name, (label, mime)) in zip(
        st.columns(len(files)), files.items(), strict=True
    ):
        column.download_button(
            label,
            (folder / name).read_bytes(),
            f"{folder.name}-{name}",
            mime,
            on_click="ignore",
            width="stretch",
        )
