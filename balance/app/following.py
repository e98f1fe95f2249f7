"""What the page on the browser asks once a second: how far the measuring is.

Streamlit's own repeated drawing takes presses away and leaves empty pages when one
changes to another page meanwhile; so nothing here is drawn anew but when a result has
come, and then the whole page once.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from balance.app.measuring import Job
from balance.app.webcam.component import load
from balance.app.webcam.live_session import LIVE_SESSIONS, LiveSession
from balance.app.webcam.routes import PREFIX, is_served

_mounted: Any = None


def following_routes() -> list[BaseRoute]:
    """Return the route that the follower asks."""
    return [Route(f"{PREFIX}/state", _state)]


def follow(session: LiveSession, jobs: Iterable[Job]) -> None:
    """Show how far the measuring is, and come anew when something has finished."""
    import streamlit as st

    global _mounted
    if not is_served():
        return
    if _mounted is None:
        _mounted = st.components.v2.component("balance_follow", js=load("follow.mjs"))
    data = {"sid": session.sid, "visit": session.visit, **news(session, jobs)}
    _mounted(data=data, key="follow", on_stamp_change=lambda: None)


def news(session: LiveSession, jobs: Iterable[Job]) -> dict[str, Any]:
    """Return what is being measured, and a stamp that changes with what is shown."""
    jobs = list(jobs)
    return {
        "stamp": _stamp(jobs, session),
        "jobs": [
            {
                "name": job.name,
                "doing": job.doing or "beginning",
                "waits": job.state == "waiting",
                "share": round(job.share, 2),
            }
            for job in jobs
            if job.is_open
        ],
    }


def _stamp(jobs: Iterable[Job], session: LiveSession) -> str:
    view = session.view
    block = session.block
    parts = [f"{job.key}:{job.is_open}" for job in jobs]
    if view is not None:
        parts += [str(len(view.done)), str(view.phase == "finished")]
    if block is not None:
        parts.append(str(len(block.results)))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


async def _state(request: Request) -> Response:
    session = LIVE_SESSIONS.get(request.query_params.get("sid", ""))
    if session is None:
        return JSONResponse({"error": "this page is no longer known"}, 403)
    return JSONResponse(session.news())
