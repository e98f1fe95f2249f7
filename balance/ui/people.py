"""Page: people, their visits, and whether a change is real or luck."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from balance.errors import BalanceError
from balance.ui import look
from balance.ui.state import Visit, visit

if TYPE_CHECKING:
    from balance.history.store import Store

CONSENT = (
    "I agree that my results are kept on this computer under my code. "
    "I may have them deleted at any time."
)


def show() -> None:
    """Choose a person, keep a result for them, see how they do over time."""
    import streamlit as st

    here = visit(st.session_state)
    look.heading(
        "People and visits",
        "Results are kept on this computer only, under a code instead of a name.",
    )
    try:
        from balance.history.store import open_store

        with open_store() as store:
            _page(here, store)
    except BalanceError as error:
        st.error(str(error))


def _page(here: Visit, store: "Store") -> None:
    import streamlit as st

    from balance.history.pages import people_page

    lines = people_page(store)
    with st.expander("Add a person", expanded=not lines):
        _add(store)
    if not lines:
        return
    codes = {line.person.code: line for line in lines}
    code = st.selectbox(
        "Person",
        list(codes),
        format_func=lambda c: (
            f"{c} – {codes[c].visits} visit(s)"
            + (f", last on {codes[c].last_visit}" if codes[c].last_visit else "")
        ),
        key="person",
    )
    if code:
        _keep(here, store, code)
        _trends(store, code)


def _add(store: "Store") -> None:
    import streamlit as st

    from balance.history.people import PersonRecord, add_person, give_consent

    with st.form("add", border=False, clear_on_submit=True):
        code = st.text_input("Code", help="Letters, digits, - and _, as you like.")
        year = st.number_input(
            "Year of birth (if you like)", 1890, datetime.now(UTC).year, None
        )
        height = st.number_input("Height in cm (if you like)", 50, 250, None)
        agreed = st.checkbox(CONSENT)
        sent = st.form_submit_button("Add", type="primary")
    if not sent:
        return
    if not agreed:
        st.warning("Nothing is kept without the person's agreement.")
        return
    height_mm = None if height is None else 10.0 * height
    add_person(store, PersonRecord(code, birth_year=year, height_mm=height_mm))
    give_consent(store, code, CONSENT)
    st.rerun()


def _keep(here: Visit, store: "Store", code: str) -> None:
    """Offer to keep the result that was looked at last."""
    import streamlit as st

    from balance.history.recordings import save_recording
    from balance.ui.result import read_shown

    if not here.shown:
        st.caption("Open a result first; then it can be kept here.")
        return
    shown = [read_shown(folder) for folder in here.shown]
    names = ", ".join(dict.fromkeys(one.assessment.source.name for one in shown))
    if st.button(f"Keep the result of {names} for {code}", type="primary"):
        for one in shown:
            save_recording(store, code, one.assessment, one.recording, on=date.today())
        st.success("Kept. No picture was kept, only numbers and landmarks.")


def _trends(store: "Store", code: str) -> None:
    import streamlit as st

    from balance.history.pages import person_page
    from balance.reporting.trend_chart import trend_chart
    from balance.reporting.visit_report import question_title
    from balance.trends.trend import describe

    page = person_page(store, code)
    dark = st.context.theme.type == "dark"
    if not page.trends:
        st.caption("No visit yet.")
    for question, trend in page.trends.items():
        st.subheader(question_title(question), anchor=False)
        st.markdown(describe(trend))
        chart = trend_chart(trend, question.side, dark)
        if chart is not None:
            st.altair_chart(chart, width="stretch")
