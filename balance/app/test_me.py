"""Page: test my balance in front of the webcam, in the plainest words."""

from typing import TYPE_CHECKING

from balance.analysis.protocols.run import start_run
from balance.app import look
from balance.app.before_test import ask, is_refused, show_camera
from balance.app.state import SessionState, visit
from balance.live import Phase
from balance.model.landmarks import Side
from balance.reference.loader import load_protocol, load_safety

if TYPE_CHECKING:
    from balance.analysis.protocols.run import Run

PAGE = "test"
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
    if show_camera(here, PAGE):
        _test(here)
        return
    if not here.asked:
        ask(here, STEPS)
    else:
        _choose(here)
    # A video that waited in the browser may arrive at any moment.
    st.fragment(_results, run_every=2.0)(here)


def _choose(here: SessionState) -> None:
    import streamlit as st

    look.heading("Choose a test", "Start with standing on one leg, eyes open.")
    look.steps(STEPS, 1)
    if is_refused(here, oneself=True):
        return
    test = st.radio("Test", list(TESTS), format_func=TESTS.__getitem__, key="test")
    first = st.radio(
        "Which leg first?",
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
    _describe(run)
    if st.button("Go to the camera", type="primary", disabled=not run.plan):
        here.begin(PAGE, run, TESTS[test])
        st.rerun()


def _describe(run: "Run") -> None:
    import streamlit as st

    protocol = run.protocol
    for line in protocol.instructions:
        st.markdown(f"- {line}")
    with st.expander("For clinicians: protocol and source"):
        st.markdown(f"**{protocol.title}.** {protocol.purpose}")
        st.markdown(f"Start: {protocol.start_rule}  \nEnd: {protocol.end_rule}")
        st.caption(protocol.source)


def _test(here: SessionState) -> None:
    import streamlit as st

    st.fragment(_results, run_every=1.0)(here)
    if st.button("Choose another test"):
        here.leave_camera()
        st.rerun()


def _results(here: SessionState) -> None:
    """Show what came of the tries so far; looked at once a second."""
    import streamlit as st

    from balance.app.outcome import show_outcome

    view = here.sitting.view
    jobs = here.tries(PAGE)
    if not jobs and here.at_camera == PAGE:
        st.caption(
            "Step back until your whole body is in the picture. A voice tells you "
            "what to do; you need not touch anything. Nothing you film leaves this "
            "computer."
        )
    for job in reversed(jobs):
        show_outcome(here, job)
    if view is not None and view.phase is Phase.FINISHED and jobs:
        still = sum(job.is_open for job in jobs)
        if not still and st.button("See the whole result", type="primary"):
            whole = [one for one in here.results() if jobs[-1].folder in one.folders]
            here.shown = whole[0].folders if whole else ()
            st.switch_page(here.pages["result"])
