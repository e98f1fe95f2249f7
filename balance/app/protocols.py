"""Page: the named tests, done as clinicians do them, step after step by voice."""

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from balance.analysis.protocols.run import goal_words, start_run
from balance.app import look, protocol_outcome, who
from balance.app.before_test import ask, is_refused, offer_questions, show_camera
from balance.app.drawings import drawing_of
from balance.app.state import SessionState, visit
from balance.live import Phase
from balance.model.codes import TrialKind
from balance.model.landmarks import Side
from balance.reference.loader import load_protocol, load_safety, protocol_codes
from balance.reference.safety import reason_not_alone

if TYPE_CHECKING:
    from balance.analysis.protocols.run import Run
    from balance.reference.protocol import Protocol, Stage

PAGE = "protocols"
STEPS = ("Safety", "Choose", "Test", "Outcome")
CONDITIONS = {
    "footwear": ("On your feet", ("unknown", "barefoot", "shoes")),
    "surface": ("You stand on", ("unknown", "firm", "soft")),
}


def show() -> None:
    """Show the camera on top, and below it the questions, the choice or the run."""
    import streamlit as st

    here = visit(st.session_state)
    mine = show_camera(here, PAGE, once=True)
    if not who.is_known(here):
        return
    who.show_who(here)
    if mine:
        _guided(here)
    elif not here.asked:
        ask(here, STEPS)
    else:
        _choose(here)


def _choose(here: SessionState) -> None:
    import streamlit as st

    look.heading(
        "Named tests",
        "Done as clinicians do them: one position after the other, by voice. The name "
        "and the rules are kept with the result.",
    )
    look.steps(STEPS, 1)
    if is_refused(here):
        return
    code = st.selectbox(
        "Test",
        [code for code in protocol_codes() if code != "auto"],
        format_func=_title,
        key="protocol",
    )
    protocol = load_protocol(code)
    _describe(protocol)
    refusal = reason_not_alone(protocol, here.circumstances)
    if refusal:
        st.error(f"**Not alone.** {refusal}")
        offer_questions(here)
        return
    run = _ask_details(here, protocol)
    for (stage, leg), why in run.skipped.items():
        where = "" if leg == "both" else f", {leg} leg"
        st.info(f"**{protocol.stage(stage).title}{where}** is left out. {why}")
    if st.button("Go to the camera", type="primary", disabled=not run.plan):
        here.begin(PAGE, run, protocol.title)
        st.rerun()


def _title(code: str) -> str:
    protocol = load_protocol(code)
    return f"{protocol.title} (experimental)" * protocol.experimental or protocol.title


def _describe(protocol: "Protocol") -> None:
    import streamlit as st

    from balance.reporting.words.protocol_norms import held_against
    from balance.reporting.words.protocol_score import scored_words

    if protocol.experimental:
        st.warning("**Experimental.** Its numbers have not been checked on people.")
    st.markdown(f"**{protocol.purpose}**")
    st.markdown("\n".join(f"- {line}" for line in protocol.instructions))
    st.html(f'<ol class="stages">{"".join(map(_stage, protocol.stages))}</ol>')
    st.markdown("**Who should not do it alone**")
    st.markdown(
        "\n".join(
            f"- {person[:1].upper()}{person[1:]}" for person in protocol.not_alone
        )
    )
    with st.expander("For clinicians: rules, numbers and sources"):
        st.markdown(f"Position: {protocol.position}")
        st.markdown(f"Start: {protocol.start_rule}  \nEnd: {protocol.end_rule}")
        st.markdown(f"Scored: {'; '.join(scored_words(protocol))}")
        norms = "; ".join(held_against(protocol))
        st.markdown(f"Held against: {norms or 'nothing published'}")
        asked = ", ".join(name.replace("_", " ") for name in protocol.asked)
        st.markdown(f"Asked, because no camera sees it: {asked or 'nothing'}")
        st.markdown(protocol.source)
        for name, source in protocol.sources.items():
            st.caption(f"{name.replace('_', ' ')}: {source}")


def _stage(stage: "Stage") -> str:
    """One position with its drawing, as HTML."""
    goal = escape(f"{stage.title} · {goal_words(stage)}")
    position = escape(stage.position)
    return f"<li>{drawing_of(stage)}<div><b>{goal}</b><br>{position}</div></li>"


def _ask_details(here: SessionState, protocol: "Protocol") -> "Run":
    """Ask for the leg and for what the camera cannot see; lay the steps out."""
    import streamlit as st

    first = Side.LEFT
    legs = {stage.legs for stage in protocol.stages}
    if protocol.error_types:
        kicks = st.radio(
            "Which foot do you kick a ball with?",
            list(Side),
            1,
            format_func=lambda side: side.value.capitalize(),
            horizontal=True,
            key="kicking_foot",
        )
        first = (kicks or Side.RIGHT).other
    elif legs & {"each", "one"}:
        question = "Which leg first?" if "each" in legs else "Which leg?"
        chosen = st.radio(
            question,
            list(Side),
            format_func=lambda side: side.value.capitalize(),
            horizontal=True,
            key="protocol_leg",
        )
        first = chosen or Side.LEFT
    told = {
        name: st.radio(
            question,
            choices,
            format_func=lambda choice: {"unknown": "not said"}.get(choice, choice),
            horizontal=True,
            key=f"told_{name}",
        )
        for name, (question, choices) in CONDITIONS.items()
        if name in protocol.asked
    }
    here.conditions = replace(here.conditions, **told)
    gates = load_safety().gates
    run = start_run(protocol, here.circumstances, gates, first=first)
    if here.circumstances.has_companion and _helper_has_seen(here, run):
        run = start_run(protocol, here.circumstances, gates, first=first)
    return run


def _helper_has_seen(here: SessionState, run: "Run") -> bool:
    """Let a helper say that a leg was held long enough for what is left out.

    Without it a test of closed eyes or foam could not be completed at a first visit.
    True where something was said.
    """
    import streamlit as st

    enough_s = load_safety().gates.eyes_open_before_closed_s
    said = False
    for leg in Side:
        needed = any(
            side == leg
            and run.protocol.stage(stage).kind is TrialKind.SINGLE_LEG_STANCE
            and here.circumstances.best_open_s.get(leg, 0.0) < enough_s
            for stage, side in run.skipped
        )
        words = (
            f"Whoever helps has seen {enough_s:.0f} seconds on the {leg} leg, eyes open"
        )
        if needed and st.checkbox(words, key=f"helper-saw-{leg}"):
            here.learn_hold(leg, enough_s)
            said = True
    return said


def _guided(here: SessionState) -> None:
    import streamlit as st

    view = here.live.view
    over = view is not None and view.phase is Phase.FINISHED
    if over and not here.answered:
        protocol_outcome.ask_unseen(here)
    protocol_outcome.progress(here)
    if st.button("Choose another test"):
        here.leave_camera()
        st.rerun()
