"""A cast on a running server, and pages and sockets that say what a test wants them to say."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from websockets.asyncio.server import ServerConnection, serve

from rehearsal.cast import Cast
from rehearsal.reader import DIALECT
from tests.server import Server

_GATHER = """
from pathlib import Path
import msgspec
from rehearsal import cast, script
made = cast.gather(script.read(Path({path!r})), prefix={prefix!r}, rehearsal=True)
{after}
print(msgspec.json.encode(made).decode())
"""


def gather(server: Server, path: Path, *, prefix: str, after: str = "") -> Cast:
    """The cast of the script on this server; `after` is done with it there, as `made`."""
    return msgspec.json.decode(server.said(_GATHER.format(path=str(path), prefix=prefix, after=after)), type=Cast)


@asynccontextmanager
async def pages(answers: Mapping[str, str]) -> AsyncIterator[str]:
    """A site of these pages and no others; yields its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        status, body = ("200 OK", answers[path].encode()) if path in answers else ("404 Not Found", "没有这一页".encode())
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as site:
        yield f"http://127.0.0.1:{site.sockets[0].getsockname()[1]}"


class Engine:
    """A socket that sends these frames after each join, one list for each connection; keeps what it was sent."""

    def __init__(self, *visits: list[dict]) -> None:
        self._visits = list(visits)
        self.heard: list[list[dict]] = []

    async def _serve(self, socket: ServerConnection) -> None:
        heard: list[dict] = []
        self.heard.append(heard)
        visit = self._visits[min(len(self.heard), len(self._visits)) - 1]
        async for text in socket:
            frame = json.loads(text)
            heard.append(frame)
            if frame["op"] == "join":
                for answer in visit:
                    await socket.send(json.dumps({"ref": frame["ref"], **answer}))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Yields the address of the site."""
        async with serve(self._serve, "127.0.0.1", 0, subprotocols=[DIALECT]) as server:
            yield f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
