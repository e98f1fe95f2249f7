"""Page: what this is, in one sentence and one drawing, and the three doors."""

from balance.app import look
from balance.app.state import SessionState, visit
from balance.app.who import ME, begin_with
from balance.reporting.words.wording import counted_of

SENTENCE = "An ordinary camera measures how steadily you stand on one leg."
# What somebody needs, in the order in which it is fetched.
NEEDS = "You need 3 metres, a chair, about 10 minutes."
DOORS = (
    ("test", "Test myself", "By voice, hands free."),
    ("analyse", "Measure a video", "Recorded before, from the front."),
    ("people", "A patient", "By a code; results over time."),
)
ALT = "A person stands on one leg, 3 metres before a camera; a chair is in reach."
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 248">
<g fill="none" stroke="INK" stroke-width="3" stroke-linecap="round">
<path d="M20 205H700" opacity=".35"/>
<path d="M98 205V150M84 205l14-20 14 20"/>
<rect x="76" y="122" width="44" height="28" rx="6"/>
<circle cx="98" cy="136" r="7"/>
<path d="M132 132L470 62M132 142L470 205" opacity=".35" stroke-dasharray="3 9"/>
<g stroke-width="7" stroke="BODY"><circle cx="520" cy="52" r="17"/>
<path d="M520 71V132M520 86l-34 26 30 6M520 86l34 26-30 6"/>
<path d="M520 132l-8 72M520 132l20 30-14 32"/></g>
<path d="M600 205V122h0M600 160h44v45M600 160v45"/>
<path d="M132 222H470M132 217v10M470 217v10" opacity=".6"/></g>
<text x="301" y="246" text-anchor="middle" fill="INK" font-size="23"
 font-family="sans-serif">3 m</text></svg>
"""


def show() -> None:
    """Show the way in."""
    import streamlit as st

    here = visit(st.session_state)
    look.heading("balance", SENTENCE)
    _go_on(here)
    look.drawn(DRAWING, ALT, "hero")
    with st.container(key="doors"):
        for column, (page, door, told) in zip(st.columns(3), DOORS, strict=True):
            with column:
                if st.button(
                    door, key=f"door-{page}", type="primary", help=told, width="stretch"
                ):
                    st.switch_page(here.pages[page])
    st.markdown(NEEDS)


def _go_on(here: SessionState) -> None:
    """Whoever was here before finds their results and their training."""
    import streamlit as st

    from balance.history.pages import people_page
    from balance.history.store import open_store

    unsaved = [j for j in here.jobs if j.folder is not None and not j.person]
    with open_store() as store:
        mine = [line for line in people_page(store) if line.person.code == ME]
    last = mine[0].last_visit if mine else None
    if last is None and not unsaved:
        return
    with st.container(key="go-on", horizontal=True, vertical_alignment="center"):
        if last is not None:
            said = f"**Your last test: {look.day_in_words(last)}**"
            st.markdown(said, width="content")
            for page, label in (("person", "My results"), ("training", "My training")):
                if st.button(label, key=f"go-on-{page}"):
                    if here.code != ME:
                        begin_with(here, ME)
                    person = {"person": ME} if page == "person" else None
                    st.switch_page(here.pages[page], query_params=person)
        if unsaved:
            label = f"{counted_of(len(unsaved), 'result')} not saved yet"
            st.page_link(here.pages["result"], label=label)
