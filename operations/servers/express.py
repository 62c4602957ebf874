"""Express frames: one pre-built frame handed to a thousand transports, without a coroutine, a struct or a reactor's round for each.

The server offers `scope["extensions"]["fangtan.express"] = {"write": write}`. `write(frame)` takes a complete unmasked text frame:

    True     the frame was taken whole, behind everything sent before and ahead of everything sent after
    False    nothing was taken: something is still on its way, or the socket is closing; `send` does what is right then

It never raises, and is for the thread of the event loop alone. Setting EXPRESS_FRAMES=false takes the offer away, and nothing else
changes. This file knows the insides of two transports; nothing else does.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import MutableMapping

NAME = "fangtan.express"
_OPEN = 3  # autobahn's STATE_OPEN


def _not_past(_frame: bytes) -> int:
    """Stands for the socket of a transport that has to see every byte itself, as one that encrypts."""
    raise BlockingIOError


class TwistedExpress:
    """For a WebSocket protocol of autobahn on Twisted, whose own write costs a round of the reactor."""

    # A place of their own: among the hundred attributes of the protocol they are far apart, and for a thousand readers that is
    # a thousand times memory that no cache holds.
    __slots__ = ("_put", "state", "transport")

    transport: Any
    state: int

    def board(self) -> None:
        """Get ready, once the transport is there."""
        self._put = _not_past if self.transport.TLS else self.transport.socket.send

    def express(self, frame: bytes) -> bool:
        """Write a frame straight to the socket while Twisted's buffers for it are empty."""
        transport = self.transport
        if self.state != _OPEN or transport.dataBuffer or transport._tempDataLen or transport.disconnecting:
            return False
        try:
            # Of a socket that was closed meanwhile this is an error like any other.
            taken = self._put(frame)
        except OSError:  # full, or gone: Twisted finds out which
            return False
        if taken != len(frame):
            # Twisted has the rest, and everything after it queues up behind.
            transport.write(frame[taken:])
        return True

    @property
    def held(self) -> int:
        """Bytes that wait in Twisted's buffers."""
        transport = self.transport
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen


class AsyncioExpress:
    """For uvicorn's WebSocket protocol on asyncio, whose transport writes at once but is reached through many calls."""

    # As above.
    __slots__ = ("_put", "close_sent", "handshake_complete", "transport")

    transport: Any
    close_sent: bool
    handshake_complete: bool

    def board(self) -> None:
        """Get ready, once the transport is there."""
        connection = getattr(self.transport, "_sock", None)
        self._put = _not_past if connection is None else connection.send

    def express(self, frame: bytes) -> bool:
        """Write a frame straight to the socket while asyncio's buffer for it is empty."""
        transport = self.transport
        # Every end of the conversation says so in one of these before the loop goes on.
        if self.close_sent or transport._closing or transport._buffer or not self.handshake_complete:
            return False
        try:
            taken = self._put(frame)
        except OSError:  # full, or gone: asyncio finds out which
            return False
        if taken != len(frame):
            transport.write(frame[taken:])
        return True


def offer(scope: "MutableMapping[str, Any]", protocol: TwistedExpress | AsyncioExpress) -> None:
    """Tell the application, unless EXPRESS_FRAMES is off."""
    if settings.EXPRESS_FRAMES:
        scope.setdefault("extensions", {})[NAME] = {"write": protocol.express}
