"""Puts the webcam into a Streamlit page.

The JavaScript comes from this server's own route, so that it is found from a source
checkout as from a wheel. The page must put the component first, with nothing
conditional before it: anything inserted above would mount it anew, camera and all.
"""

from typing import Any

from balance.ui.webcam.fetch_runtime import is_complete
from balance.ui.webcam.routes import PREFIX
from balance.ui.webcam.sitting import Sitting

LOADER = f"""
const base = new URL("{PREFIX}/", location.origin).href;
const loading = import(base + "component.mjs");
export default function (args) {{
  let left = false, leave = () => {{}};
  loading.then(
    (module) => {{ if (!left) leave = module.mount(args, base); }},
    (error) => {{
      args.parentElement.textContent =
        "The webcam part of this page could not be loaded: " + error.message;
    }});
  return () => {{ left = true; leave(); }};
}}
"""

_mounted: Any = None


def webcam(
    sitting: Sitting, *, testing: bool, turn: int, seconds: float, rules: list[str]
) -> None:
    """Show the camera (``testing``), or only send films left over from before.

    Nothing comes back from it: decisions and clips go to the routes, and the page
    reads them from the sitting. ``turn`` is another number for another test;
    ``seconds`` is how long a clip may get where the pose runtime is missing and nobody
    can tell when a try is over; ``rules`` when to stop, shown the whole time.
    """
    import streamlit as st

    global _mounted
    if _mounted is None:
        _mounted = st.components.v2.component("balance_webcam", js=LOADER)
    data = {
        "sid": sitting.sid,
        "mode": "test" if testing else "outbox",
        "turn": turn,
        "runtime": is_complete(),
        "seconds": seconds,
        "rules": rules,
    }
    _mounted(data=data, key="webcam")
