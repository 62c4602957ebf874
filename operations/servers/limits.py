"""What both servers take from a client and hold for it; the one place for these numbers."""

import asyncio
from collections.abc import Callable

from realtime.allowance import BURST, RATE, Allowance

# ── What comes in ────────────────────────────────────────────────────────────────────────────────────────────────────
# A form of 2 MiB (DATA_UPLOAD_MAX_MEMORY_SIZE) with a picture or table of 5 MiB (interview/pictures.py, organisations/table.py),
# and so much above it that the form itself can say "too large" to who is only a little over.
BODY_BYTES = 10 * 1024 * 1024
RECEIVE_MESSAGES = 8  # that wait for the application, before a socket is read no further
FRAME_BYTES = 16 * 1024  # one WebSocket message; realtime/protocol.py says the same, kindlier
# Ten for each message that realtime/allowance.py lets a client send, for a library may cut a message into frames; pings count like any.
FRAMES_PER_SECOND = 10 * RATE
FRAMES_AT_ONCE = 10 * BURST
FRAMES_CODE = 1008  # and beyond them, "policy violation", to who sends more
EARLY_BYTES = 32 * 1024  # sent on a socket before the application has let it in, which no client should
HEADERS = 128  # of one request
HEAD_BYTES = 16 * 1024  # of its first line and its headers
HEAD_SECONDS = 10.0  # from the first byte, or from the connection, to the end of the headers
BODY_SECONDS = 10.0  # in each of which a body brings BODY_PROGRESS bytes, or its end
BODY_PROGRESS = 32 * 1024
HANDSHAKE_SECONDS = 10.0  # until the application has let a socket in
IDLE_SECONDS = 60.0  # between two requests on one connection
LINGER_SECONDS = 2.0  # how long the rest of a refused body is read and forgotten, so that the client sees the answer

# ── What goes out ────────────────────────────────────────────────────────────────────────────────────────────────────
SEND_BYTES = 256 * 1024  # held for one socket before `send` waits
RESPONSE_BYTES = 64 * 1024  # the same for a response over HTTP, which goes out in pieces of this size
WRITE_SECONDS = 20.0  # in which what is held must have left, else the connection is cut off
PING_SECONDS = 45.0  # of silence, after which a socket is asked for a sign of life
PONG_SECONDS = 30.0  # in which that must come
CLOSE_SECONDS = 5.0  # from our close frame to the client's

# ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────────
GRACE_SECONDS = 8.0  # for requests that are running when the server is told to go
BACKLOG = 2048  # connections the kernel holds while we are busy: a whole audience may come back at once


def frames(now: float) -> Allowance:
    """Return what a client may send on a socket that is made now, in frames of any kind; who goes beyond it is closed to with FRAMES_CODE."""
    return Allowance(now, FRAMES_PER_SECOND, FRAMES_AT_ONCE)


class Gate:
    """Whether a connection takes what is sent to it. Shut for longer than WRITE_SECONDS it cuts the connection off."""

    __slots__ = ("_abort", "_timer", "_waiting")

    def __init__(self, abort: Callable[[], object]) -> None:
        self._abort = abort
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def is_shut(self) -> bool:
        return self._timer is not None

    def shut(self) -> None:
        """Nothing more goes out for now."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(WRITE_SECONDS, self._abort)

    def open(self) -> None:
        """It takes bytes again, or never will: whoever waits goes on."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def passed(self) -> None:
        """Return as soon as it is open."""
        while self._timer is not None:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future


class Arrival:
    """Watches a request come in; calls `late` when its headers or its body take too long.

    `excused()` says that a body does not come on because we do not read it.
    """

    __slots__ = ("_body", "_excused", "_late", "_seen", "_timer", "received")

    def __init__(self, late: Callable[[], object], *, excused: Callable[[], bool] = lambda: False) -> None:
        self._late = late
        self._excused = excused
        self._timer: asyncio.TimerHandle | None = None
        self._body = False
        self._seen = 0
        self.received = 0

    def head(self) -> None:
        """Headers are awaited; does nothing if they are already."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._expired)

    def body(self) -> None:
        """Headers are complete and a body follows; does nothing if it is awaited already."""
        if not self._body:
            self.done()
            self._body = True
            self._wait()

    def done(self) -> None:
        """Nothing is awaited."""
        self._body = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self._seen = self.received
        self._timer = asyncio.get_running_loop().call_later(BODY_SECONDS, self._expired)

    def _expired(self) -> None:
        if self._body and (self.received - self._seen >= BODY_PROGRESS or self._excused()):
            self._wait()
        else:
            self._timer = None
            self._late()
