"""Who is tested: asked before anything else, shown on every page."""

from datetime import date

from balance.app import look
from balance.app.state import SessionState
from balance.model.errors import BalanceError
from balance.model.results import Person

ME = "me"


def is_known(here: SessionState) -> bool:
    """Ask who is tested; True once that is known."""
    if here.chosen:
        return True
    try:
        _ask(here)
    except BalanceError as error:
        import streamlit as st

        st.error(str(error))
    return False


def _ask(here: SessionState) -> None:
    import streamlit as st

    from balance.history.people import list_people
    from balance.history.store import open_store

    with open_store() as store:
        codes = [one.code for one in list_people(store) if one.consent_at]
    look.heading("Who is tested?", "Results stay on this computer.")
    # Whoever agreed before need not say so again.
    keep = st.checkbox("Keep my results", ME in codes, key="keep-me")
    if st.button("Just me", type="primary", key="just-me", width="stretch"):
        _choose(here, keep_me() if keep else "")
    codes = [code for code in codes if code != ME]
    if codes:
        code = st.selectbox("Somebody who is kept here", codes, None, key="who")
        pressed = st.button("This person", key="this-person", disabled=code is None)
        if pressed and code is not None:
            _choose(here, code)
    with st.expander("Somebody new"):
        _add(here)


def keep_me() -> str:
    """Return the code of whoever uses this computer alone, with their agreement."""
    from balance.history.consent import consent_text
    from balance.history.people import (
        PersonRecord,
        add_person,
        give_consent,
        list_people,
    )
    from balance.history.store import open_store

    with open_store() as store:
        known = {one.code: one for one in list_people(store)}
        if ME not in known:
            add_person(store, PersonRecord(ME))
        if ME not in known or not known[ME].consent_at:
            give_consent(store, ME, consent_text())
    return ME


def _add(here: SessionState) -> None:
    import streamlit as st

    from balance.history.consent import consent_text
    from balance.history.people import PersonRecord, add_person, give_consent
    from balance.history.store import open_store

    with st.form("new-person", border=False):
        code = st.text_input("Code", help="Letters, digits, - and _, as you like.")
        st.caption(consent_text().replace("\n", "  \n"))
        agreed = st.checkbox("The person has read this and agrees")
        sent = st.form_submit_button("Add and go on")
    if sent and not agreed:
        st.warning("Nothing is kept without the person's agreement.")
    elif sent:
        with open_store() as store:
            added = add_person(store, PersonRecord(code))
            give_consent(store, added.code, consent_text())
        _choose(here, added.code)


def _choose(here: SessionState, code: str) -> None:
    import streamlit as st

    begin_with(here, code)
    st.rerun()


def begin_with(here: SessionState, code: str) -> None:
    """Begin a visit with somebody, and recall what is known of them."""
    here.choose(code, person_of(code))
    learn_holds(here)


def learn_holds(here: SessionState) -> None:
    """Remember how long a person who is kept last stood with open eyes."""
    from balance.app.trainee import history_of

    if here.code:
        for side, leg in history_of(here.training, []).legs.items():
            if leg.now_s is not None:
                here.learn_hold(side, leg.now_s)


def person_of(code: str) -> Person:
    """Return what is known of somebody that a norm or a scale needs."""
    from balance.history.people import get_person
    from balance.history.store import open_store

    if not code:
        return Person()
    with open_store() as store:
        one = get_person(store, code)
    return Person(one.height_mm, one.age_on(date.today()), one.sex)


def show_who(here: SessionState) -> None:
    """Say whose visit this is, with the way to the next person."""
    import streamlit as st

    if not here.chosen:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", border=True, key="who-is-here"
    ):
        st.markdown(f"**{name_of(here)}**{_facts(here)}", width="stretch")
        if here.asked and st.button("Change the answers", key="change-answers"):
            here.asked, here.answers, here.agreed_by = False, {}, ""
            here.leave_camera()
            st.rerun()
        if st.button("Next person", key="next-person"):
            here.next_person()
            st.rerun()


def name_of(here: SessionState) -> str:
    """Return what the person is called on the page."""
    return f"Tested: {called(here.code)}"


def called(code: str) -> str:
    """Return what somebody of a code is called on the page."""
    return "you" if code in ("", ME) else code


def title_of(code: str) -> str:
    """Return what somebody of a code is called at the head of a page."""
    return "You" if code in ("", ME) else look.plain(code)


def note_facts(here: SessionState) -> None:
    """Keep age and height of somebody who is kept, where they were not known."""
    from balance.history.people import edit_person, get_person
    from balance.history.store import open_store

    if not here.code:
        return
    with open_store() as store:
        one, told = get_person(store, here.code), here.person
        facts: dict[str, float | int] = {}
        if one.birth_year is None and told.age_years is not None:
            facts["birth_year"] = date.today().year - round(told.age_years)
        if one.height_mm is None and told.height_mm is not None:
            facts["height_mm"] = told.height_mm
        if facts:
            edit_person(store, here.code, facts)


def _facts(here: SessionState) -> str:
    one = here.person
    told = [
        f"{one.age_years:.0f} years" if one.age_years else "",
        f"{one.height_mm / 10:.0f} cm" if one.height_mm else "",
        f"agreed by {here.agreed_by}" if here.agreed_by else "",
    ]
    return "".join(f" · {part}" for part in told if part)
