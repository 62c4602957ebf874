"""Requests that are too much: each is sent as far as the server takes it, and tells how it was refused.

The slow ones, in `linger()`, send a byte now and then and tell how long they were borne.
"""

import asyncio
import gzip
import itertools
import select
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from operations.servers import limits
from realtime.protocol import FRAME_LIMIT, CloseCode
from tests.operations.servers import wire
from tests.operations.servers.wire import BINARY, CLOSE, CONT, TEXT, encoded

PIECE = b"x" * 65_536
MIB = 1 << 20
MOST = 96 * MIB  # bytes of a body, if nobody stops it
TOO_LARGE = frozenset({1009, CloseCode.TOO_LARGE})
DRIP_SECONDS = 3.0
PATIENCE = 75.0  # seconds after which a slow client gives up on being cut off


@dataclass(frozen=True)
class Burden:
    """Something too much. `send(port)` returns the status or close code it was answered with; `refusals` are the right ones."""

    name: str
    send: Callable[[int], int]
    refusals: frozenset[int]


# ── On a socket ──────────────────────────────────────────────────────────────────────────────────────────────────────
def _frames(*frames: bytes) -> Callable[[int], int]:
    def send(port: int) -> int:
        with wire.connected(port, "/ws/") as line:
            for frame in frames:
                line.send(frame)
            while (answer := line.frame()).opcode != CLOSE:
                pass
            line.send(encoded(CLOSE, answer.payload[:2]))
            return answer.code or 1005

    return send


def _deflate(port: int) -> int:
    """A socket that would be compressed: let in, and not compressed."""
    with wire.Line(port) as line:
        head = line.upgrade("/ws/", headers="Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
        assert b"sec-websocket-extensions" not in head.lower(), head
        line.send(encoded(TEXT, b"x", rsv=4))
        return line.frame().code or 1005


# ── Over HTTP ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _request(path: str, *headers: str, method: str = "POST") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def _answer(port: int, request: bytes, body: Iterable[bytes] = ()) -> int:
    """Send a request and its body until the server answers; the status."""
    with wire.Line(port) as line:
        answered = select.poll()
        answered.register(line.socket, select.POLLIN)
        with suppress(ConnectionError):
            line.send(request)
            for piece in body:
                if answered.poll(0):
                    break
                line.send(piece)
        # Its end may not come: a proxy keeps the line.
        return int(line.until(b"\r\n\r\n").split()[1])


def _announced(size: int) -> Callable[[int], int]:
    def send(port: int) -> int:
        body = itertools.repeat(PIECE, min(size, MOST) // len(PIECE))
        return _answer(port, _request("/", f"Content-Length: {size}"), body)

    return send


def _chunked(port: int) -> int:
    chunk = b"10000\r\n" + PIECE + b"\r\n"
    return _answer(port, _request("/", "Transfer-Encoding: chunked"), itertools.repeat(chunk, MOST // len(PIECE)))


_BOMB = gzip.compress(bytes(64 * MIB))


def _bomb(port: int) -> int:
    headers = (f"Content-Length: {len(_BOMB)}", "Content-Encoding: gzip", "Content-Type: application/json")
    return _answer(port, _request("/", *headers), [_BOMB])


def _headers(*headers: str) -> Callable[[int], int]:
    return lambda port: _answer(port, _request("/", *headers, method="GET"))


def _upgrade(*headers: str) -> Callable[[int], int]:
    def send(port: int) -> int:
        with wire.Line(port) as line:
            head = line.upgrade("/ws/", headers="".join(f"{header}\r\n" for header in headers))
            return int(head.split()[1])

    return send


_MANY = [f"X-Number-{number}: {number}" for number in range(600)]
_HEADS = frozenset({400, 403, 414, 431})
BURDENS = (
    Burden("a frame a byte too long", _frames(encoded(TEXT, b"x" * (FRAME_LIMIT + 1))), TOO_LARGE),
    Burden("a binary frame a byte too long", _frames(encoded(BINARY, b"x" * (FRAME_LIMIT + 1))), TOO_LARGE),
    Burden("a frame of a gibibyte", _frames(encoded(TEXT, b"x" * 1000, length=1 << 30)), TOO_LARGE),
    Burden(
        "a message in parts without end", _frames(encoded(TEXT, b"x" * 9000, fin=False), encoded(CONT, b"x" * 9000, fin=False)), TOO_LARGE
    ),
    Burden("a compressed frame", _deflate, frozenset({1002})),
    Burden("a body of a gibibyte", _announced(1 << 30), frozenset({413})),
    Burden("a body a byte too long", _announced(limits.BODY_BYTES + 1), frozenset({413})),
    Burden("a body in chunks without end", _chunked, frozenset({413})),
    Burden("a bomb in gzip", _bomb, frozenset({400, 403, 405, 413, 415})),
    Burden("600 headers", _headers(*_MANY), _HEADS),
    Burden("a header of 100 KiB", _headers("X-Long: " + "x" * 100 * 1024), _HEADS),
    Burden("40 headers of 4 KiB", _headers(*(f"X-Long-{number}: {'x' * 4096}" for number in range(40))), _HEADS),
    Burden("an address of 100 KiB", lambda port: _answer(port, _request("/" + "x" * 100 * 1024, method="GET")), _HEADS),
    Burden("600 headers on a handshake", _upgrade(*_MANY), _HEADS),
    Burden("200 headers on a handshake", _upgrade(*_MANY[:200]), _HEADS),
    Burden("two lengths", _headers("Content-Length: 5", "Content-Length: 6"), _HEADS),
    Burden("a length that is none", _headers("Content-Length: -1"), _HEADS),
)
LARGE_POST = Burden("96 MiB at once, five times", _announced(MOST), frozenset({413}))


# ── Slowly ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Slow:
    """A client that sends `begun`, `then` as soon as that is answered, and a byte of `drip` now and then.

    `farewell`: whether it is told to go, and has limits.CLOSE_SECONDS for its own last word.
    """

    name: str
    begun: bytes
    drip: bytes
    then: bytes = b""
    farewell: bool = False


def slow(port: int) -> list[Slow]:
    """One of each kind."""
    handshake = b"GET /ws/ HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Slow: "
    whole = (
        f"GET /ws/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()
    return [
        Slow("silent", b"", b""),
        Slow("slow headers", b"GET / HTTP/1.1\r\nX-Slow: ", b"a"),
        Slow("a slow handshake", handshake, b"a"),
        Slow("a slow body", _request("/", "Content-Length: 1000000"), b"a"),
        Slow("slow chunks", _request("/", "Transfer-Encoding: chunked") + b"fffff\r\n", b"a"),
        # After the answer: what came with the handshake a server forgets.
        Slow("a slow frame", whole, b"a", then=b"\x81\xfe\x3f\xff\0\0\0\0", farewell=True),
    ]


async def linger(port: int, client: Slow) -> float:
    """Stay as long as the server lets it; the seconds that was."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began, then = time.monotonic(), client.then
    try:
        writer.write(client.begun)
        while time.monotonic() - began < PATIENCE:
            with suppress(TimeoutError):
                async with asyncio.timeout(DRIP_SECONDS):
                    if not await reader.read(4096):
                        break
                    writer.write(then)
                    then = b""
                    continue
            writer.write(client.drip)
    except OSError:
        pass
    finally:
        writer.transport.abort()
    return time.monotonic() - began
