"""How long the server waits for who sends slowly: no request stays half-sent.

The server below (uvicorn) waits without end for the head of a request, and for a body.
A few hundred connections that send a byte now and then would take all that this process
may open. So a head must come within seconds, a body may pause and be slow only so far,
and of those who have sent no head yet the eldest goes where they are too many.
"""

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from starlette.types import Message, Receive

# From the connection, or the first byte after an answer, to the end of a head.
LONGEST_HEAD_S = 20.0
# Connections that have sent no head; a browser opens six.
MOST_WITHOUT_HEAD = 128
# Between two parts of a body; a video that is sent never pauses for so long.
LONGEST_SILENCE_S = 60.0
# Slower than the slowest mobile network, over all of a body.
SLOWEST_BYTES_S = 1000.0


def bounded(receive: "Receive") -> "Receive":
    """Wait for the next part of a body so long and no longer.

    Who sends nothing, or a byte now and then, holds neither a connection nor a
    half-written file for good: it ends as if the sender had gone.
    """
    is_whole, waited_s, got_bytes = False, 0.0, 0
    clock_s = asyncio.get_running_loop().time

    async def next_part() -> "Message":
        nonlocal is_whole, waited_s, got_bytes
        if is_whole:  # what is waited for now is that the browser goes
            return await receive()
        left_s = LONGEST_SILENCE_S + got_bytes / SLOWEST_BYTES_S - waited_s
        began_s = clock_s()
        try:
            wait_s = min(LONGEST_SILENCE_S, left_s)
            message = await asyncio.wait_for(receive(), wait_s)
        except TimeoutError:
            message = {"type": "http.disconnect"}
        waited_s += clock_s() - began_s
        got_bytes += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        return message

    return next_part


def end_slow_heads() -> None:
    """Have uvicorn end each connection that sends no head in time, from now on."""
    from uvicorn import config
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    timed = type("TimedHeadsProtocol", (TimedHeads, AutoHTTPProtocol), {})
    config.HTTP_PROTOCOLS["auto"] = timed  # type: ignore[assignment]


class TimedHeads(asyncio.Protocol):
    """Goes before a protocol of uvicorn: ends it where no head comes in time."""

    # Of all connections, the eldest first.
    _without_head: ClassVar[dict["TimedHeads", asyncio.TimerHandle]] = {}
    # The protocol's own.
    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    cycle: Any

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Pass on what came; wait on, with no more time, where it ends in a head."""
        super().data_received(data)
        if self._is_within_head():
            self._wait_for_head()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _is_within_head(self) -> bool:
        if self.transport.get_protocol() is not self:
            return False  # it has become a WebSocket
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        waiting = self._without_head
        if self in waiting:
            return
        waiting[self] = self.loop.call_later(LONGEST_HEAD_S, self._end)
        if len(waiting) > MOST_WITHOUT_HEAD:
            next(iter(waiting))._end()

    def _stop_waiting(self) -> None:
        if timer := self._without_head.pop(self, None):
            timer.cancel()

    def _end(self) -> None:
        self._stop_waiting()
        self.transport.abort()
