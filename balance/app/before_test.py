"""What every page with a camera shows first: the camera's place, and the questions.

The camera's component must be the first thing on a page and nothing conditional may
stand before it: anything inserted above would mount it anew, camera and all.
"""

from dataclasses import replace
from typing import Any

from balance.app import look
from balance.app.state import SessionState
from balance.reference.loader import load_safety
from balance.reference.safety import (
    Question,
    reason_not_to_test,
    reason_not_to_test_oneself,
)

# A clip where nobody can tell when the trial is over: its time and that to get there.
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
            webcam(here.live, Stage(mine, here.turn, seconds, rules, **how))
        else:
            st.error(NO_SERVER)
    return mine


def ask(here: SessionState, steps: tuple[str, ...]) -> None:
    """Ask the safety questions, one on a screen; then place, age and height."""
    import streamlit as st

    questions = load_safety().questions
    left = [one for one in questions if one.code not in here.answers]
    look.heading(
        "Before you start", "A few questions first. They keep you on your feet."
    )
    look.steps(steps, 0)
    if left:
        _ask_one(here, left[0], 1 + len(questions) - len(left), len(questions))
    else:
        _ask_place(here)
    if here.answers:
        st.button("Back", key="ask-back", on_click=_back, args=[here])


def _back(here: SessionState) -> None:
    here.answers.pop(next(reversed(here.answers)))


def _ask_one(here: SessionState, question: Question, number: int, of: int) -> None:
    """Ask one question with two large buttons."""
    import streamlit as st

    st.caption(f"Question {number} of {of}")
    st.header(question.text, anchor=False)

    def say(yes: bool) -> None:
        here.answers[question.code] = yes

    with st.container(key="big-answers"):
        no, yes = st.columns(2)
        for column, word, said in ((no, "No", False), (yes, "Yes", True)):
            column.button(
                word,
                key=f"say_{question.code}_{word.lower()}",
                width="stretch",
                on_click=say,
                args=[said],
            )


def _ask_place(here: SessionState) -> None:
    import streamlit as st

    from balance.app.who import note_facts

    safety = load_safety()
    person = here.person
    height_cm = None if person.height_mm is None else round(person.height_mm / 10)
    age_years = None if person.age_years is None else int(person.age_years)
    with st.form("safety", border=False):
        st.markdown("**Set up your place**")
        ready = [
            st.checkbox(statement.text, key=f"place_{statement.code}")
            for statement in safety.set_up
            if statement.code != "companion"
        ]
        age = st.number_input(
            "Your age in years", 18, 110, age_years, help="Gives you the typical times."
        )
        height = st.number_input(
            "Your height in cm (if you like)",
            120,
            230,
            height_cm,
            help="Gives sway in millimetres.",
        )
        emergency = st.text_input("Emergency number where you are", here.emergency)
        sent = st.form_submit_button("Go on", type="primary")
    with st.expander("When to stop, and what this is not"):
        for statement in (*safety.stop_rules, *safety.disclaimers):
            st.markdown(f"- {statement.text}")
    if sent and not all(ready):
        st.warning("Please set up your place and tick both boxes.")
    elif sent:
        here.circumstances = replace(
            here.circumstances,
            age_years=age,
            yes=frozenset(code for code, said in here.answers.items() if said),
        )
        here.person = replace(
            person, height_mm=None if height is None else 10.0 * height, age_years=age
        )
        here.emergency = "".join(c for c in emergency if c in "0123456789+ ") or "112"
        here.asked = True
        note_facts(here)
        here.remember()
        st.rerun()


def is_refused(here: SessionState, *, oneself: bool = False) -> bool:
    """Say why there is no test for this person, where that is so, and what to do.

    ``oneself``: for the self-test any yes is enough, whoever is there.
    """
    import streamlit as st

    refusal = reason_not_to_test(load_safety(), here.circumstances)
    if oneself:
        refusal = reason_not_to_test_oneself(load_safety(), here.circumstances.yes)
    if not refusal or here.agreed_by:
        return False
    st.error(
        f"**No test here today.** {refusal} You said yes to one of the questions, "
        "so please do not test your balance alone."
    )
    _ways_on(here)
    offer_questions(here)
    return True


def _ways_on(here: SessionState) -> None:
    """Say what can be done instead, what to ask, and how a clinician lets it be."""
    import streamlit as st

    if "training" in here.pages:
        st.page_link(here.pages["training"], label="Seated exercises and training")
    with st.expander("What to ask your clinician"):
        for question in load_safety().questions:
            if question.code in here.circumstances.yes:
                st.markdown(f"- {question.text} **Yes.** {question.advice}")
        st.markdown("- May I stand on one leg, with a chair in reach, for 45 seconds?")
    with st.expander("My clinician has agreed"), st.form("agreed", border=False):
        name = st.text_input("Name of the clinician", key="agreed-by")
        if st.form_submit_button("They have agreed") and name.strip():
            here.agreed_by = name.strip()
            here.remember()
            st.rerun()


def offer_questions(here: SessionState) -> None:
    """Let the questions be answered again."""
    import streamlit as st

    if st.button("Answer the questions again"):
        here.asked, here.answers = False, {}
        st.rerun()
