"""Hands messages to one socket in their order, at once whenever the server takes them at once."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, MutableMapping, Sequence
from typing import Any, Protocol

from realtime.protocol import Frame

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
# Gives the bytes of a frame, as it stands on the wire, to sockets; returns (index, bytes taken) of those that did not take them whole.
PutAll = Callable[[bytes, Sequence[Any]], list[tuple[int, int]]]


class Express(Protocol):
    """A server's offer to take frames as they stand on the wire: see operations/servers/express.py."""

    @property
    def socket(self) -> Any:
        """What `put_all` takes."""

    @property
    def put_all(self) -> PutAll:
        """The same for all sockets of a server."""

    @property
    def is_clear(self) -> bool:
        """Whether the socket is open and nothing is on its way to it, so that frames may be put to it."""

    def write(self, frame: bytes) -> bool:
        """Take a frame now and whole if the socket is clear; whether it did."""

    def rest(self, piece: bytes) -> None:
        """Take what the socket did not."""

    def watch(self, before: Callable[[], object] | None) -> None:
        """Call `before` each time before anything goes out that is not put to the socket or written here."""


# Messages that may wait while the server holds one back. Events never wait here: a busy reader reads them from the log
# later. So this is for beats and answers, and whoever lets more pile up does not read.
LIMIT = 64


class _Rest:
    """What is left of a sending that was started by hand and stopped at `first`."""

    def __init__(self, steps: Generator[Any, None, None], first: Any) -> None:
        self._steps = steps
        self._first = first

    def __await__(self) -> Generator[Any, None, None]:
        # The future it waits for is handed on to the task that now runs us; after that it runs as if never touched.
        yield self._first
        yield from self._steps


class Outbox:
    """One socket's way out.

    A server that offers it is handed the finished bytes. Otherwise sending is started by hand instead of in a task: as
    long as the server does not make us wait, a message costs a function call, and a reader who makes it wait holds up
    nobody but itself.
    """

    __slots__ = ("_broken", "_drained", "_express", "_send", "_shut", "_task", "_waiting")

    def __init__(self, send: Send, *, drained: Callable[[], None], broken: Callable[[], None], express: Express | None = None) -> None:
        """`drained()` is called when a socket that made us wait takes messages again, `broken()` when it never will."""
        self._send = send
        self._express = express
        self._drained = drained
        self._broken = broken
        self._waiting: list[Message] = []
        self._task: asyncio.Task[None] | None = None
        self._shut = False

    @property
    def busy(self) -> bool:
        """Whether the server makes us wait."""
        return self._task is not None

    @property
    def express(self) -> Express | None:
        """The way past us, None if there is none or something waits here. It is good until something else is sent."""
        return None if self._shut or self._task is not None else self._express

    def send(self, frame: Frame) -> None:
        """Send a frame after everything earlier. Never waits; does nothing once the outbox is shut."""
        express = self.express
        if express is not None and express.write(frame.wire):
            return
        self._put({"type": "websocket.send", "text": frame.text})

    def close(self, code: int) -> None:
        """Close the socket after everything earlier."""
        self._put({"type": "websocket.close", "code": code})

    def _put(self, message: Message) -> None:
        if self._shut:
            return
        if self._task is not None:
            self._waiting.append(message)
            if len(self._waiting) > LIMIT:
                self._break()
            return
        try:
            steps: Any = self._send(message).__await__()
            first = next(steps)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001  each server has its own words for "the socket is gone"
            self._break()
            return
        self._task = asyncio.create_task(self._finish(steps, first))

    def shut(self) -> None:
        """Send nothing more, not even what waits."""
        self._shut = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _break(self) -> None:
        self.shut()
        self._broken()

    async def _finish(self, steps: Generator[Any, None, None], first: Any) -> None:
        try:
            await _Rest(steps, first)
            while self._waiting:
                await self._send(self._waiting.pop(0))
        except Exception:  # noqa: BLE001  as above
            self._break()
        finally:
            self._task = None
        self._drained()
