"""A line between two programs that can be cut, paused, slowed down, or swallow everything."""

import asyncio
from contextlib import suppress
from typing import Self

PIECE = 64 * 1024  # bytes carried at once


class Proxy:
    """Carries TCP from a port of its own to another. Faults hold for lines that are open and for those that come.

    async with Proxy(target) as proxy:
        … connect to proxy.port
        proxy.cut()
    """

    def __init__(self, target: int) -> None:
        """`target`: the port of the loopback address to carry to."""
        self._target = target
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._swallowing = False
        self._bytes_per_second = 0.0
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Reset every open line, at both ends."""
        for writer in list(self._writers):
            writer.transport.abort()

    def pause(self) -> None:
        """Carry nothing until resume(); what is written meanwhile piles up at who writes it."""
        self._flowing.clear()

    def resume(self) -> None:
        """Carry again."""
        self._flowing.set()

    def black_hole(self) -> None:
        """Take everything and carry nothing any more; neither end learns of it."""
        self._swallowing = True

    def slow(self, bytes_per_second: float) -> None:
        """Carry so many bytes a second on each line, in both directions."""
        self._bytes_per_second = bytes_per_second

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            beyond_reader, beyond_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            self._drop(writer)
            return
        self._writers.add(beyond_writer)
        for source, sink in ((reader, beyond_writer), (beyond_reader, writer)):
            task = asyncio.create_task(self._carry(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while True:
                piece = await source.read(1 if self._bytes_per_second else PIECE)
                await self._flowing.wait()
                if self._bytes_per_second:
                    await asyncio.sleep(len(piece) / self._bytes_per_second)
                if self._swallowing and piece:
                    continue
                if not piece:
                    break
                sink.write(piece)
                await sink.drain()
        if not self._swallowing:
            self._drop(sink)

    def _drop(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        writer.close()
