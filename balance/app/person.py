"""Page: one person over months – real change or luck, visits, how they felt."""

from datetime import date
from typing import TYPE_CHECKING

from balance.app import look
from balance.app.look import CHART_PX
from balance.app.people import ask_facts, visits_in_words
from balance.app.person_files import offer_files
from balance.app.state import SessionState, visit
from balance.app.who import begin_with, title_of
from balance.model.errors import BalanceError
from balance.reporting.words.wording import counted_of

if TYPE_CHECKING:
    from balance.history.pages import PersonPage
    from balance.history.self_reports import SelfReport
    from balance.history.store import Store

# Earlier visits are folded away.
NEWEST = 8


def show() -> None:
    """Show the person whose code stands in the address."""
    import streamlit as st

    from balance.history.pages import person_page
    from balance.history.store import open_store

    here = visit(st.session_state)
    code = st.query_params.get("person")
    if not code:
        look.heading("Person", "Nobody has been chosen yet.")
        st.page_link(here.pages["people"], label="Choose somebody")
        return
    try:
        with open_store() as store:
            _page(here, store, person_page(store, code))
    except BalanceError as error:
        st.error(look.plain(error))
        st.page_link(here.pages["people"], label="All people")


def _page(here: SessionState, store: "Store", page: "PersonPage") -> None:
    import streamlit as st

    code, days = page.person.code, page.visit_days
    st.page_link(here.pages["people"], label="← All people")
    look.heading(title_of(code), _about(page))
    _test_now(here, code)
    _keep(here, store, code)
    _trends(page)
    _visits(here, page)
    _felt(store, page)
    offer_files(code)
    with st.expander("What is known of this person"):
        _edit(store, page)
    with st.expander("Delete this person"):
        _forget(here, store, code, len(days))


def _test_now(here: SessionState, code: str) -> None:
    """Begin a visit with this person: everything is asked anew."""
    import streamlit as st

    with st.container(horizontal=True):
        for page, label in (("test", "Test now"), ("protocols", "A named test")):
            if page in here.pages and st.button(label, key=f"now-{page}"):
                begin_with(here, code)
                st.switch_page(here.pages[page])


def _about(page: "PersonPage") -> str:
    one, days = page.person, page.visit_days
    said = [
        look.plain(one.name or ""),
        f"born {one.birth_year}" if one.birth_year else "",
        f"{one.height_mm / 10:.0f} cm" if one.height_mm else "",
        f"{one.injured_side} leg injured" if one.injured_side else "",
        visits_in_words(len(days), days[-1] if days else None),
    ]
    return ", ".join(part for part in said if part) + "."


def _keep(here: SessionState, store: "Store", code: str) -> None:
    """Offer to keep the result that was looked at last."""
    import streamlit as st

    from balance.app.result import read_shown
    from balance.history.recordings import save_recording

    if not here.shown:
        st.caption("To keep a result here, open it first; then come back.")
        return
    shown = [read_shown(folder) for folder in here.shown]
    names = ", ".join(dict.fromkeys(one.assessment.source.name for one in shown))
    with st.container(border=True):
        on = st.date_input("Day of the test", "today", max_value="today")
        if st.button(f"Keep the result of {look.plain(names)}", type="primary"):
            for one in shown:
                save_recording(store, code, one.assessment, one.recording, on=on)
            here.kept = "Kept. No image was kept, only numbers and landmarks."
            st.rerun()
    if here.kept:
        st.success(here.kept)
        here.kept = ""


