"""Page: test my balance in front of the webcam.

The component is the first thing on the page and nothing conditional stands before it:
anything inserted above would mount it anew, camera and all.
"""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from balance.landmarks import Side
from balance.live import Phase, plan_of
from balance.protocols.protocol_run import start_run
from balance.protocols.safety import reason_not_to_test
from balance.reference import load_protocol, load_safety
from balance.results import Person
from balance.ui import look
from balance.ui.state import Visit, setup_for, visit

if TYPE_CHECKING:
    from balance.protocols.protocol_run import Run

STEPS = ("Safety", "Choose", "Test")
TESTS = {
    "single_leg_stance_eyes_open": "Stand on one leg, eyes open",
    "single_leg_stance_eyes_closed": "Stand on one leg, eyes closed",
    "squat": "Squat on both legs",
    "single_leg_squat": "Squat on one leg",
}
# A clip where nobody can tell when the try is over: the cap and time to get there.
BY_HAND_EXTRA_S = 20.0


def show() -> None:
    """Show the camera on top, and below it the questions or the results."""
    import streamlit as st

    from balance.ui.webcam.component import webcam
    from balance.ui.webcam.routes import is_served

    here = visit(st.session_state)
    with st.container():
        plan = here.sitting.test.plan if here.sitting.test else None
        seconds = (plan.cap_s if plan else 45.0) + BY_HAND_EXTRA_S
        if is_served():
            webcam(here.sitting, testing=here.testing, turn=here.turn, seconds=seconds)
        else:
            st.error(
                "The webcam needs the program's own start: run `balance app`, or "
                "`streamlit run app.py` in its folder."
            )
    if here.testing:
        _test(here)
    elif not here.asked:
        _ask(here)
    else:
        _choose(here)
    if not here.testing:
        # A film that waited in the browser may arrive at any moment.
        st.fragment(_results, run_every=2.0)(here)


def _ask(here: Visit) -> None:
    import streamlit as st

    safety = load_safety()
    look.heading(
        "Before you start", "A few questions first. They keep you on your feet."
    )
    look.steps(STEPS, 0)
    with st.form("safety", border=False):
        answers = {
            question.code: st.radio(
                question.text,
                ("No", "Yes"),
                index=None,
                horizontal=True,
                key=f"ask_{question.code}",
            )
            for question in safety.questions
        }
        st.markdown("**Set up your place**")
        ready = [
            st.checkbox(statement.text, key=f"place_{statement.code}")
            for statement in safety.set_up
            if statement.code != "companion"
        ]
        age = st.number_input(
            "Your age in years", 18, 110, None, help="Gives you the typical times."
        )
        height = st.number_input(
            "Your height in cm (if you like)",
            120,
            230,
            None,
            help="Gives sway in millimetres.",
        )
        sent = st.form_submit_button("Go on", type="primary")
    with st.expander("When to stop, and what this is not"):
        for statement in (*safety.stop_rules, *safety.disclaimers):
            st.markdown(f"- {statement.text}")
    if sent and None in answers.values():
        st.warning("Please answer every question.")
    elif sent and not all(ready):
        st.warning("Please set up your place and tick both boxes.")
    elif sent:
        here.circumstances = replace(
            here.circumstances,
            age_years=age,
            yes=frozenset(code for code, said in answers.items() if said == "Yes"),
        )
        here.person = Person(None if height is None else 10.0 * height, age)
        here.asked = True
        st.rerun()


def _choose(here: Visit) -> None:
    import streamlit as st

    safety = load_safety()
    look.heading("Choose a test", "Start with standing on one leg, eyes open.")
    look.steps(STEPS, 1)
    refusal = reason_not_to_test(safety, here.circumstances)
    if refusal:
        st.error(
            f"**No test here today.** {refusal} You said yes to one of the questions, "
            "so please do not test your balance alone."
        )
        if st.button("Answer the questions again"):
            here.asked = False
            st.rerun()
        return
    test = st.radio("Test", list(TESTS), format_func=TESTS.__getitem__, key="test")
    first = st.radio(
        "Which leg first?",
        list(Side),
        format_func=lambda s: s.value.capitalize(),
        horizontal=True,
        key="first_leg",
    )
    run = start_run(
        load_protocol(test), here.circumstances, safety.gates, first=first or Side.LEFT
    )
    for (_, leg), why in run.skipped.items():
        st.info(f"{leg.capitalize()} leg: {why}" if leg != "both" else why)
    _describe(run)
    plan = plan_of(run)
    ready = plan is not None
    if st.button("Go to the camera", type="primary", disabled=not ready) and plan:
        here.sitting.begin(plan)
        here.test, here.testing, here.turn = test, True, here.turn + 1
        here.sitting_name = f"{TESTS[test]}, {datetime.now():%H:%M}"
        here.setup = setup_for(plan.kind, plan.eyes_closed, here.person)
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


def _test(here: Visit) -> None:
    import streamlit as st

    st.fragment(_results, run_every=1.0)(here)
    if st.button("Choose another test"):
        here.testing, here.turn = False, here.turn + 1
        st.rerun()


def _results(here: Visit) -> None:
    """Show what came of the tries so far; looked at once a second."""
    import streamlit as st

    from balance.ui.outcome import show_outcome

    view = here.sitting.view
    jobs = [job for job in here.jobs if "trial" in job.about or "by_hand" in job.about]
    if not jobs and here.testing:
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
