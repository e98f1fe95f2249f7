"""Page: measure videos that were recorded before."""

from pathlib import Path

from balance.errors import BalanceError
from balance.film.samples import SAMPLE_HEIGHTS_MM, sample_videos
from balance.reporting.wording import trial_title
from balance.request import Setup, make_setup
from balance.ui import look
from balance.ui.measuring import Job
from balance.ui.state import Visit, visit

KINDS = ["mp4", "mov", "m4v", "avi", "mkv", "webm", "gif", "mts", "3gp", "wmv"]
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
    look.heading(
        "Analyse a video",
        "Filmed from the front, the whole body in the picture, the camera standing "
        "still. Your video stays on this computer.",
    )
    files = st.file_uploader(
        "Videos", type=KINDS, accept_multiple_files=True, key="videos"
    )
    with st.expander("About the person and the test (if you like)"):
        setup = _ask_setup()
    if st.button("Measure", type="primary", disabled=not files) and setup:
        for file in files:
            here.take_upload(file.name, file, setup)
    _offer_samples(here)
    st.fragment(_progress, run_every=1.0)(here)


def _ask_setup() -> Setup | None:
    import streamlit as st

    left, right = st.columns(2)
    test = left.selectbox("What was done", list(TESTS), format_func=TESTS.__getitem__)
    eyes = right.selectbox("Eyes", ["unknown", "open", "closed"])
    age = left.number_input("Age in years", 3, 120, None)
    height = right.number_input("Height in cm", 80, 250, None)
    who = left.selectbox(
        "Who, if there are several people",
        ["the main person", "left", "centre", "right"],
    )
    mirrored = right.checkbox("The video is a mirror image (selfie)")
    try:
        return make_setup(
            height_cm=height,
            age=age,
            test=test,
            eyes=eyes,
            person=None if who == "the main person" else who,
            mirrored=mirrored,
        )
    except BalanceError as error:
        st.error(str(error))
        return None


def _offer_samples(here: Visit) -> None:
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
            height_mm = SAMPLE_HEIGHTS_MM.get(path.stem)
            setup = make_setup(height_cm=height_mm / 10 if height_mm else None)
            with path.open("rb") as film:
                here.take_upload(path.name, film, setup)


def _progress(here: Visit) -> None:
    import streamlit as st

    jobs = [job for job in here.jobs if not job.about]
    if jobs:
        st.subheader("Your videos", anchor=False)
    for number, job in reversed(list(enumerate(jobs))):
        with st.container(border=True):
            st.markdown(f"**{job.name}**")
            _one(here, job, number)


def _one(here: Visit, job: Job, number: int) -> None:
    import streamlit as st

    if job.is_open:
        st.progress(job.share, f"{job.doing or 'Waiting for its turn'} …")
    elif job.folder is None:
        st.error(job.sentence)
    else:
        st.markdown(f"✓ {_summary(job.folder)}")
        if st.button("See the result", key=f"see-{number}", type="primary"):
            here.shown = (job.folder,)
            st.switch_page(here.pages["result"])


def _summary(folder: Path) -> str:
    from balance.contract import read_assessment

    trials = read_assessment(folder / "assessment.json").trials
    if not trials:
        return "Nothing could be measured; the result says why."
    return "; ".join(trial_title(trial) for trial in trials[:4])
