"""Who may come in: anyone at this computer; from elsewhere only after a login.

Videos, live decisions and clips have routes of their own; each asks for a secret that
only a page behind this gate was given.
"""

import os

# Set by ``balance app --allow-remote``, read by the pages of the same process.
REMOTE = "BALANCE_ALLOW_REMOTE"
THIS_COMPUTER = ("localhost", "127.0.0.1", "::1")


def is_open() -> bool:
    """Ask for the login where the app can be reached from other computers."""
    import streamlit as st

    if not _can_be_reached() or getattr(st.user, "is_logged_in", False):
        return True
    st.title("Please log in", anchor=False)
    st.write(
        "This app can be reached from other computers, so it asks who you are before "
        "it shows anything. A camera works only over **https**: the address above "
        "must begin with https:// (or be localhost)."
    )
    if hasattr(st.user, "is_logged_in"):
        st.button("Log in", on_click=st.login, type="primary")
    else:
        st.error(
            "Nobody has described a login for this app. Start it with "
            "`balance app --allow-remote`, which says what is missing, or with "
            "`balance app`, which other computers cannot reach."
        )
    return False


def _can_be_reached() -> bool:
    """Whether other computers were let in, by us or by an option of Streamlit's."""
    import streamlit as st

    address = st.get_option("server.address")
    return bool(os.environ.get(REMOTE)) or address not in THIS_COMPUTER
