"""What a process takes from Redis: a handful of connections, however many read and publish."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path
from typing import Self

import httpx
import pytest
from redis import Redis

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
    # The kernel tells of a socket twice, or five times, when others come and go while it tells.
    theirs = set()
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        _, _, remote, state, _, _, _, _, _, inode, *_ = line.split()
        if state == ESTABLISHED and int(remote.rpartition(":")[2], 16) == port:
            theirs.add(f"socket:[{inode}]")
    return len(sockets & theirs)


class Watch:
    """What processes take from Redis, looked at all the time; `most` the connections of each at most."""

    def __init__(self, redis: Valkey, pids: Sequence[int]) -> None:
        self._port = int(redis.url.rpartition(":")[2].split("/")[0])
        self.most = dict.fromkeys(pids, 0)
        self._over = threading.Event()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            for pid, most in self.most.items():
                self.most[pid] = max(most, connections(pid, self._port))

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


async def test_an_engine_has_two_connections_with_fifty_readers_and_two_hundred_publishes(site: Site, redis: Valkey) -> None:
    async with AsyncExitStack() as stack:
        first = site.start()
        readers = [await stack.enter_async_context(Reader(f"http://127.0.0.1:{first}", [TOPIC]))]
        # Once this is done the tables are there.
        await readers[0].command("publish", topic=TOPIC)
        ports = [first, site.start()]
        with Watch(redis, [process.pid for _, process in site.processes]) as watch:
            urls = [f"http://127.0.0.1:{ports[number % 2]}" for number in range(1, READERS)]
            readers += [await stack.enter_async_context(Reader(url, [TOPIC])) for url in urls]
            for _ in range(PUBLISHES // READERS):
                await asyncio.gather(*(reader.command("publish", topic=TOPIC) for reader in readers))
            for reader in readers:
                await reader.until(lambda reader=reader: reader.logs[TOPIC].number == PUBLISHES + 1)  # type: ignore[misc]
    assert list(watch.most.values()) == [2, 2]


def test_every_process_has_four_connections_at_most_while_all_kinds_of_people_are_there(redis: Valkey, tmp_path: Path) -> None:
    over, reports = threading.Event(), []

    def ask_for_health(url: str) -> None:
        while not over.wait(0.1):
            assert httpx.get(f"{url}/healthz", timeout=60).status_code == 200

    limits = {"ASK_PRESSURE": "1000/second", "ASK_LIMITS_PER_VISITOR": "1000/second"}
    with running(tmp_path / "all", webs=2, extra={"REDIS_URL": redis.url, **limits}) as server, ThreadPoolExecutor() as pool:
        asking = [pool.submit(ask_for_health, url) for url in server.urls * 2]
        try:
            with Watch(redis, [*(web.pid for web in server.webs), server.worker.pid]) as watch:
                for url in server.urls:
                    words = ("rehearse", "--url", url, "--mix", "5", "--speed", "0", "--readers", "2", "--json")
                    reports.append(json.loads(server.manage(*words)))
        finally:
            over.set()
        for thread in asking:
            thread.result()
        assert [report["wrong"] for report in reports] == [[], []]
        assert {pid: most for pid, most in watch.most.items() if not 0 < most <= AT_MOST} == {}
        # Whoever asks for health leaves nothing behind: what stays are the group, and the channel of each web process that had readers.
        assert len(channels(redis)) <= 1 + len(server.webs)


def channels(redis: Valkey) -> list[bytes]:
    """What anybody listens to."""
    with Redis.from_url(redis.url) as client:
        return client.pubsub_channels("*")
