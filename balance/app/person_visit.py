"""Page: one visit of a person – what was measured that day, corrected if need be."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from balance.app import look
from balance.app.one_trial import Result, show_trial
from balance.app.person_files import offer_visit_files
from balance.app.result import show_cards, show_compared, show_findings
from balance.app.state import SessionState, visit
from balance.app.who import title_of
from balance.model.errors import BalanceError, InputError
from balance.reporting.words.wording import counted_of

if TYPE_CHECKING:
    from balance.analysis.judging.overruling import Rescore
    from balance.history.pages import VisitPage
    from balance.history.recordings import StoredRecording
    from balance.history.store import Store
    from balance.model.corrections import Correction


def show() -> None:
    """Show the visit whose person and day stand in the address."""
    import streamlit as st

    from balance.history.pages import person_page, visit_page
    from balance.history.store import open_store

    here = visit(st.session_state)
    code, day = (st.query_params.get(name, "") for name in ("person", "on"))
    try:
        on = _day(day)
        with open_store() as store:
            days = person_page(store, code).visit_days
            if on not in days:
                raise InputError(f"{code} has no visit on {on}")
            others = [one for one in days if one != on]
            _page(here, store, visit_page(store, code, on), others)
    except BalanceError as error:
        st.error(look.plain(error))
        st.page_link(here.pages["people"], label="All people")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("no visit has been chosen") from error


def _page(
    here: SessionState, store: "Store", page: "VisitPage", others: list[date]
) -> None:
    import streamlit as st

    code = page.person.code
    back = f"← {title_of(code)}"
    st.page_link(here.pages["person"], label=back, query_params={"person": code})
    assessments = [kept.assessment for kept in page.recordings]
    number = len(assessments)
    look.heading(
        look.day_in_words(page.on),
        f"{title_of(code)}: {counted_of(number, 'video')} measured.",
    )
    show_cards(assessments)
    said = show_compared(assessments)
    _change(page)
    show_findings(assessments, said)
    st.header("One trial after the other", anchor=False)
    for kept in page.recordings:
        _recording(here, store, kept)
    offer_visit_files(code, page.on, others)


def _change(page: "VisitPage") -> None:
    import streamlit as st

    from balance.reporting.pages.visit_report import question_title
    from balance.reporting.words.measure_words import measure_words

    if page.trends:
        st.subheader("Real change, or luck? As it stood on that day", anchor=False)
    for question, trend in page.trends.items():
        st.markdown(f"**{question_title(question)}.** {trend.text}")
    for question, difference in page.sides.items():
        name = measure_words(question.measure)[0]
        st.markdown(f"**Left against right, {name.lower()}.** {difference.text}")


def _recording(here: SessionState, store: "Store", kept: "StoredRecording") -> None:
    """Show one video's tries, one at a time, and let its result be deleted."""
    import streamlit as st

    from balance.history.deletion import forget_recording
    from balance.history.overrules import is_corrected
    from balance.reporting.words.wording import trial_title

    st.caption(f"Video: {look.plain(kept.assessment.source.name)}")
    trials = kept.assessment.trials
    position = 1
    if len(trials) > 1:
        position = st.selectbox(
            "Try",
            range(1, len(trials) + 1),
            format_func=lambda n: f"{n}. {trial_title(trials[n - 1])}",
            key=f"try-{kept.key}",
        )
    if trials:
        undo = partial(_undo, kept.key) if is_corrected(store, kept.key) else None
        correct = partial(_correct, kept.key)
        show_trial(Result(kept.key, kept.assessment, {}, correct, undo), position)
    with st.expander("Delete this video's result"):
        st.markdown("It is deleted for good. Backups made earlier still hold it.")
        if st.button("Delete it", key=f"forget-{kept.key}"):
            forget_recording(store, kept.key)
            st.switch_page(
                here.pages["person"], query_params={"person": kept.person_code}
            )


def _correct(key: str, correction: "Correction") -> None:
    from balance.history.overrules import overrule_stored
    from balance.history.store import open_store

    with open_store() as store:
        overrule_stored(store, key, correction, _rescore(store, key))


def _undo(key: str) -> None:
    from balance.history.overrules import undo_stored
    from balance.history.store import open_store

    with open_store() as store:
        undo_stored(store, key, _rescore(store, key))


def _rescore(store: "Store", key: str) -> "Rescore":
    """Return what makes a trial anew, from the recording where it was kept."""
    from balance.analysis.judging.overruling import rescore_by
    from balance.analysis.remeasuring import remeasure_by
    from balance.history.recordings import load_landmarks, load_recording
    from balance.reference.loader import load_protocol
    from balance.reference.standards import load_standards

    recording = load_landmarks(store, key)
    if recording is None:
        return rescore_by(load_standards())
    protocol = load_protocol(load_recording(store, key).assessment.protocol)
    return remeasure_by(recording, protocol, load_standards())
