"""To whom a result belongs: saved for whoever was chosen, else to be assigned."""

from contextlib import suppress

from balance.app.measuring import Job, save_for_person
from balance.app.state import Offer, SessionState
from balance.app.who import ME, called, keep_me, note_facts

PROMISE = (
    "Saving means: you agree that your numbers are kept on this computer, so that next "
    "time you see what has changed. Delete them whenever you like, on the page People."
)


def show_keeping(here: SessionState, offer: Offer) -> None:
    """Say for whom it is saved; what is not assigned can be, or be deleted."""
    import streamlit as st

    saved = {called(job.person) for job in offer.jobs if job.saved}
    if saved:
        st.markdown(f"✓ **Saved** for {', '.join(sorted(saved))}.")
        with st.expander("Saved for the wrong person?", key="wrong-person"):
            _assign(here, offer)
        return
    for job in offer.jobs:
        if job.sentence:
            st.warning(job.sentence)
    if not offer.jobs:
        return
    other = "Not saved for anybody yet. It stays here until you delete it."
    if here.chosen and here.code in ("", ME) and any(map(here.is_own, offer.jobs)):
        other = "Save it for somebody else, or delete it"
        if st.button("Save for me", key="save-for-me", type="primary"):
            _save_for_me(here, offer)
            st.rerun()
        st.caption(PROMISE)
    with st.expander(other, key="not-saved"):
        _assign(here, offer)


def _save_for_me(here: SessionState, offer: Offer) -> None:
    """Save it, with all that was measured at this visit and what is to come."""
    here.code = here.training.code = keep_me()
    note_facts(here)
    for job in {job.key: job for job in (*offer.jobs, *here.own_jobs())}.values():
        if not job.person:
            _save(job, here.code)


def _save(job: Job, code: str) -> None:
    """Save a result for somebody; whoever had it before has it no longer."""
    _forget(job)
    job.person, job.sentence = code, ""
    if job.state == "done" and job.folder is not None:
        save_for_person(job)
    job.on_end(job)


def _forget(job: Job) -> None:
    from balance.history.deletion import forget_recording
    from balance.history.store import open_store
    from balance.model.errors import StoreError

    # It may have been deleted on its person's page meanwhile.
    with suppress(StoreError), open_store() as store:
        if job.saved:
            forget_recording(store, job.saved)
    job.saved = ""


def _assign(here: SessionState, offer: Offer) -> None:
    import streamlit as st

    from balance.history.people import list_people
    from balance.history.store import open_store

    key = offer.jobs[0].key
    with open_store() as store:
        codes = [one.code for one in list_people(store) if one.consent_at]
    if codes:
        code = st.selectbox(
            "Whose result is it?", codes, None, format_func=called, key=f"whose-{key}"
        )
        if st.button("Save", key=f"save-{key}", disabled=code is None):
            for job in offer.jobs:
                _save(job, code or "")
            st.rerun()
    elif "people" in here.pages:
        st.page_link(here.pages["people"], label="Add a person first")
    sure = st.checkbox("Delete it, with its video", key=f"sure-{key}")
    if st.button("Delete", key=f"delete-{key}", disabled=not sure):
        for job in offer.jobs:
            _forget(job)
            here.tray.delete(job)
        here.shown = ()
        st.query_params.clear()
        st.rerun()
