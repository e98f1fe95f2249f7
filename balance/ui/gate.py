"""Who may come in: anyone at this computer; from elsewhere only after a login."""

import os

# Set by ``balance app --allow-remote``, read by the pages of the same process.
REMOTE = "BALANCE_ALLOW_REMOTE"


def is_open() -> bool:
    """Ask for the login where the app is open to other computers."""
    import streamlit as st

    if not os.environ.get(REMOTE) or st.user.is_logged_in:
        return True
    st.title("Please log in")
    st.write(
        "This app can be reached from other computers, so it asks who you are before "
        "it shows anything. A camera works only over **https**: the address above "
        "must begin with https:// (or be localhost)."
    )
    st.button("Log in", on_click=st.login, type="primary")
    return False
