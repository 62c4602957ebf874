"""Express frames: one pre-built frame handed to a thousand transports, without a coroutine, a struct or a reactor's round for each.

The server offers `scope["extensions"]["fangtan.express"] = {"write": write}`. `write(frame)` takes a complete unmasked text frame:

    True     the frame was taken whole, behind everything sent before and ahead of everything sent after
    False    nothing was taken: something is still on its way, or the socket is closing; `send` does what is right then

It never raises, and is for the thread of the event loop alone. Setting EXPRESS_FRAMES=false takes the offer away, and nothing else
changes. This file knows the insides of two transports; nothing else does.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from websockets.protocol import State

if TYPE_CHECKING:
    from collections.abc import MutableMapping

NAME = "fangtan.express"
_OPEN = 3  # autobahn's STATE_OPEN; websockets says it by name


class TwistedExpress:
    """For a WebSocket protocol of autobahn on Twisted, whose own write costs a round of the reactor."""

    # A place of their own: among the hundred attributes of the protocol they are far apart, and for a thousand readers that is
    # a thousand times memory that no cache holds.
    __slots__ = ("state", "transport")

    transport: Any
    state: int

    def express(self, frame: bytes) -> bool:
        """Write a frame straight to the socket while Twisted's buffers for it are empty."""
        transport = self.transport
        if self.state != _OPEN or transport.TLS or transport.dataBuffer or transport._tempDataLen:
            return False
        if transport.disconnecting or not transport.connected:
            return False
        try:
            taken = transport.socket.send(frame)
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

    transport: Any
    conn: Any
    close_sent: bool
    handshake_complete: bool

    def express(self, frame: bytes) -> bool:
        """Write a frame while the transport holds nothing."""
        transport = self.transport
        if not self.handshake_complete or self.close_sent or transport.is_closing() or transport.get_write_buffer_size():
            return False
        if self.conn.state is not State.OPEN:
            return False
        transport.write(frame)
        return True


def offer(scope: "MutableMapping[str, Any]", protocol: TwistedExpress | AsyncioExpress) -> None:
    """Tell the application, unless EXPRESS_FRAMES is off."""
    if settings.EXPRESS_FRAMES:
        scope.setdefault("extensions", {})[NAME] = {"write": protocol.express}
