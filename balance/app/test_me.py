"""Page: test my balance in front of the webcam, in the plainest words."""

from typing import TYPE_CHECKING

from balance.analysis.protocols.run import start_run
from balance.app import look, who
from balance.app.before_test import ask, is_refused, show_camera
from balance.app.state import SessionState, visit
from balance.app.who import show_who
from balance.live.agenda import SET_S, SHORTEST_REST_S
from balance.model.landmarks import Side
from balance.reference.loader import load_protocol, load_safety

if TYPE_CHECKING:
    from balance.analysis.protocols.run import Run

PAGE = "test"
AROUND_S = 12.0  # to get ready before each trial
STEPS = ("Safety", "Choose", "Test")
TESTS = {
    "single_leg_stance_eyes_open": "Stand on one leg, eyes open",
    "single_leg_stance_eyes_closed": "Stand on one leg, eyes closed",
    "squat": "Squat on both legs",
    "single_leg_squat": "Squat on one leg",
}


def show() -> None:
    """Show the camera on top, and below it the questions or the results."""
    import streamlit as st

    here = visit(st.session_state)
    mine = show_camera(here, PAGE)
    if not who.is_known(here):
        return
    show_who(here)
    if mine:
        _results(here)
        if st.button("Choose another test"):
            here.leave_camera()
            st.rerun()
        return
    if not here.asked:
        ask(here, STEPS)
    else:
        _choose(here)
    _results(here)


def _choose(here: SessionState) -> None:
    import streamlit as st

    look.heading("Choose a test")
    look.steps(STEPS, 1)
    if is_refused(here, oneself=True):
        return
    test = st.radio(
        "Test",
        list(TESTS),
        format_func=TESTS.__getitem__,
        key="test",
        label_visibility="collapsed",
    )
    first = st.radio(
        "First leg",
        list(Side),
        format_func=lambda s: s.value.capitalize(),
        horizontal=True,
        key="first_leg",
    )
    gates = load_safety().gates
    run = start_run(
        load_protocol(test), here.circumstances, gates, first=first or Side.LEFT
    )
    for (_, leg), why in run.skipped.items():
        st.info(f"{leg.capitalize()} leg: {why}" if leg != "both" else why)
    st.markdown(f"**{what_comes(run)}**")
    if st.button("Go to the camera", type="primary", disabled=not run.plan):
        here.begin(PAGE, run, TESTS[test])
        st.rerun()
    _describe(run)


def what_comes(run: "Run") -> str:
    """Say before the start how many trials there are, and how long it takes."""
    tries = len(run.plan)
    rest_s = max([SHORTEST_REST_S, *(step.stage.rest_s for step in run.plan)])
    seconds = sum(step.stage.seconds or SET_S for step in run.plan) + tries * AROUND_S
    minutes = max(1, round((seconds + max(0, tries - 1) * rest_s) / 60))
    word = "try" if tries == 1 else "tries"
    return (
        f"{tries} {word}, {rest_s:.0f} seconds of rest between, "
        f"at most {minutes} minutes."
    )


def _describe(run: "Run") -> None:
    import streamlit as st

    protocol = run.protocol
    # The voice says it when it is to be done.
    with st.expander("How it is done"):
        for line in protocol.instructions:
            st.markdown(f"- {line}")
    with st.expander("For clinicians: protocol and source"):
        st.markdown(f"**{protocol.title}.** {protocol.purpose}")
        st.markdown(f"Start: {protocol.start_rule}  \nEnd: {protocol.end_rule}")
        st.caption(protocol.source)


def _results(here: SessionState) -> None:
    """Show what came of the trials so far; the page comes anew with each."""
    import streamlit as st

    from balance.app.outcome import show_outcome

    jobs = here.tries(PAGE, here.test_name)
    measured = [job for job in jobs if job.folder is not None and not job.is_open]
    if measured and st.button("See the whole result", type="primary"):
        here.shown = tuple(job.folder for job in measured if job.folder is not None)
        st.switch_page(here.pages["result"])
    for job in reversed(jobs):
        show_outcome(here, job)
