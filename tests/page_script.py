"""A page of the app alone, as Streamlit's tests run it."""

OTHERS = ("test", "analyse", "result", "how")


def page_script(page: str, others: tuple[str, ...] = OTHERS) -> str:
    """Return the script that shows a page; ``others`` can be gone to and are empty."""
    return f"""
import streamlit as st
from balance.app import {page}
from balance.app.state import visit
here = visit(st.session_state)
here.pages = {{n: st.Page(lambda: None, url_path=n, title=n) for n in {others!r}}}
page = st.Page({page}.show, url_path="x", title="x")
st.navigation([page, *here.pages.values()]).run()
"""
