"""Somebody who asks for a page again and again, in a process of its own, so that what else a test does holds up no clock of theirs.

As a program it asks the port of its first argument until its standard input ends, and then prints what it met.
"""

import asyncio
import sys
import time
from collections import Counter
from types import TracebackType
from typing import Self

import msgspec

from tests.server import BASE

EVERY = 0.1  # seconds from an answer to the next question
PATIENCE = 30.0  # seconds for an answer
REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


class Met(msgspec.Struct):
    """The seconds each answer took, when it was asked for by time.monotonic(), and how many were no answer, by what came."""

    waits: list[float] = msgspec.field(default_factory=list)
    asked_at: list[float] = msgspec.field(default_factory=list)
    unanswered: dict[str, int] = msgspec.field(default_factory=Counter)


class Healthy:
    """async with Healthy(port) as healthy: …; afterwards `healthy.met`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.met = Met()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.healthy", str(self._port)),
            cwd=BASE,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # Something to say, or the input stays open.
        told, _ = await self._process.communicate(b"")
        self.met = msgspec.json.decode(told, type=Met)


async def ask(port: int, met: Met) -> None:
    """Ask for ever."""
    while True:
        met.asked_at.append(time.monotonic())
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await _answer(port)
        except (OSError, TimeoutError) as error:
            met.unanswered[repr(error)] += 1
        else:
            if not answer.startswith(b"HTTP/1.1 200 "):
                met.unanswered[answer[:40].decode("latin-1")] += 1
        met.waits.append(time.monotonic() - met.asked_at[-1])
        await asyncio.sleep(EVERY)


async def _answer(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(REQUEST)
        return await reader.read()
    finally:
        # Also when nobody asks any more.
        writer.transport.abort()


async def main(port: int) -> None:
    met = Met()
    asking = asyncio.create_task(ask(port, met))
    await asyncio.to_thread(sys.stdin.read)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    # What was under way when the test ended was no answer yet, and none that failed to come.
    del met.asked_at[len(met.waits) :]
    print(msgspec.json.encode(met).decode())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
