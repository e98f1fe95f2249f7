"""Uploaded videos go to the disk as they come, and never whole into memory.

Streamlit reads an uploaded file whole and keeps it in memory until its page is closed.
So its bytes are taken out of the request on their way and written to a file; what
Streamlit gets, checks and keeps in its place is a name that only this process knows.
"""

import os
import re
import secrets
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from balance.app.places import LARGEST_UPLOAD_MB, arriving_folder
from balance.app.webcam.clips import KEPT_FREE, LARGEST_IN_ALL
from balance.app.webcam.live_session import LIVE_SESSIONS
from balance.model.errors import InputError, OutputError
from balance.model.publish import marked_name
from balance.model.unpacking import MB

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = re.compile(r"/_stcore/upload_file/(?P<tab>[^/]{1,200})/(?P<file>[^/]{1,200})")
BOUNDARY = re.compile(r'multipart/form-data;\s*boundary="?([^";,\s]{1,70})"?', re.I)
LARGEST_HEAD = 16_384
_AT_ONCE = MB
_MARK = b"balance-upload:"
_TAKEN = 204


@dataclass
class Upload:
    """One file that was uploaded, and the page that it goes with."""

    tab: str
    path: Path
    size: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def stand_in(self) -> bytes:
        """What Streamlit keeps instead of the bytes."""
        return _MARK + self.token.encode()


class Uploads:
    """All uploaded files of this process, by what Streamlit keeps of them."""

    def __init__(self) -> None:
        self._all: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def add(self, upload: Upload) -> None:
        """Count a file as there or on its way."""
        with self._lock:
            self._all[upload.token] = upload

    def drop(self, upload: Upload) -> None:
        """Delete a file; results made of it are kept elsewhere."""
        with self._lock:
            self._all.pop(upload.token, None)
        upload.path.unlink(missing_ok=True)

    def drop_tab(self, tab: str) -> None:
        """Delete what was uploaded in a page."""
        for upload in list(self._all.values()):
            if upload.tab == tab:
                self.drop(upload)

    def drop_all(self) -> None:
        """Delete everything: the server stops."""
        for upload in list(self._all.values()):
            self.drop(upload)

    @property
    def tabs(self) -> set[str]:
        """Pages with files here."""
        return {upload.tab for upload in list(self._all.values())}

    @property
    def stored_bytes(self) -> int:
        """Bytes of all of them."""
        return sum(upload.size for upload in list(self._all.values()))

    def copy(self, data: IO[bytes], place: Path) -> None:
        """Put an uploaded video in its place, without reading it where that can be."""
        head = data.read(len(_MARK) + 64)
        if not head.startswith(_MARK):  # bytes that did not come over the network
            data.seek(0)
            with place.open("xb") as file:
                shutil.copyfileobj(data, file)
            return
        found = self._all.get(head[len(_MARK) :].decode("ascii", "replace"))
        if found is None or not found.path.exists():
            raise OutputError("the video is no longer here; choose it once more")
        try:
            os.link(found.path, place)
        except OSError:  # another disk, or one without links
            shutil.copyfile(found.path, place)


UPLOADS = Uploads()


class ToDisk:
    """Take the bytes of an upload out of its request."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass on everything else as it is."""
        found = scope["type"] == "http" and PATH.fullmatch(scope["path"])
        if not found or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        upload = Upload(found["tab"], Path())
        try:
            head, tail = await _written(upload, scope, receive)
        except InputError as error:
            await _answer(send, 413, str(error))
            return
        except (OutputError, OSError) as error:
            await _answer(send, 507, f"there is no room for the video: {error}")
            return
        await self._pass_on(upload, head + upload.stand_in + tail, scope, send)

    async def _pass_on(
        self, upload: Upload, body: bytes, scope: "Scope", send: "Send"
    ) -> None:
        """Let Streamlit check the request and keep the name; then the file is kept."""
        status = 0

        async def heard(message: "Message") -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        async def receive() -> "Message":
            return {"type": "http.request", "body": body, "more_body": False}

        length = str(len(body)).encode()
        headers = [
            (name, length if name.lower() == b"content-length" else value)
            for name, value in scope["headers"]
        ]
        try:
            await self._app({**scope, "headers": headers}, receive, heard)
        finally:
            if status != _TAKEN:
                UPLOADS.drop(upload)


async def _written(
    upload: Upload, scope: "Scope", receive: "Receive"
) -> tuple[bytes, bytes]:
    """Write the one file of a form to the disk; return what stands around it."""
    boundary = _boundary(scope["headers"])
    tail = b"\r\n--" + boundary + b"--\r\n"
    upload.path = arriving_folder() / marked_name()
    UPLOADS.add(upload)
    try:
        with open(upload.path, "x+b", opener=_private) as file:
            head = await _stream(upload, file, receive)
            await run_in_threadpool(_cut, file, tail)
    except BaseException:
        UPLOADS.drop(upload)
        raise
    return head, tail


async def _stream(upload: Upload, file: IO[bytes], receive: "Receive") -> bytes:
    """Write what comes after the head; return the head."""
    head, waiting, more = b"", bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise InputError("the video did not come whole")
        waiting += message.get("body", b"")
        more = message.get("more_body", False)
        if not head:
            head = _taken_head(waiting)
        if head and (len(waiting) >= _AT_ONCE or not more):
            upload.size += len(waiting)
            _require_room(upload)
            await run_in_threadpool(file.write, bytes(waiting))
            waiting.clear()
    if not head:
        raise InputError("the upload is no form with a file in it")
    return head


def _taken_head(waiting: bytearray) -> bytes:
    """Take the head off as soon as it is whole."""
    at = waiting.find(b"\r\n\r\n")
    if at < 0 or at > LARGEST_HEAD:
        if len(waiting) > LARGEST_HEAD:
            raise InputError("the upload is no form with a file in it")
        return b""
    head = bytes(waiting[: at + 4])
    del waiting[: at + 4]
    return head


def _cut(file: IO[bytes], tail: bytes) -> None:
    """Cut off the end of the form; what has another end did not come whole."""
    size = file.tell() - len(tail)
    file.seek(max(0, size))
    if size < 0 or file.read() != tail:
        raise InputError("the video did not come whole")
    file.truncate(size)


def _require_room(upload: Upload) -> None:
    if upload.size > LARGEST_UPLOAD_MB * MB + LARGEST_HEAD:
        raise InputError(f"a video of at most {LARGEST_UPLOAD_MB} MB can be taken")
    if UPLOADS.stored_bytes + LIVE_SESSIONS.stored_bytes > LARGEST_IN_ALL:
        raise OutputError("as many videos wait here as may be kept at a time")
    if shutil.disk_usage(upload.path.parent).free < KEPT_FREE:
        raise OutputError("the disk is nearly full")


def _boundary(headers: list[tuple[bytes, bytes]]) -> bytes:
    kinds = [value for name, value in headers if name.lower() == b"content-type"]
    found = BOUNDARY.match(kinds[0].decode("latin-1")) if kinds else None
    if found is None:
        raise InputError("the upload is no form with a file in it")
    return found[1].encode("latin-1")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


async def _answer(send: "Send", status: int, why: str) -> None:
    text = f"{why}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"),
               (b"content-length", str(len(text)).encode())]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
