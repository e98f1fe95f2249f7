"""One person in front of one camera: the live test under way and its clips.

The page and the routes run in different threads of one process and meet here. A
sitting is known by a secret that only the page of that browser tab was given.
"""

import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from balance.errors import InputError
from balance.live import Agenda, LiveEvent, LiveTest, LiveView, Phase
from balance.ui.webcam.wire import read_frame, write_event, write_trial, write_view

MOST_FRAMES = 2000  # in one message; a minute of resent frames is 900
OPEN_PHASES = (Phase.COUNTDOWN, Phase.GO, Phase.RUNNING, Phase.AFTER)


@dataclass
class Clip:
    """One recorded try: where its film is, and what was seen of it live."""

    key: str
    path: Path
    about: dict[str, Any]


@dataclass
class Sitting:
    """Everything one browser tab does with the webcam."""

    sid: str
    folder: Path
    test: LiveTest | None = None
    clips: dict[str, Clip] = field(default_factory=dict)
    on_clip: Callable[[Clip], None] = lambda _: None
    last_frame: int = -1
    _events: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, agenda: Agenda) -> None:
        """Start a new test; what the old one said is forgotten, its clips are not."""
        with self._lock:
            self._restart(agenda)

    def _restart(self, agenda: Agenda) -> LiveTest:
        self.test = LiveTest(agenda)
        self.last_frame = -1
        self._events = []
        return self.test

    def hear(self, message: dict[str, Any]) -> dict[str, Any]:
        """Take one message of the browser and answer it.

        Frames carry numbers, so that those resent after a lost connection count once;
        the browser says which event it heard last and is told only newer ones.
        """
        with self._lock:
            test = self.test
            if test is None:
                raise InputError("no test has been chosen")
            if message.get("press") == "again":
                test = self._restart(test.agenda)
            frames = message.get("frames", [])
            if not isinstance(frames, list) or len(frames) > MOST_FRAMES:
                raise InputError("too many frames in one message")
            for frame in frames:
                number = int(frame.get("q", -1))
                if number > self.last_frame:
                    self.last_frame = number
                    self._keep(test.step(read_frame(frame)))
            if message.get("press", "again") != "again":
                self._keep(test.press(str(message["press"])))
            if "lost" in message:
                self._keep(test.lose_sight(str(message["lost"])[:80]))
            return self._answer(test, int(message.get("heard", 0)))

    @property
    def view(self) -> LiveView | None:
        """What the live test shows now."""
        return None if self.test is None else self.test.view

    @property
    def is_busy(self) -> bool:
        """Whether somebody is being tested at this moment."""
        return self.test is not None and self.test.phase in OPEN_PHASES

    def _keep(self, events: tuple[LiveEvent, ...]) -> None:
        start = len(self._events) + 1
        self._events += [write_event(start + i, e) for i, e in enumerate(events)]

    def _answer(self, test: LiveTest, heard: int) -> dict[str, Any]:
        return {
            "q": self.last_frame,
            "events": self._events[max(heard, 0) :],
            "view": write_view(test.view),
            "last": write_trial(test.done[-1]) if test.done else None,
        }


class Sittings:
    """All sittings of this process, by their secret."""

    def __init__(self) -> None:
        self._all: dict[str, Sitting] = {}
        self._lock = threading.Lock()

    def open(self) -> Sitting:
        """Make a sitting with a private folder for its clips."""
        sid = secrets.token_urlsafe(24)
        folder = Path(tempfile.mkdtemp(prefix="balance-"))  # readable by its owner only
        with self._lock:
            return self._all.setdefault(sid, Sitting(sid, folder))

    def get(self, sid: str) -> Sitting | None:
        """Return the sitting of a secret, if this process knows it."""
        return self._all.get(sid)

    def close(self, sid: str) -> None:
        """Forget a sitting and delete its clips."""
        with self._lock:
            sitting = self._all.pop(sid, None)
        if sitting is not None:
            shutil.rmtree(sitting.folder, ignore_errors=True)

    def close_all(self) -> None:
        """Forget everybody: the server stops."""
        for sid in list(self._all):
            self.close(sid)

    @property
    def is_busy(self) -> bool:
        """Whether anybody is being tested at this moment."""
        return any(sitting.is_busy for sitting in list(self._all.values()))


SITTINGS = Sittings()
