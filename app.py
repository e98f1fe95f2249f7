"""Start the app: `balance app`, or `streamlit run app.py`."""

import streamlit as st

from balance.app.app import SCRIPT, lifespan, middleware, on_script_error, routes

# Streamlit reads this file's text to find an `st.App`; an import would not be seen.
app = st.App(
    SCRIPT,
    routes=routes(),
    lifespan=lifespan,
    middleware=middleware(),
    on_script_error=on_script_error,
)
