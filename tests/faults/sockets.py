"""A WebSocket client that costs next to nothing, so that one process can hold thousands and none of them is the bottleneck."""

import asyncio
import base64
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable

HANDSHAKE_SECONDS = 20.0
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
CUT = 1006  # what the end of a line without a close frame is called


class Refused(OSError):
    """The server answered the handshake with something else than 101."""


def frame(payload: bytes, *, opcode: int = TEXT, last: bool = True) -> bytes:
    """One masked frame. The mask is zero, which a server must take and which costs nothing."""
    length = len(payload)
    head = bytes([opcode | (0x80 if last else 0)])
    if length < 126:
        return head + bytes([0x80 | length, 0, 0, 0, 0]) + payload
    if length < 65536:
        return head + b"\xfe" + length.to_bytes(2, "big") + b"\0\0\0\0" + payload
    return head + b"\xff" + length.to_bytes(8, "big") + b"\0\0\0\0" + payload


def handshake(port: int, *, subprotocol: str = "", cookie: str = "") -> bytes:
    """The request that opens a socket, as our own page sends it."""
    lines = [
        "GET /ws/ HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(secrets.token_bytes(16)).decode()}",
        *([f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []),
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Socket(asyncio.Protocol):
    """One line. `opened` is done after the handshake, or holds why not; `closed` becomes the close code."""

    def __init__(self, request: bytes, told: Callable[["Socket", bytes], None]) -> None:
        """`told(line, payload)` gets every text frame, in its order."""
        loop = asyncio.get_running_loop()
        self._request = request
        self._told = told
        self._held = bytearray()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[int] = loop.create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def send(self, payload: bytes) -> None:
        """Send a text frame."""
        self.transport.write(frame(payload))

    def cut(self) -> None:
        """Drop the line without a word."""
        self._end(CUT)
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        self._held += data
        if not self.opened.done() and not self._accepted():
            return
        while not self.closed.done() and self._take():
            pass

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(CUT)

    def _accepted(self) -> bool:
        end = self._held.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = bytes(self._held[:40]).split(b"\r\n")[0].decode("latin-1")
        del self._held[: end + 4]
        if status.split(" ")[1] != "101":
            self.opened.set_exception(Refused(status))
            self.transport.abort()
            return False
        self.opened.set_result(None)
        return True

    def _take(self) -> bool:
        """Take one whole frame off what came; False if there is none."""
        held = self._held
        if len(held) < 2:
            return False
        length, start = held[1] & 0x7F, 2
        if length > 125:
            start = 4 if length == 126 else 10
            length = int.from_bytes(held[2:start], "big")
        if len(held) < start + length:
            return False
        opcode, payload = held[0] & 0x0F, bytes(held[start : start + length])
        del held[: start + length]
        if opcode == TEXT:
            self._told(self, payload)
        elif opcode == PING:
            self.transport.write(frame(payload, opcode=PONG))
        elif opcode == CLOSE:
            self.transport.write(frame(payload[:2], opcode=CLOSE))
            self.transport.close()
            self._end(int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005)
        return True

    def _end(self, code: int) -> None:
        if not self.opened.done():
            self.opened.set_exception(Refused("the line ended before the answer to the handshake"))
            # Whoever was waiting may have gone.
            self.opened.exception()
        if not self.closed.done():
            self.closed.set_result(code)


async def open_socket(port: int, told: Callable[[Socket, bytes], None], *, subprotocol: str = "", cookie: str = "") -> Socket:
    """A line to the server on this port. Raises OSError or TimeoutError."""
    loop = asyncio.get_running_loop()
    request = handshake(port, subprotocol=subprotocol, cookie=cookie)
    async with asyncio.timeout(HANDSHAKE_SECONDS):
        _, line = await loop.create_connection(lambda: Socket(request, told), "127.0.0.1", port)
        try:
            await line.opened
        except BaseException:
            line.cut()
            with contextlib.suppress(BaseException):
                line.opened.exception()
            raise
    return line


@contextlib.asynccontextmanager
async def raw_socket(port: int, *, receive_buffer: int = 4096) -> AsyncIterator[socket.socket]:
    """A TCP connection that holds as little as the system allows, for those who read slowly or not at all."""
    loop = asyncio.get_running_loop()
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        line.setblocking(False)
        await loop.sock_connect(line, ("127.0.0.1", port))
        yield line
