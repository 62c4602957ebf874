"""What a process takes from Redis: a handful of connections, however many read and publish."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path

import httpx
import pytest

from rehearsal.reader import Reader
from tests.databases import Valkey, valkey
from tests.realtime.test_servers import Site
from tests.server import fresh_database, running

TOPIC = "stage:one"
READERS, PUBLISHES = 50, 200
AT_MOST = 4
ESTABLISHED = "01"


@pytest.fixture
def redis() -> Iterator[Valkey]:
    with valkey() as server:
        yield server


@pytest.fixture
def site(redis: Valkey, tmp_path: Path) -> Iterator[Site]:
    url = os.environ.get("DATABASE_URL", "")
    with fresh_database(url) if url.startswith("postgres") else nullcontext(f"sqlite:///{tmp_path / 'site.sqlite3'}") as database_url:
        site = Site("daphne", tmp_path, database_url)
        site.env["REDIS_URL"] = redis.url
        yield site
        for _, process in site.processes:
            process.kill()
            process.wait()


def test_while_it_stands_still_nobody_waits_for_it_for_ever_and_everything_ends_when_it_is_told_to(redis: Valkey, tmp_path: Path) -> None:
    with running(tmp_path / "still", extra={"REDIS_URL": redis.url}) as server:
        assert httpx.get(f"{server.url}/healthz").json()["layer"] == "ok"
        redis.pause()
        try:
            answer = httpx.get(f"{server.url}/healthz", timeout=60)
            assert (answer.status_code, answer.json()["layer"], answer.json()["worker"]) == (503, *["failed: see the log"] * 2)
            assert server.stop() == [0, 0]
        finally:
            redis.resume()


def connections(pid: int, port: int) -> int:
    """How many TCP connections a process has to a port of this machine."""
    sockets = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            sockets.add(str(entry.readlink()))
        except FileNotFoundError:
            # Closed while we looked.
            continue
    count = 0
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        _, _, remote, state, _, _, _, _, _, inode, *_ = line.split()
        count += state == ESTABLISHED and int(remote.rpartition(":")[2], 16) == port and f"socket:[{inode}]" in sockets
    return count


async def test_a_process_has_four_connections_at_most_with_fifty_readers_and_two_hundred_publishes(site: Site, redis: Valkey) -> None:
    port = int(redis.url.rpartition(":")[2].split("/")[0])
    seen: list[int] = []

    async def watch() -> None:
        while True:
            seen.extend(connections(process.pid, port) for _, process in site.processes)
            await asyncio.sleep(0.05)

    async with AsyncExitStack() as stack:
        first = site.start()
        readers = [await stack.enter_async_context(Reader(f"http://127.0.0.1:{first}", [TOPIC]))]
        # Once this is done the tables are there.
        await readers[0].command("publish", topic=TOPIC)
        ports = [first, site.start()]
        watching = asyncio.create_task(watch())
        urls = [f"http://127.0.0.1:{ports[number % 2]}" for number in range(1, READERS)]
        readers += [await stack.enter_async_context(Reader(url, [TOPIC])) for url in urls]
        for _ in range(PUBLISHES // READERS):
            await asyncio.gather(*(reader.command("publish", topic=TOPIC) for reader in readers))
        for reader in readers:
            await reader.until(lambda reader=reader: reader.logs[TOPIC].number == PUBLISHES + 1)  # type: ignore[misc]
        watching.cancel()
    assert 0 < max(seen) <= AT_MOST
