"""A block under way, and what is asked at its end."""

from balance.app import look
from balance.app.state import SessionState
from balance.app.trainee import SIGNS, keep_block, report_of
from balance.live import Phase
from balance.live.training.guided_block import GuidedBlock
from balance.live.training.session import SessionStep, block_performed
from balance.reference.loader import load_handbook

AFTER_SIGNS = ("sharp_pain", "irritation", "near_fall")


def show_block(here: SessionState) -> None:
    """Show how far the block is; at its end ask how it went."""
    import streamlit as st

    block = here.live.block
    if block is None:
        here.leave_camera()
        st.rerun()
        return
    if block.phase is Phase.FINISHED:
        _ask_after(here, block)
    else:
        look.rows("This block", _rows(block))
    if st.button("Leave without keeping this block"):
        _leave(here)


def offer_to_go_on(here: SessionState) -> None:
    """Offer the block that a reload, another page or a closed browser interrupted."""
    import streamlit as st

    begun = here.training.under_way
    if begun is None:
        return
    done, of = begun.sets
    st.info(f"**Your block is not finished.** You did {done} of {of} sets.")
    with st.container(horizontal=True):
        if done < of and st.button("Go on with it", type="primary"):
            here.live.start(lambda: begun.go_on(here.emergency))
            here.go_to_camera("training")
            st.rerun()
        if done and st.button("Tell how it went"):
            here.live.start(lambda: begun.end(here.emergency))
            here.go_to_camera("training")
            st.rerun()
        if st.button("Leave it without keeping"):
            _leave(here)


def _leave(here: SessionState) -> None:
    import streamlit as st

    here.training.under_way, here.live.controller = None, None
    here.leave_camera()
    here.remember()
    st.rerun()


def _rows(block: GuidedBlock) -> list[tuple[str, str, str]]:
    """One line for each exercise: done or not, and what was seen of it."""
    rows = []
    for step in _exercises(block):
        mine = [r for r in block.results if r.step.exercise is step.exercise]
        asked = sum(
            one.exercise is step.exercise and one.kind == "work" for one in block.steps
        )
        counts = [str(r.counted) for r in mine if r.counted]
        holds = [f"{r.held_s:.0f} s" for r in mine if r.held_s]
        sign = "✓" if sum(result.whole for result in mine) >= asked else "○"
        rows.append((sign, step.exercise.title, ", ".join(counts or holds)))
    return rows


def _exercises(block: GuidedBlock) -> list[SessionStep]:
    return [step for step in block.steps if step.kind == "change"]


def _ask_after(here: SessionState, block: GuidedBlock) -> None:
    """Ask what the camera did not see, fatigue and pain; then keep the block."""
    import streamlit as st

    look.rows("This block", _rows(block))
    seen = {r.step.exercise.code for r in block.results if r.was_seen}
    # Only what was done counts: a set that was left early is not asked for.
    whole = {r.step.exercise.code for r in block.results if r.whole}
    titles = {
        step.exercise.code: step.exercise.title
        for step in _exercises(block)
        if step.exercise.code in whole - seen
    }
    with st.form("after"):
        st.markdown("**How did it go?**")
        told = st.multiselect(
            "What the camera did not follow: which did you do in full, and cleanly?",
            list(titles),
            format_func=titles.__getitem__,
        )
        fatigue = st.slider("How tired are your feet? 0 not at all to 10", 0, 10, 0)
        pain = st.slider("How much do they hurt? 0 not at all to 10", 0, 10, 0)
        signs = st.multiselect(
            "Was there any of these?",
            AFTER_SIGNS,
            ["near_fall"] if block.nearly_fell else [],
            format_func=SIGNS.__getitem__,
        )
        sent = st.form_submit_button("Keep this block", type="primary")
    if sent:
        target_hold_s = load_handbook().rules.numbers["target_hold_s"]
        done = block_performed(block.steps, block.results, told, target_hold_s)
        minutes = block.trained_s / 60
        keep_block(here.training, report_of(minutes, fatigue, pain, signs, done))
        who = f"for {here.training.code}" if here.training.code else "for this visit"
        here.training.kept = f"Kept {who}. The plan below takes it into account."
        here.live.controller = None
        here.leave_camera()
        here.remember()
        st.rerun()
