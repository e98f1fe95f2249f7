"""What every page with a camera shows first: the camera's place, and the questions.

The camera's component must be the first thing on a page and nothing conditional may
stand before it: anything inserted above would mount it anew, camera and all.
"""

from dataclasses import replace
from typing import Any

from balance.app import look
from balance.app.state import SessionState
from balance.model.results import Person
from balance.reference.loader import load_safety
from balance.reference.safety import reason_not_to_test, reason_not_to_test_oneself

# A clip where nobody can tell when the try is over: its time and that to get there.
BY_HAND_EXTRA_S = 20.0
NO_SERVER = (
    "The webcam needs the program's own start: run `balance app`, or "
    "`streamlit run app.py` in its folder."
)


def show_camera(here: SessionState, page: str, **how: Any) -> bool:
    """Put the camera on top; return whether this page is using it.

    ``how`` are options of the webcam's ``Stage``.
    """
    import streamlit as st

    from balance.app.webcam.component import Stage, webcam
    from balance.app.webcam.routes import is_served

    mine = here.at_camera == page
    rules = tuple(rule.text for rule in load_safety().stop_rules)
    seconds = here.by_hand_s + BY_HAND_EXTRA_S
    with st.container():
        if is_served():
            webcam(here.sitting, Stage(mine, here.turn, seconds, rules, **how))
        else:
            st.error(NO_SERVER)
    return mine


def ask(here: SessionState, steps: tuple[str, ...]) -> None:
    """Ask the safety questions; the page comes anew when all are answered."""
    import streamlit as st

    safety = load_safety()
    look.heading(
        "Before you start", "A few questions first. They keep you on your feet."
    )
    look.steps(steps, 0)
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


def is_refused(here: SessionState, *, oneself: bool = False) -> bool:
    """Say why there is no test for this person, where that is so.

    ``oneself``: for the self-test any yes is enough, whoever is there.
    """
    import streamlit as st

    refusal = reason_not_to_test(load_safety(), here.circumstances)
    if oneself:
        refusal = reason_not_to_test_oneself(load_safety(), here.circumstances.yes)
    if refusal:
        st.error(
            f"**No test here today.** {refusal} You said yes to one of the questions, "
            "so please do not test your balance alone."
        )
        offer_questions(here)
    return refusal is not None


def offer_questions(here: SessionState) -> None:
    """Let the questions be answered again."""
    import streamlit as st

    if st.button("Answer the questions again"):
        here.asked = False
        st.rerun()
