"""The same promises behind real servers: cut off, killed, told to go, slow, and several at once."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from realtime.protocol import FRAME_LIMIT
from rehearsal.reader import Reader
from tests.server import free_port, fresh_database

BASE = Path(__file__).resolve().parents[2]
TOPIC = "stage:one"
SERVERS = {
    "daphne": ("daphne", "-b", "127.0.0.1", "-v", "0", "-p"),
    "uvicorn": ("uvicorn", "--host", "127.0.0.1", "--log-level", "warning", "--lifespan", "off", "--port"),
}


class Site:
    """A database, and processes that serve it."""

    def __init__(self, server: str, folder: Path, database_url: str) -> None:
        self.server = server
        self.log = folder / "server.log"
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.realtime.site_settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
        }
        self.env |= {"REDIS_PREFIX": f"engine-{folder.name}", "LOG_LEVEL": "WARNING"}
        self.processes: list[tuple[int, subprocess.Popen[bytes]]] = []

    def start(self, port: int | None = None) -> int:
        """Start one more process; on which port."""
        port = port or free_port()
        words = (*SERVERS[self.server], str(port), "tests.realtime.site:application")
        with self.log.open("ab") as log:
            env = {**self.env, "SITE_IS_NEW": "" if self.processes else "yes"}
            process = subprocess.Popen([sys.executable, "-m", *words], cwd=BASE, env=env, stdout=log, stderr=log)
        self.processes.append((port, process))
        return port

    def end(self, port: int, *, kill: bool = False) -> int:
        """End the process on this port; its exit code."""
        [process] = [process for used, process in self.processes if used == port and process.poll() is None]
        process.kill() if kill else process.terminate()
        return process.wait(30)


@pytest.fixture(params=SERVERS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    url = os.environ.get("DATABASE_URL", "")
    with fresh_database(url) if url.startswith("postgres") else nullcontext(f"sqlite:///{tmp_path / 'site.sqlite3'}") as database_url:
        site = Site(request.param, tmp_path, database_url)
        yield site
        for _, process in site.processes:
            process.kill()
            process.wait()


def reader(port: int) -> Reader:
    return Reader(f"http://127.0.0.1:{port}", [TOPIC])


async def reach(reader: Reader, number: int) -> None:
    """Wait until a reader has everything up to a number; it raises at any gap or repetition."""
    await reader.until(lambda: reader.logs[TOPIC].number == number)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[ClientConnection]:
    """A connection as soon as the server takes one."""
    connection = None
    async with asyncio.timeout(60):
        while connection is None:
            try:
                connection = await connect(f"ws://127.0.0.1:{port}/ws/", compression=None, ping_interval=None, max_queue=1)
            except (OSError, InvalidHandshake):
                await asyncio.sleep(0.1)
    try:
        yield connection
    finally:
        connection.transport.abort()
        await connection.wait_closed()


async def everything(connection: ClientConnection) -> list[str]:
    """What still comes until the connection ends."""
    texts: list[str] = []
    try:
        while True:
            texts.append(str(await connection.recv()))
    except ConnectionClosed:
        return texts


def said(texts: list[str]) -> list[dict[str, Any]]:
    """The frames that do not come by the clock."""
    return [frame for text in texts if (frame := json.loads(text))["op"] not in {"beat", "pulse"}]


async def test_readers_go_on_after_the_server_was_killed(site: Site) -> None:
    port = site.start()
    async with reader(port) as one, reader(port) as two:
        await one.command("publish", topic=TOPIC, count=5)
        await reach(one, 5)
        await reach(two, 5)
        await asyncio.to_thread(site.end, port, kill=True)
        site.start(port)
        await one.until(lambda: one.connections > 1)
        await one.command("publish", topic=TOPIC, count=3)
        await reach(one, 8)
        await reach(two, 8)


async def test_a_server_told_to_go_says_bye_and_closes(site: Site) -> None:
    port = site.start()
    async with connected(port) as connection:
        await connection.send(json.dumps({"op": "join", "ref": 1, "topic": TOPIC}))
        while json.loads(await connection.recv())["op"] != "ok":
            pass
        ending = asyncio.create_task(asyncio.to_thread(site.end, port))
        assert [frame["op"] for frame in said(await everything(connection))] == ["bye"]
        assert connection.close_code == 4503
        await ending
    assert "Traceback" not in site.log.read_text()


async def test_every_close_code_arrives(site: Site) -> None:
    """A server may refuse to send a code; the tests without one cannot know."""
    async with connected(site.start()) as connection:
        await connection.send("x" * (FRAME_LIMIT + 1))
        assert [frame["code"] for frame in said(await everything(connection))] == ["too_large"]
        assert connection.close_code == 4413


async def test_readers_of_two_processes_read_the_same(site: Site) -> None:
    """With Redis by its bell, without it by the tail poll."""
    first = site.start()
    async with reader(first) as here:
        # Once this is done the tables are there.
        await here.command("publish", topic=TOPIC)
        async with reader(site.start()) as there:
            for count in (2, 3, 4):
                await there.command("publish", topic=TOPIC, count=count)
                await here.command("publish", topic=TOPIC)
            await reach(here, 13)
            await reach(there, 13)


async def test_who_stops_reading_is_dropped_and_harms_nobody(site: Site) -> None:
    port = site.start()
    # Who publishes answers no beats meanwhile, so it is another than the one that must not be harmed.
    async with connected(port) as slow, reader(port) as healthy, reader(port) as author:
        await slow.send(json.dumps({"op": "join", "ref": 1, "topic": TOPIC}))
        slow.transport.pause_reading()
        for number in range(4, 44, 4):
            await author.command("publish", topic=TOPIC, count=4, size=60_000)
            await reach(healthy, number)
        await healthy.until(lambda: healthy.facts.get(TOPIC, {}).get("readers") == 2)
        assert healthy.connections == 1
        # What was under way, and then the end.
        slow.transport.resume_reading()
        assert sum(map(len, await everything(slow))) < 1024 * 1024
