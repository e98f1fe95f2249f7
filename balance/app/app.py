"""The app's front door: the pages and how to get from one to another.

Streamlit runs this file for every visit; the server takes its routes from here, too.
"""

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.middleware import Middleware
    from starlette.routing import BaseRoute

SCRIPT = Path(__file__)


def routes() -> "list[BaseRoute]":
    """Return what the server answers beside the pages."""
    from balance.app.following import following_routes
    from balance.app.videos import video_routes
    from balance.app.webcam.routes import webcam_routes

    return [*video_routes(), *following_routes(), *webcam_routes()]


def middleware() -> "list[Middleware]":
    """Return what every request passes first."""
    from starlette.middleware import Middleware

    from balance.app.guard import Guard
    from balance.app.slow_senders import end_slow_heads
    from balance.app.uploads import ToDisk

    end_slow_heads()  # those come before any middleware
    return [Middleware(Guard), Middleware(ToDisk)]


def on_script_error(error: Exception) -> bool:
    """Say what stopped a page in one sentence; what was not foreseen is logged."""
    import streamlit as st

    from balance.app.look import plain
    from balance.model.errors import BalanceError
    from balance.model.fault_log import explain_fault

    known = isinstance(error, BalanceError)
    st.error(plain(str(error) if known else explain_fault(error)))
    return True


@asynccontextmanager
async def lifespan(_app: object) -> "AsyncIterator[None]":
    """Delete what belongs to pages that are closed; results stay."""
    import asyncio

    from balance.app.closing import close_behind_tabs
    from balance.app.places import arriving_folder
    from balance.app.uploads import UPLOADS
    from balance.app.webcam.live_session import LIVE_SESSIONS
    from balance.model.publish import sweep

    sweep(arriving_folder())  # videos that a killed server could not delete
    closing = asyncio.create_task(close_behind_tabs())
    yield
    closing.cancel()
    LIVE_SESSIONS.close_all()
    UPLOADS.drop_all()


def main() -> None:
    """Show the page that was asked for."""
    import streamlit as st

    from balance.app import (
        analyse,
        gate,
        how_it_works,
        look,
        people,
        person,
        person_visit,
        protocols,
        result,
        start,
        test_me,
        training,
    )
    from balance.app.following import follow
    from balance.app.state import visit

    look.dress()
    if not gate.is_open():
        return
    # Every page's function is called show, so each needs an address of its own.
    pages = {
        "start": st.Page(start.show, title="Start", url_path="start", default=True),
        "test": st.Page(test_me.show, title="Test me", url_path="test"),
        "protocols": st.Page(protocols.show, title="Named tests", url_path="protocols"),
        "training": st.Page(training.show, title="Training", url_path="training"),
        "analyse": st.Page(analyse.show, title="Measure a video", url_path="analyse"),
        "result": st.Page(result.show, title="Result", url_path="result"),
        "people": st.Page(people.show, title="People", url_path="people"),
        "person": st.Page(
            person.show, title="Person", url_path="person", visibility="hidden"
        ),
        "visit": st.Page(
            person_visit.show, title="Visit", url_path="visit", visibility="hidden"
        ),
        "how": st.Page(how_it_works.show, title="How it works", url_path="how"),
    }
    here = visit(st.session_state)
    here.pages = pages
    page = st.navigation(list(pages.values()), position="top")
    # Named once for all pages: what the browser shows on its tab.
    st.set_page_config(page_title=f"{page.title} · balance")
    follow(here.live, here.own_jobs())
    page.run()
    here.remember()
    look.tabs(pages)


if __name__ == "__main__":
    main()
