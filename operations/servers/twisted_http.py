"""daphne's HTTP, with the limits it lacks: how long and how slow a request may be, and how slowly a response may be read."""

from collections.abc import Callable
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.internet.protocol import connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.web.http import HTTPChannel

from operations.servers import limits
from operations.servers.front import BODY_BESIDE_UPGRADE, TOO_LARGE, TOO_MANY, is_trusted

REFUSAL = b"HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
BAD = b"400 Bad Request"
LARGE_BODY = b"413 Content Too Large"
LARGE_HEAD = b"431 Request Header Fields Too Large"


class Request(WebRequest):
    """One request. daphne reads its body whole before the application hears of it, so it is counted here."""

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  (the name is Twisted's)
        if self.channel.refused:
            return
        if self.content.tell() + len(data) > limits.BODY_BYTES:
            self.channel.refuse(LARGE_BODY, TOO_LARGE)
        else:
            super().handleContentChunk(data)

    @property
    def asks_for_websocket(self) -> bool:
        """Whether daphne makes a socket of it."""
        upgrades = self.requestHeaders.getRawHeaders(b"Upgrade", [b""])
        return bool(upgrades[0].lower() == b"websocket")

    def process(self) -> Any:
        if self.asks_for_websocket and self.content.read(1):
            # daphne would give a body to the socket's parser in one piece, as if it were frames.
            self.channel.refuse(BAD, BODY_BESIDE_UPGRADE)
            return None
        peer = [self.client.host, self.client.port] if hasattr(self.client, "host") else None
        if not is_trusted(peer):
            # daphne makes the root of all links of it.
            self.requestHeaders.removeHeader(b"daphne-root-path")
        return super().process()

    def abandoned(self) -> None:
        """The application has left: who got no answer is told so, and to who got half of one the end must not look like its end."""
        if not self._response_started:
            self.handle_exception(None)
        elif not self.finished:
            self.channel.transport.abortConnection()


class Channel(HTTPChannel):
    """One connection that speaks HTTP, until it speaks WebSocket."""

    transport: Any
    refused = False
    maxHeaders = limits.HEADERS  # noqa: N815
    totalHeadersSize = limits.HEAD_BYTES  # noqa: N815

    def connectionMade(self) -> None:  # noqa: N802
        super().connectionMade()
        # Twisted's own deadline starts anew with every byte, which is no deadline.
        self.setTimeout(None)
        self.arrival = limits.Arrival(self.transport.abortConnection)
        self.gate = limits.Gate(self.transport.abortConnection)
        self.arrival.head()

    def connectionLost(self, reason: Any = connectionDone) -> None:  # noqa: N802
        self.arrival.done()
        self.gate.open()
        super().connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self.refused:
            return
        self.arrival.received += len(data)
        if not self._handlingRequest and not self.requests:
            # The first bytes of a request: from now on it has HEAD_SECONDS.
            self.setTimeout(None)
            self.arrival.head()
        LineReceiver.dataReceived(self, data)

    def allHeadersReceived(self) -> None:  # noqa: N802
        if self.length and self.length > limits.BODY_BYTES:
            self.refuse(LARGE_BODY, TOO_LARGE)
            return
        if self.length != 0 and self.requests[-1].asks_for_websocket:
            self.refuse(BAD, BODY_BESIDE_UPGRADE)
            return
        super().allHeadersReceived()
        if self.length != 0:
            self.arrival.body()

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802
        if self.transport.protocol is not self:
            # What came in one piece with the handshake is the socket's.
            self.transport.protocol.dataReceived(data)
        elif not self.refused:
            super().rawDataReceived(data)

    def allContentReceived(self) -> None:  # noqa: N802
        if self.refused:
            return
        self.arrival.done()
        # Twisted stops this clock while the request is answered, and sets it again afterwards.
        self.setTimeout(limits.IDLE_SECONDS)
        super().allContentReceived()

    def pauseProducing(self) -> None:  # noqa: N802
        self.gate.shut()
        super().pauseProducing()

    def resumeProducing(self) -> None:  # noqa: N802
        self.gate.open()
        super().resumeProducing()

    def loseConnection(self) -> None:  # noqa: N802
        super().loseConnection()
        # What is still held must leave, or the connection stays for ever.
        self.gate.shut()

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        """A first line or a header goes beyond what Twisted buffers of it, which would end the connection without a word."""
        self.refuse(LARGE_HEAD, TOO_MANY)

    def refuse(self, status: bytes, words: bytes) -> None:
        """Answer, and for a while forget what still comes: who is cut off while sending may not see the answer."""
        self.refused = True
        self.arrival.done()
        self.transport.write(REFUSAL % (status, len(words)) + words)
        self.transport.loseWriteConnection()
        self.abortTimeout = 0
        self.setTimeout(limits.LINGER_SECONDS)


class Factory(HTTPFactory):
    """Makes them."""

    protocol: Callable[[], Channel] = Channel

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol
