"""To whom a result belongs: saved for whoever was chosen, else to be assigned."""

from balance.app.measuring import save_for_person
from balance.app.state import Offer, SessionState


def show_keeping(here: SessionState, offer: Offer) -> None:
    """Say for whom it is saved; what is not assigned can be, or be deleted."""
    import streamlit as st

    saved = {job.person for job in offer.jobs if job.saved}
    if saved:
        st.markdown(f"✓ **Saved** for {', '.join(sorted(saved))}.")
        return
    troubles = [job.sentence for job in offer.jobs if job.sentence]
    for trouble in troubles:
        st.warning(trouble)
    with st.expander("Not assigned to a person. It stays here until you delete it."):
        _assign(here, offer)


def _assign(here: SessionState, offer: Offer) -> None:
    import streamlit as st

    from balance.history.people import list_people
    from balance.history.store import open_store

    if not offer.jobs:
        return
    key = offer.jobs[0].key
    with open_store() as store:
        codes = [one.code for one in list_people(store) if one.consent_at]
    if codes:
        code = st.selectbox("Whose result is it?", codes, None, key=f"whose-{key}")
        if st.button("Save", key=f"save-{key}", disabled=code is None):
            for job in offer.jobs:
                job.person, job.sentence = code or "", ""
                save_for_person(job)
                job.on_end(job)
            st.rerun()
    elif "people" in here.pages:
        st.page_link(here.pages["people"], label="Add a person first")
    sure = st.checkbox("Delete it, with its video", key=f"sure-{key}")
    if st.button("Delete", key=f"delete-{key}", disabled=not sure):
        for job in offer.jobs:
            here.tray.delete(job)
        here.shown = ()
        st.query_params.clear()
        st.rerun()
