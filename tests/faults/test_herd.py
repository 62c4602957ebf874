"""T-17: all lines are cut in the same instant; all come back and catch up, and the database hardly notices."""

import asyncio

import pytest

from tests.faults.author import Author
from tests.faults.live import Labour, interview, of_share
from tests.faults.readers import Crowd

pytestmark = pytest.mark.fault("T-17")

BACK_SECONDS = 60.0
BUSY_SECONDS = 30.0
READERS_PER_READ = 50
# What is published while everybody is away: what the process still holds encoded, more than that, and nothing.
MISSED = [20, 400, 0]
# The statistics of PostgreSQL follow within a second of the next statement, which the tail poll brings.
STATISTICS = 4.0  # seconds


class Reads:
    """How often the web processes look into the table of events: `count` is what all have done, without what the author did."""

    def __init__(self, author: Author) -> None:
        self._author = author
        self.count = 0

    async def begin(self) -> None:
        self._before = await self._now()

    async def end(self) -> None:
        self.count += await self._now() - self._before

    async def _now(self) -> int:
        await asyncio.sleep(STATISTICS)
        return int((await self._author.do("reads"))["reads"]) - self._author.reads


async def publish(author: Author, count: int) -> None:
    for _ in range(count // 20):
        await author.write(20)


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_a_herd_comes_back(*, tmp_path, chance, postgres, valkey, verdict, web):
    readers, took, busy = of_share(2000), [], 0.0
    async with (
        interview(tmp_path, chance, database=postgres.url, redis=valkey.url, web=web) as (server, author),
        Crowd(server.ports, author.topic, count=readers, seed=chance.random(), arrive=readers / 200) as crowd,
    ):
        herd = Reads(author)
        await crowd.come(seconds=BACK_SECONDS)
        await author.write(50)
        await crowd.reach(author.number)
        for missed in MISSED:
            await herd.begin()
            crowd.returns.clear()
            async with Labour(web.pid for web in server.webs) as labour:
                with crowd.cut():
                    await publish(author, missed)
                came = await crowd.come(seconds=BACK_SECONDS)
                took.append(came + await crowd.reach(author.number))
            busy = max(busy, labour.longest)
            await herd.end()
    allowed = len(MISSED) * (readers // READERS_PER_READ)
    verdict(
        promise=f"a herd comes back on at most one read for {READERS_PER_READ} readers ({web})",
        runs=len(MISSED),
        events=crowd.delivered,
        violations={
            **crowd.lost(author),
            "reads too many": max(0, herd.count - allowed),
            "not back in a minute": sum(each > BACK_SECONDS for each in took),
        },
        aims={"busy_s": (round(busy, 1), BUSY_SECONDS)},
        readers=readers,
        reads=herd.count,
        allowed=allowed,
        all_back_s=str([round(each, 1) for each in took]),
        away_p99_s=crowd.away(0.99),
        handshakes_in_a_second=crowd.rush(),
    )
