"""Whoever sends slowly is not waited for without end; others are answered meanwhile."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from balance.app import slow_senders
from balance.app.app import middleware

HEAD = b"PUT /x HTTP/1.1\r\nHost: localhost\r\n"
ENOUGH_S = 20.0


async def taken(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def echo(line: WebSocket) -> None:
    await line.accept()
    while True:
        await line.send_text(await line.receive_text())


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server behind the app's own doors, which waits for heads for half a second."""
    monkeypatch.setattr(slow_senders, "LONGEST_HEAD_S", 0.5)
    routes = [Route("/x", taken, methods=["PUT"]), WebSocketRoute("/live", echo)]
    app = Starlette(routes=routes, middleware=middleware())
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(500)
        settings = uvicorn.Config(app, log_level="error", timeout_keep_alive=30)
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield int(listening.getsockname()[1])
        server.should_exit = True
        thread.join()


@contextlib.contextmanager
def line_to(port: int, data: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=ENOUGH_S) as line:
        line.sendall(data)
        yield line


def is_answered(port: int) -> bool:
    with line_to(port, HEAD + b"Content-Length: 2\r\n\r\nab") as line:
        return line.recv(5000).startswith(b"HTTP/1.1 200")


def is_ended(line: socket.socket) -> bool:
    """Whether the server closes the line, after what it may still have to say."""
    with contextlib.suppress(ConnectionError):
        while line.recv(5000):
            pass
    return True  # otherwise it would have taken too long


@pytest.mark.parametrize("sent", [b"", b"PU", HEAD], ids=["nothing", "a bit", "half"])
def test_a_head_that_does_not_come_is_not_waited_for(port: int, sent: bytes) -> None:
    with line_to(port, sent) as line:
        assert is_answered(port)
        assert is_ended(line)


def test_a_byte_now_and_then_gives_no_more_time(port: int) -> None:
    began_s = time.monotonic()
    with line_to(port, HEAD) as line, contextlib.suppress(ConnectionError):
        while time.monotonic() < began_s + ENOUGH_S:
            line.sendall(b"a")
            time.sleep(0.1)
    assert time.monotonic() < began_s + ENOUGH_S


def test_the_second_head_of_a_line_is_as_short(port: int) -> None:
    with line_to(port, HEAD + b"Content-Length: 0\r\n\r\n") as line:
        assert line.recv(5000).startswith(b"HTTP/1.1 200")
        line.sendall(b"PUT /x HT")
        assert is_ended(line)


def test_of_many_that_wait_the_eldest_goes(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_senders, "LONGEST_HEAD_S", 3600.0)
    with contextlib.ExitStack() as lines:
        most = slow_senders.MOST_WITHOUT_HEAD
        eldest, *_ = [lines.enter_context(line_to(port, HEAD)) for _ in range(most + 1)]
        assert is_answered(port)
        assert is_ended(eldest)


def test_a_socket_that_is_open_stays_so(port: int) -> None:
    with connect(f"ws://localhost:{port}/live") as line:
        time.sleep(3 * slow_senders.LONGEST_HEAD_S)
        line.send("still here")
        assert line.recv(ENOUGH_S) == "still here"


def test_a_body_may_be_longer_on_its_way_than_a_head(port: int) -> None:
    with line_to(port, HEAD + b"Content-Length: 2\r\n\r\na") as line:
        time.sleep(3 * slow_senders.LONGEST_HEAD_S)
        line.sendall(b"b")
        answer = b""
        while not answer.endswith(b"\r\n\r\n2"):  # head and body may come apart
            answer += (came := line.recv(5000))
            assert came


def parts_of(receive: Callable, most: int) -> int:
    """Take parts of a body until the sender is given up; return how many came."""

    async def take() -> int:
        next_part = slow_senders.bounded(receive)
        for count in range(most):
            if (await next_part())["type"] == "http.disconnect":
                return count
        return most

    return asyncio.run(asyncio.wait_for(take(), ENOUGH_S))


def test_a_body_that_stops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_senders, "LONGEST_SILENCE_S", 0.05)

    async def nothing() -> None:
        await asyncio.sleep(ENOUGH_S)

    assert parts_of(nothing, 5) == 0


@pytest.mark.parametrize(("size", "came"), [(1, False), (2000, True)])
def test_a_body_of_single_bytes_is_given_up(
    size: int, came: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of its pauses is too long, but it would take a day for a megabyte."""
    monkeypatch.setattr(slow_senders, "LONGEST_SILENCE_S", 0.3)

    async def part() -> dict:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": bytes(size), "more_body": True}

    assert (parts_of(part, 40) == 40) is came
