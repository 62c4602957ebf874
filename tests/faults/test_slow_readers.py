"""T-22: who does not read is let go in time, costs little memory, and harms nobody who reads."""

import asyncio
import time

import pytest

from tests.faults.hostile import Mob
from tests.faults.live import interview, memory, of_share, traceback_lines
from tests.faults.readers import Crowd, quantile

pytestmark = pytest.mark.fault("T-22")

PER_SECOND = 5
# Characters of an event that has 8 KiB on its way to a page: three bytes each, as data and in its element.
SIZE = 1365
GONE_WITHIN = 45.0  # seconds
GROWTH = 60.0  # MiB
# The newest events, which a process holds whoever reads.
FULL = 300
QUIET = 10.0  # seconds


class Weight:
    """How much memory a process holds, looked at all the time."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.before = self.most = memory(pid)

    async def watch(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(0.5)
            self.most = max(self.most, memory(self._pid))

    @property
    def growth(self) -> float:
        """The most it grew by at any time, in MiB."""
        return self.most - self.before

    @property
    def left(self) -> float:
        """What it has grown by now, in MiB."""
        return memory(self._pid) - self.before


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_who_does_not_read_harms_nobody(*, tmp_path, seconds, chance, postgres, valkey, verdict, web):
    readers, hostile, stayed, waves, gone, latencies = of_share(300), 0, 0, 0, {}, []
    async with (
        interview(tmp_path, chance, database=postgres.url, redis=valkey.url, webs=1, web=web) as (server, author),
        Crowd(server.ports, author.topic, count=readers, seed=chance.random()) as crowd,
    ):
        await crowd.come()
        for _ in range(FULL // 50):
            await author.write(50, size=SIZE)
        await crowd.reach(author.number)
        await author.write_for(QUIET, per_second=PER_SECOND, size=SIZE)
        before = quantile(crowd.latencies[-readers * round(QUIET) * PER_SECOND :], 0.99)
        weight = Weight(server.web.pid)
        working = [asyncio.create_task(weight.watch()), asyncio.create_task(author.write_for(3600, per_second=PER_SECOND, size=SIZE))]
        began = time.monotonic()
        while not waves or time.monotonic() - began < seconds:
            kinds = {"stopping": of_share(50), "trickling": of_share(50), "talking": of_share(20), "vanishing": of_share(20)}
            async with Mob(server.ports[0], author.topic, **kinds) as mob:
                assert mob.count == sum(kinds.values())
                came = len(crowd.latencies)
                stayed += await mob.end(within=GONE_WITHIN)
                latencies += crowd.latencies[came:]
            hostile, waves = hostile + mob.count, waves + 1
            for kind, waits in mob.gone.items():
                gone[kind] = round(max(gone.get(kind, 0.0), *waits), 1)
        during = quantile(latencies, 0.99)
        for task in working:
            task.cancel()
        results = await asyncio.gather(*working, return_exceptions=True)
        await author.write()
        took = await crowd.reach(author.number)
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
            "tracebacks": len(faults),
        },
        readers=readers,
        hostile=hostile,
        gone_after_s=str(gone),
        memory_mib=round(weight.before),
        growth_mib=round(weight.growth, 1),
        growth_left_mib=round(left, 1),
        p99_ms_before=round(1000 * before, 1),
        p99_ms=round(1000 * during, 1),
        ratio=round(during / before, 2) if before else 0.0,
        seconds_to_head=round(took, 1),
    )
