"""Page: measure videos that were recorded before."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO

from balance.app import look, who
from balance.app.measuring import Job
from balance.app.state import SessionState, visit
from balance.model.errors import BalanceError
from balance.model.results import Person
from balance.model.setup import Setup
from balance.pipeline.setup import make_setup
from balance.reporting.words.wording import nothing_measured, trial_title
from balance.video.samples import SAMPLE_HEIGHTS_MM, sample_videos

# The door says of a file what is wrong with it; a list of endings would only hide some.
KINDS = None
TESTS = {
    "auto": "Find out what was done",
    "single-leg-stance": "Standing on one leg",
    "squat": "Squats on both legs",
    "single-leg-squat": "Squats on one leg",
}


def show() -> None:
    """Ask for videos, start measuring, show how far it is."""
    import streamlit as st

    here = visit(st.session_state)
    who.show_who(here)
    look.heading(
        "Measure a video",
        "Recorded from the front, the whole body in the image, the camera standing "
        "still. Your video stays on this computer.",
    )
    files = st.file_uploader(
        "Videos", type=KINDS, accept_multiple_files=True, key=f"videos-{here.uploads}"
    )
    with st.expander("About the person and the test (if you like)"):
        setup = _ask_setup(here.person)
        here.blur_faces = st.checkbox(
            "Make faces unrecognisable in video and report", here.blur_faces
        )
    pressed = st.button("Measure", type="primary", disabled=not (files and setup))
    chosen = [(file.name, file) for file in files] if pressed else []
    if chosen and setup and _take(here, chosen, setup):
        here.uploads += 1  # the list is empty again: nothing is measured twice
        st.rerun()
    if setup:
        _offer_samples(here, setup)
    _progress(here)


def _take(
    here: SessionState, videos: Iterable[tuple[str, IO[bytes]]], setup: Setup
) -> bool:
    """Queue videos; say in a sentence where there is no room for them."""
    import streamlit as st

    try:
        for name, video in videos:
            here.take_upload(name, video, setup)
    except BalanceError as error:
        st.error(look.plain(error))
        return False
    return True


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def _ask_setup(person: Person) -> Setup | None:
    import streamlit as st

    left, right = st.columns(2)
    test = left.selectbox("What was done", list(TESTS), format_func=TESTS.__getitem__)
    eyes = right.selectbox("Eyes", ["unknown", "open", "closed"])
    age = left.number_input("Age in years", value=_whole(person.age_years), step=1)
    height_cm = None if person.height_mm is None else person.height_mm / 10
    height = right.number_input("Height in cm", value=_whole(height_cm), step=1)
    who = left.selectbox(
        "Who, if there are several people",
        ["the main person", "left", "centre", "right"],
    )
    mirrored = right.checkbox("The video is a mirror image (selfie)")
    slower = left.number_input(
        "Slow motion: how many times slower it plays",
        value=None,
        placeholder="as the file says; 4 for 120 frames shown at 30",
    )
    fps = right.number_input(
        "Frames per second, for a file without times", value=None, step=1
    )
    try:
        return make_setup(
            height_cm=height,
            age=age,
            test=test,
            eyes=eyes,
            person=None if who == "the main person" else who,
            mirrored=mirrored,
            slow_motion=slower,
            fps=fps,
        )
    except BalanceError as error:
        st.error(look.plain(error))
        return None


def _offer_samples(here: SessionState, setup: Setup) -> None:
    import streamlit as st

    st.markdown("**Or try a sample** – rendered people whose true numbers are known")
    try:
        samples = sample_videos()
    except BalanceError as error:
        st.caption(str(error))
        return
    for column, path in zip(st.columns(len(samples)), samples, strict=True):
        name = path.stem.replace("_", " ").capitalize()
        if column.button(name, key=f"sample-{path.stem}", width="stretch"):
            height_mm = SAMPLE_HEIGHTS_MM.get(path.stem, setup.person.height_mm)
            person = replace(setup.person, height_mm=height_mm)
            with path.open("rb") as video:
                _take(here, [(path.name, video)], replace(setup, person=person))


def _progress(here: SessionState) -> None:
    import streamlit as st

    jobs = [job for job in here.own_jobs() if "page" not in job.about]
    if jobs:
        st.header("Your videos", anchor=False)
    under_way = [job for job in jobs if job.is_open and not job.is_cancelled]
    if len(under_way) > 1 and st.button(f"Cancel all {len(under_way)}"):
        for job in under_way:
            job.cancel()
            job.on_end(job)
        st.rerun()
    for job in reversed(jobs):
        with st.container(border=True):
            st.markdown(f"**{look.plain(job.name)}**")
            _one(here, job)


def _one(here: SessionState, job: Job) -> None:
    import streamlit as st

    if job.is_open:
        st.caption(_where(here, job))
        if not job.is_cancelled and st.button("Cancel", key=f"cancel-{job.key}"):
            job.cancel()
            job.on_end(job)
            st.rerun()
    elif job.state == "cancelled":
        st.info("Cancelled. Nothing of it is kept; upload it again to measure it.")
    elif job.folder is None:
        st.error(look.plain(job.sentence))
    else:
        _sum_up(job.folder)
        if st.button("See the result", key=f"see-{job.key}", type="primary"):
            here.shown = (job.folder,)
            st.switch_page(here.pages["result"])


def _where(here: SessionState, job: Job) -> str:
    """Say of a video under way where it stands."""
    if job.is_cancelled:
        return "It is being stopped."
    if job.state == "measuring":
        return "It is being measured; how far, stands at the top of this page."
    ahead = [other for other in here.jobs if other.is_open and not other.is_cancelled]
    number = ahead.index(job) if job in ahead else 0
    return f"It waits for its turn: {number} before it." if number else "It comes next."


def _sum_up(folder: Path) -> None:
    import streamlit as st

    from balance.model.files import read_assessment

    assessment = read_assessment(folder / "assessment.json")
    if assessment.trials:
        titles = [trial_title(trial) for trial in assessment.trials[:4]]
        st.markdown(f"✓ {'; '.join(titles)}")
    else:
        st.warning(look.plain(nothing_measured(assessment)))