def _trends(page: "PersonPage") -> None:
    import streamlit as st

    from balance.reporting.charts.trend_chart import trend_chart
    from balance.reporting.pages.visit_report import how_done, question_title
    from balance.reporting.words.measure_words import measure_words

    dark = st.context.theme.type == "dark"
    if page.trends:
        st.header("Real change, or luck?", anchor=False)
    for question, trend in page.trends.items():
        st.subheader(question_title(question), anchor=False)
        st.markdown(trend.text)
        chart = trend_chart(trend, question.side, dark)
        if chart is not None:
            st.altair_chart(chart, width="stretch", height=CHART_PX)
        st.caption(f"Test: {how_done(question)}.")
    if page.sides:
        st.subheader("Left against right, over all visits", anchor=False)
    for question, difference in page.sides.items():
        st.markdown(f"**{measure_words(question.measure)[0]}.** {difference.text}")


def _visits(here: SessionState, page: "PersonPage") -> None:
    import streamlit as st

    st.header("Visits", anchor=False)
    newest = page.visit_days[::-1]
    if not newest:
        st.markdown("No visit yet.")
    for day in newest[:NEWEST]:
        _link(here, page.person.code, day)
    if newest[NEWEST:]:
        with st.expander(f"{len(newest) - NEWEST} earlier visits"):
            for day in newest[NEWEST:]:
                _link(here, page.person.code, day)


def _link(here: SessionState, code: str, day: date) -> None:
    import streamlit as st

    st.page_link(
        here.pages["visit"],
        label=look.day_in_words(day),
        icon=":material/event:",
        query_params={"person": code, "on": day.isoformat()},
    )


def _felt(store: "Store", page: "PersonPage") -> None:
    """Show what was said of single days, and ask for today."""
    import streamlit as st

    from balance.history.self_reports import SelfReport, add_self_report

    st.header("How it felt", anchor=False)
    if page.self_reports:
        st.table([_row(told) for told in page.self_reports[-NEWEST:][::-1]])
    with (
        st.expander("Write down how a day was"),
        st.form("felt", border=False, clear_on_submit=True),
    ):
        on = st.date_input("Day", "today", max_value="today")
        left, middle, right = st.columns(3)
        fatigue = left.number_input("Fatigue, 0 to 10", 0, 10, None)
        pain = middle.number_input("Pain, 0 to 10", 0, 10, None)
        minutes = right.number_input("Training in minutes", 0, 1440, None)
        notes = st.text_input("In your own words")
        if st.form_submit_button("Write it down"):
            told = SelfReport(on, fatigue, pain, minutes, notes)
            add_self_report(store, page.person.code, told)
            st.rerun()


def _row(told: "SelfReport") -> dict[str, str]:
    return {
        "Day": told.on.isoformat(),
        "Fatigue": look.number_or_dash(told.fatigue),
        "Pain": look.number_or_dash(told.pain),
        "Training, minutes": look.number_or_dash(told.training_minutes),
        "Notes": look.plain(told.notes),
    }


def _edit(store: "Store", page: "PersonPage") -> None:
    import streamlit as st

    from balance.history.people import edit_person, give_consent, withdraw_consent

    one = page.person
    with st.form("edit", border=False):
        facts = ask_facts(one)
        sent = st.form_submit_button("Change it")
    if sent:
        edit_person(store, one.code, facts)
        st.rerun()
    if one.consent_at:
        st.caption(f"Agreed to being kept at {one.consent_at}.")
        if st.button("The person no longer agrees"):
            withdraw_consent(store, one.code)
            st.rerun()
    else:
        from balance.history.consent import consent_text

        st.caption(consent_text().replace("\n", "  \n"))
        if st.button("The person has read this and agrees"):
            give_consent(store, one.code, consent_text())
            st.rerun()


def _forget(here: SessionState, store: "Store", code: str, visits: int) -> None:
    import streamlit as st

    from balance.history.deletion import forget_person

    st.markdown(
        f"Everything about **{code}** is deleted for good, "
        f"{counted_of(visits, 'visit')} too. Backups made earlier still hold it."
    )
    typed = st.text_input("Write the code to be sure", key=f"forget-{code}")
    if st.button("Delete", disabled=typed != code):
        forget_person(store, code)
        st.switch_page(here.pages["people"])
