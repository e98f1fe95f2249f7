"""One exercise of a plan on the screen: drawing, dose, cue, why, and where from."""

from html import escape

from balance.app.drawings import drawing
from balance.live.training.training import Item
from balance.reference.loader import load_exercises


def show_item(item: Item) -> None:
    """Show an exercise of a block."""
    import streamlit as st

    exercise = item.exercise
    with st.container(border=True):
        st.html(
            f'<div class="exercise">{drawing(exercise)}<div>'
            f"<h2>{escape(exercise.title)}</h2>"
            f"<p><b>{escape(item.dose.text())}{escape(legs_of(item))}</b></p>"
            f"<p>{escape(exercise.cue)}</p>"
            + "".join(f"<p>⚠ {escape(one)}</p>" for one in exercise.cautions)
            + f'<p class="why">{escape(item.reason.text)}</p></div></div>'
        )
        with st.expander("How it is done, faults, easier and harder, sources"):
            _details(item)


def legs_of(item: Item) -> str:
    """Say on which legs an exercise is done; nothing where on both at once."""
    if item.legs == ("both",):
        return ""
    return ", each leg" if len(item.legs) == 2 else f", {item.legs[0]} leg"


def _details(item: Item) -> None:
    import streamlit as st

    exercise, library = item.exercise, load_exercises()
    st.markdown(exercise.purpose)
    st.markdown("\n".join(f"{n}. {s}" for n, s in enumerate(exercise.steps, start=1)))
    st.markdown(f"**Common faults:** {'; '.join(exercise.faults)}.")
    for words, code in (("Easier", exercise.easier), ("Harder", exercise.harder)):
        if code is not None:
            st.markdown(f"**{words}:** {library[code].title}")
    if exercise.equipment:
        st.markdown(f"**You need:** {', '.join(exercise.equipment)}")
    watched = {"yes": "yes", "partly": "in part", "no": "no"}[exercise.camera]
    st.markdown(f"**Can the camera follow?** {watched}")
    st.caption(f"Why it was chosen: {item.reason.source}")
    st.caption(f"How much: {item.dose.source}")
    st.caption(f"Exercise: {exercise.source} ({exercise.evidence})")
