"""daphne's WebSocket: frames limited coming in and not going out, a deadline for who does not read, any close code, express frames."""

import struct
import time
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from operations.servers import express, limits


class Gone(OSError):
    """A socket is lost that was sent on."""


class WebSocket(WebSocketProtocol):
    """A connection that speaks WebSocket."""

    def connectionMade(self) -> None:  # noqa: N802  (the names are Twisted's and autobahn's)
        self.express = express.TwistedExpress.of(self)
        super().connectionMade()
        self.heard = time.monotonic()
        # When the application was asked to let it in.
        self.opened: float | None = None
        self.frames = limits.frames(self.heard)
        self.gate = limits.Gate(self._cut_off)
        # Until now the transport told the HTTP channel how full it was.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        self.gate.open()
        super().connectionLost(reason)

    def onConnect(self, request: Any) -> Any:  # noqa: N802
        deferred = super().onConnect(request)
        self.opened = time.monotonic()
        return deferred

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self.failedByMe:
            # RFC 6455 7.1.7: nothing is listened to any more.
            return
        self.heard = time.monotonic()
        if self.state != self.STATE_CONNECTING or self.opened is None:
            super().dataReceived(data)
        elif len(self.data) + len(data) <= limits.EARLY_BYTES:
            # autobahn comes to it once the socket is let in; before that it would look for one more handshake.
            self.data += data
        else:
            self.transport.abortConnection()

    def serverAccept(self, subprotocol: str | None = None) -> None:  # noqa: N802
        """Let it in. What autobahn has against that is raised, for the application has chosen it; else nobody would hear of it."""
        handshake = self.handshake_deferred
        wrong: list[Any] = []
        super().serverAccept(subprotocol)
        handshake.addErrback(wrong.append)
        if wrong:
            wrong[0].raiseException()

    def serverReject(self) -> None:  # noqa: N802
        """Do not let it in; an answer that has failed once is not tried again."""
        if hasattr(self, "handshake_deferred"):
            super().serverReject()
        else:
            self.transport.abortConnection()

    def handle_exception(self, exception: BaseException) -> None:
        """Close to whose application failed; if it failed at letting in, there is nothing more to say."""
        if self.state == self.STATE_CONNECTING and not hasattr(self, "handshake_deferred"):
            self.transport.abortConnection()
        else:
            super().handle_exception(exception)

    # ── Coming in ────────────────────────────────────────────────────────────────────────────────────────────────────
    def onFrameBegin(self) -> None:  # noqa: N802
        """Look at one more frame, unless there are too many: then at none that has come already either."""
        if not self.frames.take(time.monotonic()):
            self._fail_connection(limits.FRAMES_CODE, "too many frames")
            self.data = b""
        super().onFrameBegin()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        """Keep a message for the application. While it has taken too few nothing more is read, and the kernel slows the client down."""
        super().onMessage(payload, isBinary)
        if self.application_queue.qsize() >= limits.RECEIVE_MESSAGES and self.state == self.STATE_OPEN:
            self.transport.pauseProducing()

    async def receive(self) -> dict[str, Any]:
        """What the application takes next."""
        message: dict[str, Any] = await self.application_queue.get()
        if self.application_queue.empty():
            self.transport.resumeProducing()
        return message

    # ── Going out ────────────────────────────────────────────────────────────────────────────────────────────────────
    def handle_reply(self, message: dict[str, Any]) -> None:
        """As in daphne; but empty messages are messages, and a close may have any code and a reason."""
        kind = message.get("type")
        if kind == "websocket.send":
            text, data = message.get("text"), message.get("bytes")
            if (text is None) == (data is None):
                raise ValueError(f"expected either text or bytes in websocket.send, got {sorted(message)}")
            if self.state == self.STATE_CONNECTING:
                raise ValueError("expected websocket.accept before websocket.send")
            self._frame(1, text.encode()) if text is not None else self._frame(2, data or b"")
        elif kind == "websocket.close" and self.state != self.STATE_CONNECTING:
            # The client's own close frame is to be read, whether or not the application still takes anything.
            self.transport.resumeProducing()
            self.sendCloseFrame(code=message.get("code") or 1000, reasonUtf8=(message.get("reason") or "").encode()[:123])
        else:
            super().handle_reply(message)

    def _frame(self, opcode: int, payload: bytes) -> None:
        # autobahn's sendMessage holds the limit for what comes in against what goes out.
        if self.state != self.STATE_OPEN:
            raise Gone("expected an open socket")
        frame = header(opcode, len(payload)) + payload
        if self.express is None or not self.express.write(frame):
            self.transport.write(frame)

    def pauseProducing(self) -> None:  # noqa: N802
        """The transport holds more than its mark."""
        self.gate.shut()

    def resumeProducing(self) -> None:  # noqa: N802
        """Everything has left."""
        self.gate.open()

    def stopProducing(self) -> None:  # noqa: N802
        """The transport is gone."""
        self.gate.open()

    @property
    def held(self) -> int:
        """Bytes that wait in Twisted's buffers."""
        transport = self.transport
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen

    async def room(self) -> None:
        """Return once the socket takes more; SEND_BYTES may be held."""
        while self.gate.is_shut and self.held > limits.SEND_BYTES:
            await self.gate.passed()

    # ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _fail_connection(self, code: int, reason: str) -> None:
        """Close to who broke the protocol, and say nothing more; for CLOSE_SECONDS what still comes is forgotten, so that it sees why."""
        super()._fail_connection(code, reason)
        self.transport.loseWriteConnection()

    def dropConnection(self, abort: bool = False) -> None:  # noqa: N802
        # A close frame that is refused autobahn takes for the answer to its refusal, and aborts before that has left.
        abort = abort and (not self.failedByMe or self.gate.is_shut)
        super().dropConnection(abort)
        if not abort and self.held:
            # What is still held must leave, or the connection stays for ever.
            self.gate.shut()

    def abandoned(self) -> None:
        """The application has left without closing: cut off who does not read, and close to everybody else."""
        if self.state == self.STATE_OPEN:
            self.wasClean = not self.gate.is_shut
            self.dropConnection(abort=self.gate.is_shut)
        elif self.state == self.STATE_CONNECTING:
            self.serverReject()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:  # noqa: N802, N803
        """Tell the application, if there is one: of a handshake that was none it was never told."""
        if self.opened is not None:
            super().onClose(wasClean, code, reason)

    def _cut_off(self) -> None:
        self.wasNotCleanReason = "the peer does not read"
        if self.state == self.STATE_CLOSED:
            self.transport.abortConnection()
        else:
            self.dropConnection(abort=True)

    def check_timeouts(self) -> None:
        """Ask for a sign of life after PING_SECONDS without one; give up on an application that does not let it in."""
        now = time.monotonic()
        if self.state == self.STATE_CONNECTING:
            if self.opened is not None and now - self.opened > limits.HANDSHAKE_SECONDS:
                self.serverReject()
        elif self.state == self.STATE_OPEN and now - self.heard > limits.PING_SECONDS and not self.autoPingPending:
            self._sendAutoPing()


class Factory(WebSocketFactory):
    """Makes them."""

    protocol = WebSocket

    def __init__(self, server: Any) -> None:
        super().__init__(server, server="")
        self.setProtocolOptions(
            allowNullOrigin=True,  # operations/origins.py decides
            openHandshakeTimeout=limits.HANDSHAKE_SECONDS,
            closeHandshakeTimeout=limits.CLOSE_SECONDS,
            autoPingTimeout=limits.PONG_SECONDS,
            maxMessagePayloadSize=limits.FRAME_BYTES,
            maxFramePayloadSize=limits.FRAME_BYTES,
            failByDrop=False,
        )


def header(opcode: int, length: int) -> bytes:
    """Return what stands before an unmasked payload of this length that is a message by itself."""
    if length < 126:
        return bytes((0x80 | opcode, length))
    if length < 1 << 16:
        return struct.pack("!BBH", 0x80 | opcode, 126, length)
    return struct.pack("!BBQ", 0x80 | opcode, 127, length)
