"""uvicorn, set up for us: limits, express frames, a clean end."""

import asyncio
import codecs
import logging
import signal
import socket
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import ProtocolError
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from operations.servers import express, garbage, limits
from operations.servers.front import BODY_BESIDE_UPGRADE, Front

LOOK_SECONDS = 0.05  # between two looks, at the end, for who has come after it began


class Http(H11Protocol):
    """A connection that speaks HTTP. uvicorn itself reads a body no faster than the application takes it."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._arrival = limits.Arrival(transport.abort, excused=lambda: self.flow.read_paused)
        self._gate = limits.Gate(transport.abort)
        self._arrival.head()

    def data_received(self, data: bytes) -> None:
        self._arrival.received += len(data)
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrival.done()
        self._gate.open()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._gate.shut()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._gate.open()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            # What is still held must leave, or the connection stays for ever.
            self._gate.shut()
        else:
            self._watch()

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._arrival.done()
        self._gate.open()
        if any(name == b"transfer-encoding" or (name == b"content-length" and int(value)) for name, value in self.headers):
            # It would be taken for frames.
            self.send_400_response(BODY_BESIDE_UPGRADE.decode())
            return
        super().handle_websocket_upgrade(event)
        if early := self.conn.trailing_data[0]:
            # What came in one piece with the handshake is the socket's.
            websocket: Any = self.transport.get_protocol()
            websocket.data_received(early)

    def _watch(self) -> None:
        """Set the deadline for what is to come now."""
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        state = self.conn.their_state.__name__
        if state == "SEND_BODY":
            self._arrival.body()
        elif state == "IDLE" and self.conn.trailing_data[0]:
            self._arrival.head()
        else:
            self._arrival.done()


class Conversation(ServerProtocol):
    """What is said on a WebSocket, by RFC 6455: text is UTF-8 in every frame, and a client may leave in the middle of a message."""

    def __init__(self) -> None:
        super().__init__(max_size=limits.FRAME_BYTES, logger=logging.getLogger("uvicorn.error"))
        self._text: codecs.IncrementalDecoder | None = None
        self._frames = limits.frames(time.monotonic())

    def recv_frame(self, frame: Frame) -> None:
        """Take one frame. A UnicodeDecodeError closes with 1007; uvicorn finds it later, and writes it into the log."""
        if not self._frames.take(time.monotonic()):
            self.fail(limits.FRAMES_CODE, "too many frames")
            # Nothing else ends the parser, which would go on with what has come already.
            raise ProtocolError
        if frame.opcode is Opcode.CLOSE:
            self.current_size = None
        super().recv_frame(frame)
        if frame.opcode is Opcode.TEXT:
            self._text = codecs.getincrementaldecoder("utf-8")()
        elif frame.opcode is Opcode.BINARY:
            self._text = None
        if frame.opcode in {Opcode.TEXT, Opcode.CONT} and self._text is not None:
            self._text.decode(frame.data, final=frame.fin)


class WebSocket(WebSocketsSansIOProtocol):
    """A connection that speaks WebSocket."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = Conversation()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.express = express.AsyncioExpress.of(self)
        # `send` waits from SEND_BYTES on until everything has left.
        transport.set_write_buffer_limits(high=limits.SEND_BYTES, low=0)
        self.close_timeout = limits.CLOSE_SECONDS
        self._heard = 0.0
        self._gate = limits.Gate(transport.abort)
        self._letting_in = self.loop.call_later(limits.HANDSHAKE_SECONDS, self._must_be_in)

    def connection_lost(self, exc: Exception | None) -> None:
        self._letting_in.cancel()
        self._gate.open()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.conn.parser_exc is not None:
            # RFC 6455 7.1.7: nothing is listened to any more.
            return
        self._heard = self.loop.time()
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            # What websockets answers to a request it cannot read uvicorn does not send.
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def handle_parser_exception(self) -> None:
        """Close to who broke the protocol, and say nothing more; for CLOSE_SECONDS what still comes is forgotten, so that it sees why.

        uvicorn itself hangs up, and the kernel answers what was on its way with a reset that overtakes the close frame. Who
        broke it before it was let in cannot be told in a frame.
        """
        sent = self.conn.close_sent
        if sent is None:
            self.transport.abort()
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": sent.code, "reason": sent.reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.write_eof()
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(limits.CLOSE_SECONDS, self.transport.abort)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            scope: Any = self.scope
            express.offer(scope, self.express)

    def start_keepalive(self) -> None:
        """Let in: what both sides said for that stays in the scope, and not twice more for as long as the socket lives."""
        super().start_keepalive()
        self.request.headers.clear()
        self.response.headers.clear()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._gate.shut()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._gate.open()

    def send_keepalive_ping(self) -> None:
        """Ask for a sign of life, unless there was one."""
        quiet = self.loop.time() - self._heard
        if quiet < limits.PING_SECONDS:
            self.ping_timer = self.loop.call_later(limits.PING_SECONDS - quiet, self.send_keepalive_ping)
        else:
            super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """Cut off who gave no sign of life: there is nobody to close in good order with."""
        super().keepalive_timeout()
        self.transport.abort()

    async def run_asgi(self) -> None:
        """Run the application; a socket it leaves because nobody reads is cut off, and what else is held has its time to leave."""
        await super().run_asgi()
        if self._gate.is_shut:
            self.transport.abort()
        elif self.transport.get_write_buffer_size():
            self._gate.shut()

    def _must_be_in(self) -> None:
        if not self.handshake_complete:
            self.transport.abort()


class Server(uvicorn.Server):
    """Ends with 0 when it was told to: uvicorn's own raises the signal once more."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End. uvicorn itself tells only those who are there when it begins: whoever was let in just then would stay for all of the grace."""
        telling = asyncio.create_task(self._tell_others(set(self.server_state.connections)))
        await super().shutdown(sockets)
        telling.cancel()

    async def _tell_others(self, told: set[Any]) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            others = self.server_state.connections - told
            told |= others
            for connection in others:
                connection.shutdown()


async def until_cancelled(application: Callable[..., Any], scope: Any, receive: Any, send: Any) -> None:
    """Run an application. When the grace is over the server takes back the tasks of sockets that are left: no fault of theirs to log."""
    try:
        await application(scope, receive, send)
    except asyncio.CancelledError:
        if scope["type"] != "websocket":
            raise


def run(application: Callable[..., Any], *, host: str, port: int, unix: str | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit code is 0 then, and 1 when the address is not to be had."""
    config = uvicorn.Config(
        partial(until_cancelled, Front(application)),
        host=host,
        port=port,
        uds=unix,
        loop="asyncio",
        http=Http,
        h11_max_incomplete_event_size=limits.HEAD_BYTES,
        ws=WebSocket,
        ws_ping_interval=limits.PING_SECONDS,
        ws_ping_timeout=limits.PONG_SECONDS,
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=limits.BACKLOG,
        timeout_keep_alive=int(limits.IDLE_SECONDS),
        timeout_graceful_shutdown=int(limits.GRACE_SECONDS),
    )
    garbage.look_rarely()
    try:
        asyncio.run(Server(config).serve())
    except SystemExit:  # raised after the reason was logged
        return 1
    return 0
