"""One person in front of one camera: the live test under way and its clips.

The page and the routes run in different threads of one process and meet here. A
session is known by a secret that only the page of that browser tab was given.
"""

import secrets
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from balance.app.places import arriving_folder
from balance.app.webcam.wire import read_frame, write_event, write_trial, write_view
from balance.live import (
    Agenda,
    LiveEvent,
    LiveFrame,
    LiveTest,
    LiveTrial,
    LiveView,
    Phase,
)
from balance.live.training.guided_block import GuidedBlock
from balance.model.errors import InputError
from balance.model.publish import marked_name

MOST_LIVE_SESSIONS = 500
MOST_FRAMES = 2000  # in one message; a minute of resent frames is 900
OPEN_PHASES = (Phase.COUNTDOWN, Phase.GO, Phase.RUNNING, Phase.AFTER)
# Frames come several times a second. A browser silent for so long has been closed, or
# lost its way here: nobody is being tested in front of it.
SILENT_S = 5.0


class Controller(Protocol):
    """Decides what is said and shown: a live test, or a training block."""

    @property
    def phase(self) -> Phase:
        """Where it stands."""
        ...

    @property
    def view(self) -> LiveView:
        """The moment, in words."""
        ...

    @property
    def done(self) -> Sequence[LiveTrial]:
        """Tries that are over."""
        ...

    def step(self, frame: LiveFrame) -> tuple[LiveEvent, ...]:
        """Take one frame."""
        ...

    def press(self, button: str) -> tuple[LiveEvent, ...]:
        """Take a press."""
        ...

    def lose_sight(self, why: str) -> tuple[LiveEvent, ...]:
        """Take that nobody can watch."""
        ...


@dataclass
class Clip:
    """One recorded trial: where its video is, and what was seen of it live."""

    key: str
    path: Path
    about: dict[str, Any]


@dataclass
class LiveSession:
    """Everything one browser tab does with the webcam."""

    sid: str
    folder: Path
    # The page that it belongs to, and when it was heard of last.
    tab: str = ""
    touched_s: float = field(default_factory=monotonic)
    controller: Controller | None = None
    clips: dict[str, Clip] = field(default_factory=dict)
    on_clip: Callable[[Clip], None] = lambda _: None
    # What the pages are to be told, and whose visit a video belongs to.
    news: Callable[[], dict[str, Any]] = dict
    visit: str = ""
    # Bytes of videos and their pieces, and how often a clip did not come whole.
    stored_bytes: int = 0
    damaged: dict[str, int] = field(default_factory=dict)
    joining: threading.Lock = field(default_factory=threading.Lock)
    last_frame: int = -1
    _heard_s: float = float("-inf")
    _make: Callable[[], Controller] | None = None
    _events: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def test(self) -> LiveTest | None:
        """The live test, where it is one that is under way."""
        return self.controller if isinstance(self.controller, LiveTest) else None

    @property
    def block(self) -> GuidedBlock | None:
        """The training block, where it is one that is under way."""
        return self.controller if isinstance(self.controller, GuidedBlock) else None

    def begin(self, agenda: Agenda) -> None:
        """Start a new test; what the old one said is forgotten, its clips are not."""
        self.start(lambda: LiveTest(agenda))

    def start(self, make: Callable[[], Controller]) -> None:
        """Start what ``make`` makes; it is made again when somebody begins again."""
        with self._lock:
            self._make = make
            self._restart(make)

    def _restart(self, make: Callable[[], Controller]) -> Controller:
        self.controller = make()
        self.last_frame = -1
        self._events = []
        return self.controller

    def handle_message(self, message: dict[str, Any]) -> dict[str, Any]:
        """Take one message of the browser and answer it.

        Frames carry numbers, so that those resent after a lost connection count once;
        the browser says which event it heard last and is told only newer ones.
        """
        with self._lock:
            controller = self.controller
            if controller is None or self._make is None:
                raise InputError("no test has been chosen")
            self._heard_s = self.touched_s = monotonic()
            if message.get("press") == "again":
                controller = self._restart(self._make)
            frames = message.get("frames", [])
            if not isinstance(frames, list) or len(frames) > MOST_FRAMES:
                raise InputError("too many frames in one message")
            for frame in frames:
                number = int(frame.get("q", -1))
                if number > self.last_frame:
                    self.last_frame = number
                    self._keep(controller.step(read_frame(frame)))
            if message.get("press", "again") != "again":
                self._keep(controller.press(str(message["press"])))
            if "lost" in message:
                self._keep(controller.lose_sight(str(message["lost"])[:80]))
            return self._answer(controller, int(message.get("heard", 0)))

    @property
    def view(self) -> LiveView | None:
        """What is shown now."""
        return None if self.controller is None else self.controller.view

    @property
    def is_busy(self) -> bool:
        """Whether somebody is being tested at this moment."""
        listening, running = monotonic() - self._heard_s < SILENT_S, self.controller
        return listening and running is not None and running.phase in OPEN_PHASES

    def _keep(self, events: tuple[LiveEvent, ...]) -> None:
        start = len(self._events) + 1
        self._events += [write_event(start + i, e) for i, e in enumerate(events)]

    def _answer(self, controller: Controller, heard: int) -> dict[str, Any]:
        return {
            "q": self.last_frame,
            "events": self._events[max(heard, 0) :],
            "view": write_view(controller.view),
            "last": write_trial(controller.done[-1]) if controller.done else None,
        }


class LiveSessions:
    """All live sessions of this process, by their secret."""

    def __init__(self) -> None:
        self._all: dict[str, LiveSession] = {}
        self._lock = threading.Lock()

    def open(self, tab: str = "") -> LiveSession:
        """Make a session with a private folder for its clips.

        Parameters
        ----------
        tab
            Name of the page that it ends with; "" ends with the server.
        """
        sid = secrets.token_urlsafe(24)
        with self._lock:
            if len(self._all) >= MOST_LIVE_SESSIONS:
                raise InputError("too many pages are open here; close some of them")
        # Marked as ours, so that the next start sweeps what a kill left; readable by
        # its owner only.
        folder = arriving_folder() / marked_name()
        folder.mkdir(mode=0o700)
        with self._lock:
            return self._all.setdefault(sid, LiveSession(sid, folder, tab))

    def get(self, sid: str) -> LiveSession | None:
        """Return the session of a secret, if this process knows it."""
        return self._all.get(sid)

    def all(self) -> list[LiveSession]:
        """Return those that are open."""
        return list(self._all.values())

    def close(self, sid: str) -> None:
        """Forget a session and delete its clips."""
        with self._lock:
            session = self._all.pop(sid, None)
        if session is not None:
            shutil.rmtree(session.folder, ignore_errors=True)

    def close_all(self) -> None:
        """Forget everybody: the server stops."""
        for sid in list(self._all):
            self.close(sid)

    @property
    def stored_bytes(self) -> int:
        """Bytes of all videos that are here."""
        return sum(session.stored_bytes for session in self.all())

    @property
    def is_busy(self) -> bool:
        """Whether anybody is being tested at this moment."""
        return any(session.is_busy for session in self.all())


LIVE_SESSIONS = LiveSessions()
