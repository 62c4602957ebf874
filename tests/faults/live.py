"""A live interview on several web processes, one PostgreSQL and one Valkey, with its author: what most fault tests stand on."""

import asyncio
import os
import random
import socket
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from tests.faults import ledger
from tests.faults.author import Author
from tests.faults.netizens import Netizens
from tests.server import Launch, Server, running

# The share of the readers a test is written for that come: less for a machine on which others work.
SHARE = float(os.environ.get("FAULT_READERS", "1"))
# Everybody comes from one address, and asks as fast as the test wants.
UNLIMITED = {
    "CONNECTIONS_PER_ADDRESS": "0",
    "CONNECTIONS_TOTAL": "0",
    **ledger.UNLIMITED,
}


def of_share(count: int) -> int:
    """How many of so many readers come."""
    return max(8, round(count * SHARE))


@asynccontextmanager
async def serving(
    folder: Path,
    *,
    database: str,
    redis: str,
    webs: int = 2,
    web: str = "daphne",
    settings: str = "settings",
    launch: Launch | None = None,
    extra: Mapping[str, str] | None = None,
) -> AsyncIterator[Server]:
    """Run the servers, with `settings` in every process; when the test is over all of it is gone."""
    env = {**UNLIMITED, "REDIS_URL": redis, "DJANGO_SETTINGS_MODULE": settings, **(extra or {})}
    server = running(folder / "data", web=web, webs=webs, database=database, launch=launch, extra=env)
    # In a thread: a server may be reached through a proxy that runs in this loop.
    running_server = await asyncio.to_thread(server.__enter__)
    try:
        yield running_server
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


@asynccontextmanager
async def interview(folder: Path, chance: random.Random, **site: Any) -> AsyncIterator[tuple[Server, Author]]:
    """Run servers, as serving() does, with an author."""
    async with serving(folder, **site) as server, Author(server, chance) as author:
        yield server, author


async def broken_promises(netizens: Netizens, server: Server, author: Author) -> dict[str, int]:
    """What must not be in the database after those netizens have asked the author's programme."""
    stored = await asyncio.to_thread(ledger.read, server, ledger.Stage(author.programme, moderator=""))
    return netizens.broken(stored.questions)


def traceback_lines(log: Path) -> list[str]:
    """The lines of a log that speak of a fault of the program's own."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if "Traceback" in line or "Unhandled" in line or "Exception in" in line]


def cpu_seconds(pid: int) -> float:
    """How long a process has been running on a core."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Labour:
    """How hard processes work; `longest` is for how many seconds on end one of them had no time to spare.

    async with Labour(pids) as labour:
        …
    """

    EVERY = 0.5  # seconds
    FULL = 0.95  # of a core

    def __init__(self, pids: Iterable[int]) -> None:
        self._pids = list(pids)
        self.longest = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        full = dict.fromkeys(self._pids, 0.0)
        spent = {pid: cpu_seconds(pid) for pid in self._pids}
        moment = time.monotonic()
        while True:
            await asyncio.sleep(self.EVERY)
            passed, moment = time.monotonic() - moment, time.monotonic()
            for pid in self._pids:
                before, spent[pid] = spent[pid], cpu_seconds(pid)
                full[pid] = full[pid] + passed if spent[pid] - before >= self.FULL * passed else 0.0
            self.longest = max(self.longest, *full.values())


class Weight:
    """How much memory processes hold together, looked at all the time while `watch` runs; everything in MiB."""

    EVERY = 0.05  # seconds

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self.before = self.most = self.now

    @property
    def now(self) -> float:
        """What they hold now."""
        return sum(memory(pid) for pid in self._pids)

    @property
    def growth(self) -> float:
        """The most they grew by at any time."""
        return self.most - self.before

    @property
    def left(self) -> float:
        """What they have grown by now."""
        return self.now - self.before

    async def watch(self) -> None:
        """Look for ever."""
        while True:
            self.most = max(self.most, self.now)
            await asyncio.sleep(self.EVERY)


def answered(port: int) -> set[tuple[str, int]]:
    """The far ends (address, port) of the lines to this port that a process still holds."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    # The inode of a socket that no process holds any more is 0.
    far = [line[2].split(":") for line in lines if line[1].endswith(f":{port:04X}") and line[3] != "0A" and line[9] != "0"]
    return {(socket.inet_ntoa(bytes.fromhex(address)[::-1]), int(number, 16)) for address, number in far}


def memory(pid: int) -> float:
    """The MiB of memory a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
