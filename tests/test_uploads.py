"""An uploaded video goes to the disk as it comes, and goes with its page."""

import io
import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from balance.app import uploads
from balance.app.closing import GONE_S, Closing
from balance.app.places import arriving_folder
from balance.app.uploads import UPLOADS, ToDisk
from balance.app.webcam.live_session import LIVE_SESSIONS
from balance.model.errors import OutputError

PLACE = "/_stcore/upload_file/tab-1/file-1"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("BALANCE_STORE", str(tmp_path / "history.db"))
    yield
    UPLOADS.drop_all()
    LIVE_SESSIONS.close_all()


@pytest.fixture
def kept() -> list[tuple[str, bytes]]:
    """Name and bytes of each file that Streamlit was given."""
    return []


@pytest.fixture
def server(kept) -> TestClient:
    async def keep(request):
        async with request.form() as form:
            for file in form.values():
                kept.append((file.filename, await file.read()))
        return Response(status_code=400 if "refused" in kept[-1][0] else 204)

    route = Route("/_stcore/upload_file/{tab}/{file}", keep, methods=["PUT"])
    return TestClient(Starlette(routes=[route], middleware=[Middleware(ToDisk)]))


def on_disk() -> list[bytes]:
    return [path.read_bytes() for path in arriving_folder().iterdir()]


@pytest.mark.parametrize(
    "video", [b"video", b"", b"a\r\n\r\n--b--\r\n" * 3, bytes(5_000_001)]
)
def test_the_bytes_are_on_the_disk_and_streamlit_keeps_a_name(
    server, kept, video, tmp_path
) -> None:
    answer = server.put(PLACE, files={"a b.mp4": ("a b.mp4", video, "video/mp4")})
    assert answer.status_code == 204
    ((name, instead),) = kept
    assert name == "a b.mp4"
    assert len(instead) < 100
    assert on_disk() == [video]
    assert next(arriving_folder().iterdir()).stat().st_mode & 0o077 == 0
    UPLOADS.copy(io.BytesIO(instead), tmp_path / "video.mp4")
    UPLOADS.copy(io.BytesIO(instead), tmp_path / "again.mp4")  # measured once more
    UPLOADS.drop_all()
    assert (tmp_path / "video.mp4").read_bytes() == video
    assert (tmp_path / "again.mp4").read_bytes() == video


def test_a_video_is_never_whole_in_memory(server) -> None:
    """Told by Python's own count of memory, while 60 MB come in pieces of 64 kB."""
    import asyncio
    import tracemalloc

    pieces = iter([b"--b\r\n\r\n", *[bytes(65_536)] * 900, b"\r\n--b--\r\n"])
    kind = (b"content-type", b"multipart/form-data; boundary=b")
    scope = {"type": "http", "method": "PUT", "path": PLACE, "headers": [kind]}
    said = []

    async def receive():
        piece = next(pieces, None)
        more = piece is not None
        return {"type": "http.request", "body": piece or b"", "more_body": more}

    async def send(message) -> None:
        said.append(message)

    async def streamlit(scope, receive, send) -> None:
        assert len((await receive())["body"]) < 200
        await send({"type": "http.response.start", "status": 204, "headers": []})

    tracemalloc.start()
    asyncio.run(ToDisk(streamlit)(scope, receive, send))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said[0]["status"] == 204
    assert [len(video) for video in on_disk()] == [900 * 65_536]
    assert most < 8_000_000


def test_what_streamlit_refuses_is_not_kept(server) -> None:
    answer = server.put(PLACE, files={"refused.mp4": ("refused.mp4", b"video")})
    assert answer.status_code == 400
    assert on_disk() == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"no form", "video/mp4"),
        (b"no form", "multipart/form-data; boundary=b"),
        (b"--b\r\n\r\nvideo", "multipart/form-data; boundary=b"),  # cut off
        (b"--b\r\n" + b"x" * 20_000, "multipart/form-data; boundary=b"),
        (b"", "multipart/form-data"),
    ],
)
def test_what_is_no_whole_form_is_refused(server, kept, content, kind) -> None:
    answer = server.put(PLACE, content=content, headers={"content-type": kind})
    assert answer.status_code == 413
    assert (kept, on_disk()) == ([], [])


def test_too_large_and_too_many_are_refused_as_they_come(server, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD_MB", 3)
    sent: list[int] = []

    def endless():
        yield b"--b\r\n\r\n"
        while len(sent) < 200:
            sent.append(1)
            yield bytes(100_000)

    kind = {"content-type": "multipart/form-data; boundary=b"}
    assert server.put(PLACE, content=endless(), headers=kind).status_code == 413
    monkeypatch.setattr(uploads, "LARGEST_IN_ALL", 2_000_000)
    video = {"a.mp4": ("a.mp4", bytes(1_500_000))}
    assert server.put(PLACE, files=video).status_code == 204
    assert server.put(PLACE, files=video).status_code == 507
    assert len(on_disk()) == 1


def test_a_full_disk_is_said(server, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "KEPT_FREE", 2**60)
    answer = server.put(PLACE, files={"a.mp4": ("a.mp4", b"video")})
    assert (answer.status_code, on_disk()) == (507, [])
    assert "the disk is nearly full" in answer.text


def test_a_name_that_was_made_up_leads_to_no_file(tmp_path) -> None:
    for name in (b"balance-upload:", b"balance-upload:../../etc/passwd"):
        with pytest.raises(OutputError, match="no longer here"):
            UPLOADS.copy(io.BytesIO(name), tmp_path / "video.mp4")


def test_what_belongs_to_a_page_goes_with_it(server) -> None:
    server.put(PLACE, files={"a.mp4": ("a.mp4", b"video")})
    session, other = LIVE_SESSIONS.open("tab-1"), LIVE_SESSIONS.open("tab-2")
    open_tabs = {"tab-1", "tab-2"}
    closing = Closing(lambda tab: tab in open_tabs)
    now_s = session.touched_s
    closing.look(now_s)
    open_tabs.remove("tab-1")
    closing.look(now_s + 1)
    closing.look(now_s + GONE_S)
    assert session.folder.exists()  # the line may come back
    session.touched_s = now_s + GONE_S  # and pieces of a video still come
    closing.look(now_s + 2 * GONE_S)
    assert session.folder.exists()
    closing.look(now_s + 2 * GONE_S + 1)
    assert not session.folder.exists()
    assert LIVE_SESSIONS.get(session.sid) is None
    assert LIVE_SESSIONS.get(other.sid) is other
    assert on_disk_files() == []


def on_disk_files() -> list[str]:
    return [path.name for path in arriving_folder().iterdir() if path.is_file()]


def test_the_next_start_deletes_what_a_kill_left(tmp_path) -> None:
    import asyncio
    import subprocess
    import sys

    from balance.app.app import lifespan

    code = "from balance.model.publish import marked_name as m; print(m())"
    name = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert re.match(r"\.balance-part-", name)
    (arriving_folder() / name).write_bytes(b"video")

    async def start() -> None:
        async with lifespan(None):
            pass

    asyncio.run(start())
    assert on_disk_files() == []
