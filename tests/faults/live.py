"""A live interview on several web processes, one PostgreSQL and one Valkey, with its author: what most fault tests stand on."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.author import Author
from tests.server import Launch, Server, running

# The share of the readers a test is written for that come: less for a machine on which others work.
SHARE = float(os.environ.get("FAULT_READERS", "1"))
# Everybody comes from one address, and asks as fast as the test wants.
UNLIMITED = {
    "CONNECTIONS_PER_ADDRESS": "0",
    "CONNECTIONS_TOTAL": "0",
    "ASK_LIMITS_PER_VISITOR": "1000/second",
    "ASK_LIMITS_PER_ADDRESS": "1000/second",
}


def of_share(count: int) -> int:
    """How many of so many readers come."""
    return max(8, round(count * SHARE))


@asynccontextmanager
async def interview(
    folder: Path,
    chance: random.Random,
    *,
    database: str,
    redis: str,
    webs: int = 2,
    web: str = "daphne",
    settings: str = "settings",
    launch: Launch | None = None,
    extra: Mapping[str, str] | None = None,
) -> AsyncIterator[tuple[Server, Author]]:
    """Run it, with `settings` in every process; when the test is over all of it is gone."""
    env = {**UNLIMITED, "REDIS_URL": redis, "DJANGO_SETTINGS_MODULE": settings, **(extra or {})}
    server = running(folder / "data", web=web, webs=webs, database=database, launch=launch, extra=env)
    # In a thread: a server may be reached through a proxy that runs in this loop.
    running_server = await asyncio.to_thread(server.__enter__)
    try:
        async with Author(running_server, chance) as author:
            yield running_server, author
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


def traceback_lines(log: Path) -> list[str]:
    """The lines of a log that speak of a fault of the program's own."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if "Traceback" in line or "Unhandled" in line or "Exception in" in line]


def cpu_seconds(pid: int) -> float:
    """How long a process has been running on a core."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """The MiB of memory a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
