"""T-12: nothing happens, and nothing is closed for it."""

import asyncio

import pytest

from tests.faults.live import interview, of_share
from tests.faults.readers import Crowd

pytestmark = pytest.mark.fault("T-12")

# A beat comes every 15 seconds, its answer is waited for another 20, and a fault of redis-py showed after 5.
SHORTEST = 40.0  # seconds
LOG_LINES = 5


async def test_idle_sockets_stay_open(*, tmp_path, seconds, chance, postgres, valkey, verdict):
    seconds = max(seconds, SHORTEST)
    async with (
        interview(tmp_path, chance, database=postgres.url, redis=valkey.url) as (server, author),
        Crowd(server.ports, author.topic, count=2 * of_share(200), seed=chance.random()) as crowd,
    ):
        await crowd.come()
        before = len(server.log.read_text().splitlines())
        await asyncio.sleep(seconds)
        lines = server.log.read_text().splitlines()[before:]
        closed = sum(crowd.closes.values())
        await author.write()
        took = await crowd.reach(author.number)
    verdict(
        promise="idle sockets stay open, and the log stays quiet",
        runs=1,
        events=round(len(crowd.readers) * seconds / 15),
        violations={**crowd.lost(author), "closed": closed, "log lines": max(0, len(lines) - LOG_LINES)},
        idle_seconds=seconds,
        sockets=len(crowd.readers),
        first_event_ms=round(took * 1000),
    )
