"""Express frames: one pre-built frame handed to a thousand transports, without a coroutine, a struct or a reactor's round for each.

The server offers `scope["extensions"]["fangtan.express"] = {"socket": socket}`, an Express. All of it is for the thread of the event
loop alone. Setting EXPRESS_FRAMES=false takes the offer away, and nothing else changes; a connection that encrypts has none, for its
transport has to see every byte. This file knows the insides of two transports; nothing else does.
"""

import functools
from collections.abc import Callable, MutableMapping, Sequence
from socket import socket
from typing import Any

from django.conf import settings

from operations.servers.ring import Ring

NAME = "fangtan.express"
_OPEN = 3  # autobahn's STATE_OPEN


@functools.cache
def _ring() -> Ring | None:
    """The kernel's own way to many sockets, None if it offers none or a setting forbids it."""
    try:
        return Ring() if settings.EXPRESS_RING else None
    except OSError:
        return None


def put_all(frame: bytes, sockets: Sequence[socket]) -> list[tuple[int, int]]:
    """Give a frame to sockets, each at once and without any look at what waits for it.

    Returns (index, bytes taken) of those that did not take it whole, 0 if full or gone.
    """
    ring = _ring()
    return ring.put_all(frame, sockets) if ring else one_by_one(frame, sockets)


def one_by_one(frame: bytes, sockets: Sequence[socket]) -> list[tuple[int, int]]:
    """The same by a call for each."""
    short = []
    for index, connection in enumerate(sockets):
        try:
            taken = connection.send(frame)
        except OSError:
            taken = 0
        if taken != len(frame):
            short.append((index, taken))
    return short


class Express:
    """The way to one socket past its server.

    Whoever puts frames to `socket` has looked that it `is_clear` and asked by `watch` to be told before anything goes out by the server:
    until then it stays so, and one frame may follow the other. Where it took less than it was given, `rest` has to take what is left.
    """

    __slots__ = ("_before", "_protocol", "_transport", "_write", "socket")

    put_all = staticmethod(put_all)

    def __init__(self, protocol: Any, connection: Any) -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        self._before: Callable[[], object] | None = None
        # Whatever the server or the other methods here send passes this door.
        self._write: Callable[[bytes], None] = self._transport.write
        self._transport.write = self.rest
        self.socket: socket = connection

    @property
    def is_clear(self) -> bool:
        """Whether the socket is open and nothing waits for it in the transport's buffers."""
        raise NotImplementedError

    def write(self, frame: bytes) -> bool:
        """Take a complete unmasked frame whole, behind everything sent before and ahead of everything sent after. Never raises.

        False if nothing was taken: something is still on its way, or the socket is closing; `send` does what is right then.
        """
        if not self.is_clear:
            return False
        try:
            # Of a socket that was closed meanwhile this is an error like any other.
            taken = self.socket.send(frame)
        except OSError:  # full, or gone: the transport finds out which
            return False
        if taken != len(frame):
            # The transport has the rest, and everything after it queues up behind.
            self.rest(frame[taken:])
        return True

    def rest(self, data: bytes) -> None:
        """Give bytes to the transport."""
        if self._before is not None:
            self._before()
        self._write(data)

    def watch(self, before: Callable[[], object] | None) -> None:
        """Call `before()` from now on before anything is given to the transport. None ends it."""
        self._before = before


class TwistedExpress(Express):
    """For a WebSocket protocol of autobahn on Twisted, whose own write costs a round of the reactor."""

    __slots__ = ()

    @property
    def is_clear(self) -> bool:
        transport = self._transport
        return bool(
            self._protocol.state == _OPEN and not transport.dataBuffer and not transport._tempDataLen and not transport.disconnecting
        )

    @classmethod
    def of(cls, protocol: Any) -> "TwistedExpress | None":
        """The offer for a connection that was just made; None if there is none."""
        return cls(protocol, protocol.transport.socket) if settings.EXPRESS_FRAMES and not protocol.transport.TLS else None


class AsyncioExpress(Express):
    """For uvicorn's WebSocket protocol on asyncio, whose transport writes at once but is reached through many calls."""

    __slots__ = ()

    @property
    def is_clear(self) -> bool:
        protocol, transport = self._protocol, self._transport
        # Every end of the conversation says so in one of these before the loop goes on.
        return bool(protocol.handshake_complete and not protocol.close_sent and not transport._closing and not transport._buffer)

    @classmethod
    def of(cls, protocol: Any) -> "AsyncioExpress | None":
        """The offer for a connection that was just made; None if there is none."""
        connection = getattr(protocol.transport, "_sock", None)
        return cls(protocol, connection) if settings.EXPRESS_FRAMES and connection is not None else None


def offer(scope: MutableMapping[str, Any], express: Express | None) -> None:
    """Tell the application."""
    if express is not None:
        scope.setdefault("extensions", {})[NAME] = {"socket": express}
