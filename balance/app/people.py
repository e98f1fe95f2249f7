"""Page: everybody who is kept, and how somebody new is added."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from balance.app import look
from balance.app.state import SessionState, visit
from balance.app.who import title_of
from balance.model.errors import BalanceError
from balance.reporting.words.wording import counted_of

if TYPE_CHECKING:
    from balance.history.pages import PersonLine
    from balance.history.people import PersonRecord
    from balance.history.store import Store

SEXES = {"f": "female", "m": "male"}
SIDES = ("left", "right")


def show() -> None:
    """List everybody; each line leads to a page of its own."""
    import streamlit as st

    here = visit(st.session_state)
    look.heading(
        "People and visits",
        "Results are kept on this computer only, under a code instead of a name.",
    )
    try:
        from balance.history.pages import people_page
        from balance.history.store import open_store

        with open_store() as store:
            lines = people_page(store)
            with st.expander("Add a person", expanded=not lines):
                _add(here, store)
    except BalanceError as error:
        st.error(look.plain(error))
        return
    _list(here, lines)


def _list(here: SessionState, lines: "Sequence[PersonLine]") -> None:
    import streamlit as st

    for line in lines:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.page_link(
                here.pages["person"],
                label=f"**{title_of(line.person.code)}**",
                query_params={"person": line.person.code},
                width="stretch",
            )
            said = [visits_in_words(line.visits, line.last_visit), _last_holds(line)]
            st.caption(" · ".join(filter(None, said)), width="content")


def visits_in_words(visits: int, last: date | None) -> str:
    """Return how many visits there were, and when the last one was."""
    if last is None:
        return "no visit yet"
    return f"{counted_of(visits, 'visit')}, the last on {look.day_in_words(last)}"


def _last_holds(line: "PersonLine") -> str:
    """Return the best seconds on each leg at the last visit, the left leg first."""
    return ", ".join(
        f"{side} leg {'≥ ' if censored else ''}{seconds:.1f} s"
        for side, (seconds, censored) in sorted(line.last_holds.items())
    )


def _add(here: SessionState, store: "Store") -> None:
    import streamlit as st

    from balance.history.consent import consent_text
    from balance.history.people import PersonRecord, add_person, give_consent

    with st.form("add", border=False):
        code = st.text_input("Code", help="Letters, digits, - and _, as you like.")
        facts = ask_facts(PersonRecord(code))
        st.caption(consent_text().replace("\n", "  \n"))
        agreed = st.checkbox("The person has read this and agrees")
        sent = st.form_submit_button("Add", type="primary")
    if not sent:
        return
    if not agreed:
        st.warning("Nothing is kept without the person's agreement.")
        return
    added = add_person(store, PersonRecord(code, **facts))
    give_consent(store, added.code, consent_text())
    st.switch_page(here.pages["person"], query_params={"person": added.code})


def ask_facts(known: "PersonRecord") -> dict[str, Any]:
    """Ask, within a form, for what may be known of a person; all of it optional."""
    import streamlit as st

    left, right = st.columns(2)
    year = left.number_input(
        "Year of birth (if you like)", 1890, datetime.now(UTC).year, known.birth_year
    )
    height_cm = None if known.height_mm is None else known.height_mm / 10
    height_cm = right.number_input(
        "Height in cm (if you like)", 50.0, 250.0, height_cm, 1.0, format="%.0f"
    )
    sexes = list(SEXES)
    sex = left.selectbox(
        "Sex, for norms that need it",
        sexes,
        sexes.index(known.sex) if known.sex else None,
        format_func=SEXES.__getitem__,
    )
    dominant = right.selectbox(
        "Leg to kick a ball with", SIDES, _place(known.dominant_side)
    )
    injured = left.selectbox(
        "Injured leg, if one is", SIDES, _place(known.injured_side)
    )
    name = right.text_input("Name; better left out", known.name or "")
    notes = st.text_area("Notes", known.notes)
    return {
        "birth_year": year,
        "height_mm": None if height_cm is None else 10.0 * height_cm,
        "sex": sex,
        "dominant_side": dominant,
        "injured_side": injured,
        "name": name or None,
        "notes": notes,
    }


def _place(side: str | None) -> int | None:
    return None if side is None else SIDES.index(side)
