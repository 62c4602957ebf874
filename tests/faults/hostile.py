"""Clients that take and give nothing: who stops reading, who reads a byte a second, who only talks, who is not there any more.

As a program it is one mob in a process of its own, which `besiege()` starts: what such clients cost themselves, and looking
for who of them is left, must not hold up the clocks of the readers who are measured.
"""

import asyncio
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Self

import msgspec

from tests.faults.apart import told_by
from tests.faults.live import answered
from tests.faults.proxy import Proxy
from tests.faults.sockets import frame, handshake, raw_socket

ANSWER_SECONDS = 20.0
# The kernel takes tens of milliseconds to name all lines of a machine.
LOOK_EVERY = 1.0  # seconds
TALK_EVERY = 5.0  # seconds
STILL = frame(b'{"op":"still"}')


async def stop(_line: socket.socket) -> None:
    """Read nothing any more."""
    await asyncio.Event().wait()


async def trickle(line: socket.socket) -> None:
    """Read one byte a second, until the line ends."""
    while await asyncio.get_running_loop().sock_recv(line, 1):  # noqa: ASYNC110  (no event is waited for, it reads so slowly)
        await asyncio.sleep(1)


async def talk(line: socket.socket) -> None:
    """Read nothing, and say every now and then that we are there, as who keeps a server from asking."""
    while True:
        await asyncio.sleep(TALK_EVERY)
        await asyncio.get_running_loop().sock_sendall(line, STILL)


class Siege(msgspec.Struct):
    """What became of a mob: how many they were, how many the server held too long, and the seconds until it let go of each, by kind."""

    count: int
    late: int
    gone: dict[str, list[float]]


async def besiege(port: int, topic: str, *, within: float, **kinds: int) -> Siege:
    """Let a mob of these kinds (see Mob) come to a topic, and wait until the server has let go of all; `within` as in Mob.end()."""
    wish = msgspec.json.encode({"port": port, "topic": topic, "within": within, "kinds": kinds})
    told = await told_by("tests.faults.hostile", wish.decode())
    return msgspec.json.decode(told, type=Siege)


class Mob:
    """Hostile readers of one topic of one web process, all of them at once.

    async with Mob(port, topic, stopping=50, trickling=50, talking=20, vanishing=20) as mob:
        await mob.end(within=45)
    """

    def __init__(self, port: int, topic: str, *, stopping: int, trickling: int, talking: int, vanishing: int) -> None:
        """`vanishing`: how many are behind a line that carries nothing any more once they have come; neither end is told."""
        self._port = port
        self._topic = topic
        self._kinds = {stop: stopping, trickle: trickling, talk: talking}
        self._vanishing = vanishing
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        # By the far end of each line: what it does, and since when.
        self._lines: dict[tuple[str, int], tuple[str, float]] = {}
        # Seconds until the server let go of each, by what it does.
        self.gone: dict[str, list[float]] = {}

    async def __aenter__(self) -> Self:
        others = answered(self._port)
        self._proxy = await self._stack.enter_async_context(Proxy(self._port))
        # One after the other: this is about who stays, not about a crowd that comes.
        for kind, count in self._kinds.items():
            for _ in range(count):
                await self._join(kind, self._port)
        for _ in range(self._vanishing):
            await self._join(stop, self._proxy.port)
        self._proxy.black_hole()
        # What the server holds beside what we know is what it has of the proxy.
        for line in answered(self._port) - others:
            self._lines.setdefault(line, ("vanish", time.monotonic()))
        self.count = len(self._lines)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    async def end(self, *, within: float) -> int:
        """Wait until the server has let go of all; how many it held for longer than so many seconds."""
        late = 0
        while self._lines:
            held, now = answered(self._port), time.monotonic()
            for line, (kind, since) in list(self._lines.items()):
                if line not in held:
                    self.gone.setdefault(kind, []).append(now - since)
                elif now - since > within:
                    late += 1
                else:
                    continue
                del self._lines[line]
            await asyncio.sleep(LOOK_EVERY)
        return late

    async def _join(self, live: Callable[[socket.socket], Awaitable[None]], port: int) -> None:
        line = await self._stack.enter_async_context(raw_socket(port))
        loop = asyncio.get_running_loop()
        wish = {"op": "join", "ref": 1, "topic": self._topic, "since": ["", 0]}
        async with asyncio.timeout(ANSWER_SECONDS):
            await loop.sock_sendall(line, handshake(port, subprotocol="fangtan.html.v1"))
            await self._read(line, b"\r\n\r\n")
            await loop.sock_sendall(line, frame(msgspec.json.encode(wish)))
            await self._read(line, b'"events"')
        if port == self._port:
            self._lines[line.getsockname()] = live.__name__, time.monotonic()
        self._tasks.append(asyncio.create_task(self._live(live, line)))

    @staticmethod
    async def _read(line: socket.socket, until: bytes) -> None:
        heard = b""
        while until not in heard:
            piece = await asyncio.get_running_loop().sock_recv(line, 1024)
            assert piece, f"expected {until!r}, got the end after {heard!r}"
            heard += piece

    @staticmethod
    async def _live(live: Callable[[socket.socket], Awaitable[None]], line: socket.socket) -> None:
        with suppress(OSError):
            await live(line)


async def _siege(*, port: int, topic: str, within: float, kinds: dict[str, int]) -> Siege:
    async with Mob(port, topic, **kinds) as mob:
        late = await mob.end(within=within)
    return Siege(mob.count, late, mob.gone)


if __name__ == "__main__":
    print(msgspec.json.encode(asyncio.run(_siege(**msgspec.json.decode(sys.argv[1])))).decode())
