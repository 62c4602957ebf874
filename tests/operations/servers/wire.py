"""WebSocket and HTTP byte by byte, for what no client library would send."""

import base64
import json
import os
import socket
import struct
from dataclasses import dataclass
from typing import Any, Self

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x37\xfa\x21\x3d"


@dataclass(frozen=True)
class Frame:
    """One frame as it came."""

    opcode: int
    payload: bytes
    fin: bool = True
    rsv: int = 0
    masked: bool = False

    @property
    def code(self) -> int | None:
        """The code of a close frame."""
        return struct.unpack("!H", self.payload[:2])[0] if self.opcode == CLOSE and len(self.payload) >= 2 else None


def encoded(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True, length: int | None = None) -> bytes:
    """One frame as a client sends it, or as it should not; `length` lies about it."""
    size = len(payload) if length is None else length
    first = fin << 7 | rsv << 4 | opcode
    bit = masked << 7
    if size < 126:
        head = struct.pack("!BB", first, bit | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", first, bit | 126, size)
    else:
        head = struct.pack("!BBQ", first, bit | 127, size)
    if not masked:
        return head + payload
    mask = (MASK * (len(payload) // 4 + 1))[: len(payload)]
    return head + MASK + (int.from_bytes(payload) ^ int.from_bytes(mask)).to_bytes(len(payload))


class Line:
    """A TCP connection to a server, and what was read from it but not used yet."""

    def __init__(self, port: int, *, timeout: float = 60, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        try:
            self.socket.connect(("127.0.0.1", port))
        except OSError:
            self.socket.close()
            raise
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, size: int) -> bytes:
        """So many bytes; raises EOFError if the connection ends first."""
        while len(self.rest) < size:
            data = self.socket.recv(1 << 16)
            if not data:
                raise EOFError
            self.rest += data
        data, self.rest = self.rest[:size], self.rest[size:]
        return data

    def until(self, mark: bytes) -> bytes:
        """Everything up to and with a mark."""
        while mark not in self.rest:
            data = self.socket.recv(1 << 16)
            if not data:
                raise EOFError
            self.rest += data
        data, self.rest = self.rest[: self.rest.index(mark) + len(mark)], self.rest[self.rest.index(mark) + len(mark) :]
        return data

    def everything(self) -> bytes:
        """What still comes until the connection ends, in whatever way."""
        data, self.rest = self.rest, b""
        try:
            while more := self.socket.recv(1 << 16):
                data += more
        except ConnectionError:
            pass
        return data

    def upgrade(self, path: str = "/echo", *, origin: str = "", headers: str = "") -> bytes:
        """Ask for a WebSocket and return the head of the answer."""
        self.send(self.handshake(path, origin=origin, headers=headers))
        return self.until(b"\r\n\r\n")

    def handshake(self, path: str = "/echo", *, origin: str = "", headers: str = "") -> bytes:
        """What asks for a WebSocket."""
        key = base64.b64encode(os.urandom(16)).decode()
        host = f"127.0.0.1:{self.socket.getpeername()[1]}"
        return (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: {origin or f'http://{host}'}\r\n{headers}\r\n"
        ).encode()

    def frame(self) -> Frame:
        """The next frame; raises EOFError if the connection ends first."""
        first, second = self.read(2)
        size = second & 127
        if size == 126:
            (size,) = struct.unpack("!H", self.read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self.read(8))
        return Frame(first & 15, self.read(size), bool(first & 128), first >> 4 & 7, bool(second & 128))

    def frames(self) -> list[Frame]:
        """What frames still come until the connection ends, in whatever way."""
        frames = []
        try:
            while True:
                frames.append(self.frame())
        except (EOFError, ConnectionError):
            return frames

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of a response that tells its length or ends the connection."""
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        body = self.read(int(headers["content-length"])) if "content-length" in headers else self.everything()
        return int(lines[0].split()[1]), headers, body


def connected(port: int, path: str = "/echo", *, receive_buffer: int = 0) -> Line:
    """An open WebSocket."""
    line = Line(port, receive_buffer=receive_buffer)
    try:
        head = line.upgrade(path)
        assert head.startswith(b"HTTP/1.1 101 "), head
    except BaseException:
        line.socket.close()
        raise
    return line


def get(port: int, path: str, *headers: str) -> Any:
    """What the site answers, from JSON."""
    with Line(port) as line:
        line.send("\r\n".join([f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode())
        status, _, body = line.answer()
        assert status == 200, (status, body)
        return json.loads(body)
