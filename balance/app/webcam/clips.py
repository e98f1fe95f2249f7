"""Recorded clips arrive in pieces; each piece is acknowledged, the whole is checked.

A clip counts as stored only when it has been handed over to be measured; until then
its pieces stay. What a full disk or a lost byte stopped is to be sent again: only what
makes no sense at all is refused for good: the browser then puts the clip aside.
"""

import hashlib
import os
import re
import shutil
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from balance.app.webcam.live_session import LIVE_SESSIONS, Clip, LiveSession
from balance.model.codes import TrialKind
from balance.model.errors import InputError, OutputError
from balance.model.opening import require_regular
from balance.model.unpacking import MB

KEY = re.compile(r"[0-9a-f-]{8,64}")
LARGEST_PIECE = 16 * MB
MOST_PIECES = 2000
LARGEST_CLIP = 500 * MB
# Of one tab, and of all of them together.
LARGEST_SESSION = 4096 * MB
LARGEST_IN_ALL = 20_480 * MB
# Left for everything else on the disk.
KEPT_FREE = 200 * MB
# A clip that is damaged so often was damaged before it was sent.
MOST_DAMAGED = 3
ENDINGS = {"video/mp4": ".mp4", "video/webm": ".webm"}
_AT_ONCE = MB


class UnusableClipError(InputError):
    """A clip that no further sending makes better: the one refusal that is final."""


class ClipAbout(BaseModel):
    """What the browser says of a clip."""

    model_config = ConfigDict(extra="forbid")

    pieces: Annotated[int, Field(ge=1, le=MOST_PIECES)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    mime: Annotated[str, Field(max_length=200)] = ""
    bytes: Annotated[int, Field(ge=0)] | None = None
    trial: dict[str, Any] | None = None
    # At which visit it was recorded; "" in videos from before visits had names.
    visit: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""


def read_about(data: Any) -> ClipAbout:
    """Check what the browser says; a trial that is none is measured as any video."""
    try:
        about = ClipAbout.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        why = f"the clip makes no sense: {where}: {first['msg']}"
        raise UnusableClipError(why) from error
    kinds = [kind.value for kind in TrialKind]  # a list: whatever is sent compares
    if about.trial is not None and about.trial.get("kind") not in kinds:
        about.trial = None
    return about


class Piece:
    """One piece on its way; it counts when it is closed without an error."""

    def __init__(self, session: LiveSession, key: str, number: int) -> None:
        if not KEY.fullmatch(key):
            raise InputError("the clip has no proper name")
        if not 0 <= number < MOST_PIECES:
            raise InputError("the clip is too long to be sent")
        self._session = session
        session.touched_s = monotonic()
        folder = _folder(session, key)
        folder.mkdir(exist_ok=True, mode=0o700)
        self._place = folder / f"{number:05d}"
        self._part = folder / f"{number:05d}.part-{os.urandom(4).hex()}"
        self._file = self._part.open("xb")
        self._size = 0

    def write(self, data: bytes) -> None:
        """Append bytes; too many of them are refused before they are kept."""
        self._size += len(data)
        if self._size > LARGEST_PIECE:
            raise InputError("the piece is too large")
        _require_room(self._session, len(data))
        self._file.write(data)
        self._session.stored_bytes += len(data)

    def keep(self) -> None:
        """Put the piece in its place; the same piece may come twice."""
        self._file.close()
        if self._place.exists():
            self._session.stored_bytes -= self._place.stat().st_size
        self._part.replace(self._place)

    def drop(self) -> None:
        """Forget what came so far."""
        self._file.close()
        if self._part.exists():
            self._session.stored_bytes -= self._part.stat().st_size
            self._part.unlink()


def keep_piece(session: LiveSession, key: str, number: int, data: bytes) -> None:
    """Write one piece that is there as a whole."""
    piece = Piece(session, key, number)
    try:
        piece.write(data)
    except BaseException:
        piece.drop()
        raise
    piece.keep()


def finish(session: LiveSession, key: str, told: Any) -> list[int]:
    """Join the pieces to one video; return the numbers of those still missing.

    A clip that is already there is not taken twice. Only when its SHA-256 is what
    the browser said, and it waits to be measured, may the browser forget it.
    """
    if not KEY.fullmatch(key):
        raise UnusableClipError("the clip has no proper name")
    about = read_about(told)
    with session.joining:
        if key in session.clips:
            return []
        folder = _folder(session, key)
        parts = [folder / f"{i:05d}" for i in range(about.pieces)]
        missing = [i for i, part in enumerate(parts) if not part.exists()]
        if missing:
            return missing
        if sum(map(require_regular, parts)) > LARGEST_CLIP:
            raise UnusableClipError("the clip is too long to be measured")
        path = _joined(session, key, parts, about)
        if path is None:
            return list(range(about.pieces))
        _hand_over(session, Clip(key, path, about.model_dump()))
        shutil.rmtree(folder, ignore_errors=True)
    return []


def _hand_over(session: LiveSession, clip: Clip) -> None:
    try:
        session.on_clip(clip)
    except BaseException:
        clip.path.unlink(missing_ok=True)
        raise
    session.clips[clip.key] = clip


def _joined(
    session: LiveSession, key: str, parts: list[Path], about: ClipAbout
) -> Path | None:
    """Join the pieces; None where they are not what was recorded."""
    size = sum(part.stat().st_size for part in parts)
    _require_room(session, 0, beside=size)
    kind = about.mime.split(";")[0]
    path = session.folder / f"try-{len(session.clips) + 1}-{key[:8]}"
    path = path.with_suffix(ENDINGS.get(kind, ".webm"))
    try:
        is_whole = _copy(parts, path) == about.sha256
    except OSError:
        path.unlink(missing_ok=True)
        raise
    if is_whole:
        return path
    path.unlink()
    session.damaged[key] = session.damaged.get(key, 0) + 1
    if session.damaged[key] >= MOST_DAMAGED:
        raise UnusableClipError("the clip was damaged before it was sent")
    for part in parts:
        session.stored_bytes -= part.stat().st_size
        part.unlink()
    return None


def _copy(parts: list[Path], path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as video:
        for part in parts:
            with part.open("rb") as piece:
                while data := piece.read(_AT_ONCE):
                    digest.update(data)
                    video.write(data)
        video.flush()
        os.fsync(video.fileno())
    return digest.hexdigest()


def _require_room(session: LiveSession, more: int, beside: int = 0) -> None:
    """Refuse for now what would fill the disk; the browser tries again later."""
    if session.stored_bytes + more > LARGEST_SESSION:
        raise OutputError("this page has sent as many videos as it may keep here")
    if LIVE_SESSIONS.stored_bytes + more > LARGEST_IN_ALL:
        raise OutputError("there are as many videos here as may be kept at a time")
    if shutil.disk_usage(session.folder).free < more + beside + KEPT_FREE:
        raise OutputError("the disk is nearly full; make room, the video waits")


def _folder(session: LiveSession, key: str) -> Path:
    return session.folder / f"pieces-{key}"
