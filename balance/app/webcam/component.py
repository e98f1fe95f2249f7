"""Puts the webcam into a Streamlit page.

The JavaScript comes from this server's own route, so that it is found from a source
checkout as from a wheel. The page must put the component first, with nothing
conditional before it: anything inserted above would mount it anew, camera and all.
"""

from dataclasses import asdict, dataclass
from typing import Any

from balance.app.webcam.fetch_runtime import is_complete
from balance.app.webcam.live_session import LiveSession
from balance.app.webcam.routes import PREFIX


def load(module: str) -> str:
    """Return the script of a component whose parts this server gives out."""
    return f"""
const base = new URL("{PREFIX}/", location.origin).href;
const loading = import(base + "{module}");
export default function (args) {{
  let left = false, leave = () => {{}};
  loading.then(
    (module) => {{ if (!left) leave = module.mount(args, base); }},
    (error) => {{
      args.parentElement.textContent =
        "This part of the page could not be loaded: " + error.message;
    }});
  return () => {{ left = true; leave(); }};
}}
"""


_mounted: Any = None


@dataclass(frozen=True, slots=True)
class Stage:
    """How the webcam's part of a page is to look and work.

    ``testing`` shows the camera, else only videos left over from before are sent;
    ``turn`` is another number for another test; ``seconds`` how long a clip may get
    where the pose runtime is missing and nobody can tell when a trial is over;
    ``camera`` False runs the clock alone; ``once`` True offers no beginning again;
    ``rules`` say when to stop, shown the whole time.
    """

    testing: bool
    turn: int
    seconds: float
    rules: tuple[str, ...]
    camera: bool = True
    once: bool = False
    invitation: str = "Press, then step back."


def webcam(session: LiveSession, stage: Stage) -> None:
    """Show the webcam's part.

    Nothing comes back from it: decisions and clips go to the routes, and the page
    reads them from the session.
    """
    import streamlit as st

    global _mounted
    if _mounted is None:
        _mounted = st.components.v2.component(
            "balance_webcam", js=load("component.mjs")
        )
    data = {
        **asdict(stage),
        "sid": session.sid,
        "visit": session.visit,
        "mode": "test" if stage.testing else "outbox",
        "runtime": is_complete(),
    }
    _mounted(data=data, key="webcam")
