"""T-22: who does not read is let go in time, costs little memory, and harms nobody who reads.

Turn by turn there is a mob and there is none, for as long: so the two times that are compared are of as many events, and
whatever else the machine does falls on both.
"""

import asyncio
import time

import pytest

from tests.faults.hostile import besiege
from tests.faults.live import Weight, interview, of_share, traceback_lines
from tests.faults.readers import Crowd, quantile

pytestmark = pytest.mark.fault("T-22")

PER_SECOND = 5
# Characters of an event that has 8 KiB on its way to a page: three bytes each, as data and in its element.
SIZE = 1365
GONE_WITHIN = 45.0  # seconds
GROWTH = 60.0  # MiB at any time
LEFT = 20.0  # MiB when they are gone
RATIO = 1.5  # of the time to reach those who read, with them and without
# The newest events, which a process holds whoever reads.
FULL = 300
WARM_UP = 5.0  # seconds


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_who_does_not_read_harms_nobody(*, tmp_path, seconds, chance, postgres, valkey, verdict, web):
    readers, kinds = (
        of_share(300),
        {"stopping": of_share(50), "trickling": of_share(50), "talking": of_share(20), "vanishing": of_share(20)},
    )
    hostile, stayed, waves, gone, beside, calm = 0, 0, 0, {}, [], []
    async with (
        interview(tmp_path, chance, database=postgres.url, redis=valkey.url, webs=1, web=web) as (server, author),
        Crowd(server.ports, author.topic, count=readers, seed=chance.random()) as crowd,
    ):
        await crowd.come()
        for _ in range(FULL // 50):
            await author.write(50, size=SIZE)
        await crowd.reach(author.number)
        await author.write_for(WARM_UP, per_second=PER_SECOND, size=SIZE)
        weight = Weight(server.web.pid)
        working = [asyncio.create_task(weight.watch()), asyncio.create_task(author.write_for(3600, per_second=PER_SECOND, size=SIZE))]
        began = time.monotonic()
        while not waves or time.monotonic() - began < seconds:
            came, mark = time.monotonic(), len(crowd.latencies)
            siege = await besiege(server.ports[0], author.topic, within=GONE_WITHIN, **kinds)
            assert siege.count == sum(kinds.values())
            took, end = time.monotonic() - came, len(crowd.latencies)
            beside += crowd.latencies[mark:end]
            await asyncio.sleep(took)
            calm += crowd.latencies[end:]
            hostile, stayed, waves = hostile + siege.count, stayed + siege.late, waves + 1
            for kind, waits in siege.gone.items():
                gone[kind] = round(max(gone.get(kind, 0.0), *waits), 1)
        for task in working:
            task.cancel()
        before, during = quantile(calm, 0.99), quantile(beside, 0.99)
        results = await asyncio.gather(*working, return_exceptions=True)
        await author.write()
        behind = await crowd.reach(author.number)
        closed = sum(crowd.closes.values())
        left = weight.left
        faults = traceback_lines(server.log)
    assert [result for result in results if not isinstance(result, asyncio.CancelledError)] == []
    print(*faults[:3], sep="\n")
    verdict(
        promise=f"who does not read is let go, and harms nobody ({web})",
        runs=waves,
        events=crowd.delivered + hostile,
        violations={
            **crowd.lost(author),
            "stayed": stayed,
            "closed": closed,
            "memory": int(weight.growth > GROWTH),
            "memory kept": int(left > LEFT),
            "tracebacks": len(faults),
        },
        aims={"p99_ratio": (round(during / before, 2), RATIO)},
        readers=readers,
        hostile=hostile,
        gone_after_s=str(gone),
        memory_mib=round(weight.before),
        growth_mib=round(weight.growth, 1),
        growth_left_mib=round(left, 1),
        p99_ms_calm=round(1000 * before, 1),
        p99_ms=round(1000 * during, 1),
        p50_ms_calm=round(1000 * quantile(calm, 0.5), 1),
        p50_ms=round(1000 * quantile(beside, 0.5), 1),
        seconds_to_head=round(behind, 1),
    )
