"""Page: what was measured, plain words on top, the clinician's terms below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from balance.app import first_card, look, who
from balance.app.keeping import show_keeping
from balance.app.look import CHART_PX
from balance.app.measuring import Job, save_anew
from balance.app.one_trial import Result, show_trial
from balance.app.state import Offer, SessionState, visit
from balance.model.errors import BalanceError
from balance.model.recording import Recording
from balance.model.results import Assessment
from balance.reporting.pages import report_view
from balance.reporting.pages.corrected import correct_result, tell, undo_last
from balance.reporting.video.stills import DrawnStills
from balance.video.door import SUFFIXES

DOWNLOADS = {
    "report.html": ("Report to print", "text/html"),
    "annotated.mp4": ("Annotated video", "video/mp4"),
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
    stills: DrawnStills


def show() -> None:
    """Show the chosen result, or say how to get one."""
    import streamlit as st

    here = visit(st.session_state)
    offers = here.results()
    if not offers:
        _nothing_yet(here)
        return
    who.show_who(here)
    # What is asked for is shown first; the way to all others stands below it.
    page, others = st.container(), st.container()
    with others:
        offer = _chosen(here, offers)
    with page:
        if offer is None:
            look.heading("Result", "Nothing was measured yet.")
            return
        try:
            shown = [read_shown(folder) for folder in offer.folders]
        except BalanceError as error:
            st.error(look.plain(error))
            return
        _page(here, offer, shown)


def _chosen(here: SessionState, offers: list[Offer]) -> Offer | None:
    """Return the result that was asked for; a reload shows the same one again.

    None where somebody is tested of whom there is none: another's is not theirs.
    """
    import streamlit as st

    asked = st.query_params.get("result", "")
    wanted = here.shown
    if not wanted:
        wanted = next((o.folders for o in offers if key_of(o) == asked), ())
    own = not here.chosen or any(here.is_own(job) for job in offers[0].jobs)
    start = next(
        (i for i, o in enumerate(offers) if o.folders == wanted), 0 if own else None
    )
    if len(offers) > 1 or start is None:
        names = [offer.name for offer in offers]
        # A key of its own for each beginning: the list shows what was asked for.
        key = "which" if start is None else f"which-{names[start]}"
        name = st.selectbox("Another result", names, start, key=key)
        start = None if name is None else names.index(name)
    if start is None:
        return None
    offer = offers[start]
    here.shown = offer.folders
    st.query_params["result"] = key_of(offer)
    return offer


def key_of(offer: Offer) -> str:
    """Return a name for the address, that says nothing of the person."""
    return "+".join(job.key for job in offer.jobs)


def _nothing_yet(here: SessionState) -> None:
    import streamlit as st

    if any(job.is_open for job in here.own_jobs()):
        look.heading("Result", "It is being measured.")
        return
    look.heading("Result", "There is nothing to see yet.")
    st.page_link(here.pages["test"], label="Test yourself in front of the webcam")
    st.page_link(here.pages["analyse"], label="Analyse a video")


def read_shown(folder: Path) -> Shown:
    """Read a result from its folder."""
    from balance.model.files import read_assessment, read_recording
    from balance.reporting.video.stills import read_drawn_stills

    return Shown(
        folder,
        read_assessment(folder / "assessment.json"),
        read_recording(folder / "landmarks.npz"),
        read_drawn_stills(folder / "report.html"),
    )


def _page(here: SessionState, offer: Offer, shown: Sequence[Shown]) -> None:
    import streamlit as st

    jobs = {job.folder: job for job in offer.jobs}
    assessments = [
        first_card.asked_for(one.assessment, _seen_live(jobs.get(one.folder)))
        for one in shown
    ]
    look.heading("Result", _lead(offer))
    holds = bool(first_card.best_holds(assessments))
    if holds:
        first_card.show_verdict(assessments)
    else:
        show_cards(assessments)
    first_card.show_change(offer)
    _show_next(here, offer)
    first_card.ask_facts(offer, assessments[0], partial(_told, offer))
    said: tuple[str, ...] = ()
    with st.expander("More about this result", key="more"):
        if holds:
            show_cards(assessments)
        said = show_compared(assessments)
        show_findings(assessments, said, "info")
    show_findings(assessments, said, "warning", "error")
    with st.expander("Video, every try, all numbers, corrections", key="every-try"):
        _every_try(offer, shown)


def _seen_live(job: Job | None) -> dict[str, object]:
    return (job.about.get("trial") if job is not None else None) or {}


def _lead(offer: Offer) -> str:
    """Say what it is, and when it was made."""
    title = offer.name.split(" · ")[0]
    if Path(title).suffix.lower() in SUFFIXES:  # a video's name, as people say it
        title = Path(title).stem.replace("_", " ").strip().capitalize() or "Video"
    if not offer.jobs or not offer.jobs[0].made:
        return f"{title}."
    made = datetime.fromisoformat(offer.jobs[0].made)
    return f"{title}. {look.day_in_words(made.date())}, {made:%H:%M}."


def _show_next(here: SessionState, offer: Offer) -> None:
    """Offer what to do with it: train, and save."""
    import streamlit as st

    show_keeping(here, offer)
    if "training" in here.pages and st.button("Train this", key="train-this"):
        st.switch_page(here.pages["training"])


def _told(offer: Offer, folder: Path, age_years: float | None, eyes: str) -> None:
    """Assess a result anew with what was said of the person; the history follows."""
    job = next((one for one in offer.jobs if one.folder == folder), None)
    _changed(job, tell(folder, age_years, eyes))


def _changed(job: Job | None, after: Assessment) -> Assessment:
    """Let the history of whom it was saved for say the same."""
    if job is not None and job.saved:
        save_anew(job)
        job.on_end(job)
    return after


def _every_try(offer: Offer, shown: Sequence[Shown]) -> None:
    import streamlit as st

    chosen = shown[0]
    if len(shown) > 1:
        number = st.selectbox(
            "Try", range(len(shown)), format_func=lambda i: f"Try {i + 1}"
        )
        chosen = shown[number]
    _video(chosen)
    job = next((one for one in offer.jobs if one.folder == chosen.folder), None)
    folder = chosen.folder
    result = Result(
        f"{job.key if job else ''}{folder.name}",
        chosen.assessment,
        chosen.stills,
        lambda correction: _changed(job, correct_result(folder, correction)),
        lambda: _changed(job, undo_last(folder)),
        folder / "annotated.mp4",
    )
    for position in range(1, len(chosen.assessment.trials) + 1):
        show_trial(result, position)
    _downloads(chosen.folder)


def show_cards(assessments: Sequence[Assessment]) -> None:
    """Show the best of each leg and test as a card."""
    import streamlit as st

    cards = first_card.ordered(report_view.cards(*assessments))
    columns = st.columns(2) if len(cards) > 1 else [st.container()]
    for i, card in enumerate(cards):
        with columns[i % len(columns)]:
            number, count = card.number, card.count
            tries = ", ".join(f"{said.value} s" for said in card.tries)
            look.number_card(
                card.sentence,
                number.value if number else "–" if count is None else str(count),
                "seconds" if number else card.counted,
                look.sure(number.interval) if number else "",
                card.ended or card.reason,
                [f"{a.shape} {a.question} {a.word}" for a in card.answers],
                [
                    f"Best of {len(card.tries)} trials: {tries}"
                    if len(card.tries) > 1
                    else "",
                    card.band,
                    f"Sway from side to side: {card.sway}" if card.sway else "",
                ],
            )


def show_compared(assessments: Sequence[Assessment]) -> tuple[str, ...]:
    """Show the holds among the typical times of all ages; return what was said."""
    import streamlit as st

    from balance.reference.loader import load_norms
    from balance.reporting.charts.charts import hold_chart

    said = report_view.compared_with_age(*assessments)
    if said is None:
        return ()
    dark = st.context.theme.type == "dark"
    trials = [trial for one in assessments for trial in one.trials if trial.norm]
    person, eyes = assessments[0].person, assessments[0].conditions.eyes
    chart = hold_chart(trials, load_norms(), person, eyes, dark)
    st.header("Beside people of other ages", anchor=False)
    if chart is not None:
        st.altair_chart(chart, width="stretch", height=CHART_PX)
    for line in said.lines:
        st.markdown(line)
    for source in said.sources:
        st.caption(f"Source: {source}")
    return said.lines


def show_findings(
    assessments: Sequence[Assessment],
    said: tuple[str, ...],
    *severities: str,
) -> None:
    """Show every finding of some severities (all) but those ``said`` already."""
    import streamlit as st

    views = report_view.in_words(report_view.all_findings(*assessments))
    views = [
        one
        for one in views
        if one.text not in said and (not severities or one.severity in severities)
    ]
    if views:
        st.header("What to know, and what to do", anchor=False)
    for finding in views:
        at = "" if finding.time_s is None else f", at {finding.time_s:.1f} s"
        text = f"**{finding.word.capitalize()}{at}.** {look.plain(finding.text)}"
        {"info": st.info, "warning": st.warning, "error": st.error}[finding.severity](
            text
        )
    nothing = not any(one.trials for one in assessments)
    if nothing and "info" not in severities:
        st.markdown("Try again with the whole body in the image, feet included.")


def _video(shown: Shown) -> None:
    import streamlit as st

    from balance.app.replay import show_replay

    video = shown.folder / "annotated.mp4"
    if video.is_file() and len(shown.recording.pose):
        st.header("See it again", anchor=False)
        st.caption("The red line moves with the video; click on a line to jump there.")
        show_replay(video, shown.assessment, shown.recording)
        if any(trial.overruled for trial in shown.assessment.trials):
            st.caption("What is written into the video was so before the correction.")


def _downloads(folder: Path) -> None:
    import streamlit as st

    from balance.reporting.pages.pdf import find_browser

    st.header("Take it with you", anchor=False)
    files = {n: v for n, v in DOWNLOADS.items() if (folder / n).is_file()}
    with st.container(horizontal=True):
        if "report.html" in files and find_browser():
            st.download_button(
                "Report as PDF",
                lambda: pdf_of(folder),
                f"{folder.name}-report.pdf",
                "application/pdf",
                on_click="ignore",
            )
        for name, (label, mime) in files.items():
            st.download_button(
                label,
                (folder / name).read_bytes(),
                f"{folder.name}-{name}",
                mime,
                on_click="ignore",
            )


def pdf_of(folder: Path) -> bytes:
    """Print a result's report as PDF."""
    from balance.reporting.pages.pdf import print_pdf

    with TemporaryDirectory(prefix="balance-file-") as scratch:
        target = Path(scratch) / "report.pdf"
        print_pdf((folder / "report.html").read_text(encoding="utf-8"), target)
        return target.read_bytes()
