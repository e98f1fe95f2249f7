"""What belongs to a page goes when its page has gone."""

import asyncio
from collections.abc import Callable
from time import monotonic

from balance.app.uploads import UPLOADS
from balance.app.webcam.live_session import LIVE_SESSIONS

# Streamlit takes a page that lost its line back for two minutes; after that it
# begins anew, with a session of its own.
GONE_S = 300.0
LOOK_EVERY_S = 30.0


class Closing:
    """Close what belongs to pages that have been away for so long."""

    def __init__(self, is_open: Callable[[str], bool]) -> None:
        self._is_open = is_open
        self._away_s: dict[str, float] = {}

    def look(self, now_s: float) -> None:
        """Look who is away, and since when."""
        live_sessions = LIVE_SESSIONS.all()
        tabs = UPLOADS.tabs | {one.tab for one in live_sessions if one.tab}
        self._away_s = {
            tab: self._away_s.get(tab, now_s) for tab in tabs if not self._is_open(tab)
        }
        gone = {tab for tab, s in self._away_s.items() if now_s - s > GONE_S}
        for tab in gone:
            UPLOADS.drop_tab(tab)
        for session in live_sessions:
            # Whose video is still on its way is not gone.
            if session.tab in gone and now_s - session.touched_s > GONE_S:
                LIVE_SESSIONS.close(session.sid)


async def close_behind_tabs() -> None:
    """Look now and then, for as long as the server runs."""
    from streamlit.runtime import get_instance

    closing = Closing(lambda tab: get_instance().is_active_session(tab))
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        await asyncio.to_thread(closing.look, monotonic())
