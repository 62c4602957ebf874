"""T-17: all lines are cut in the same instant; all come back and catch up, and the database hardly notices."""

import asyncio

import pytest

from tests.faults.author import Author
from tests.faults.live import cpu_seconds, interview, of_share
from tests.faults.readers import Crowd

pytestmark = pytest.mark.fault("T-17")

BACK_SECONDS = 60.0
READERS_PER_READ = 50
# What is published while everybody is away: what the process still holds encoded, more than that, and nothing.
MISSED = [20, 400, 0]
# The statistics of PostgreSQL follow within a second of the next statement, which the tail poll brings.
STATISTICS = 4.0  # seconds


async def reads(author: Author) -> int:
    """How often PostgreSQL has looked into the table of events since it was made."""
    await asyncio.sleep(STATISTICS)
    text = "SELECT seq_scan + COALESCE(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = 'realtime_event'"
    [[count]] = (await author.do("sql", text=text))["rows"]
    return int(count)


async def statements(author: Author) -> int:
    """How many transactions the database has seen: as many as statements, for readers need one at a time."""
    [[count]] = (await author.do("sql", text="SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"))["rows"]
    return int(count)


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_a_herd_comes_back(*, tmp_path, seconds, chance, postgres, valkey, verdict, web):
    readers = of_share(2000)
    took, herd_reads, allowed, busy, transactions = [], 0, 0, 0.0, 0
    async with (
        interview(tmp_path, chance, database=postgres.url, redis=valkey.url, web=web) as (server, author),
        Crowd(server.ports, author.topic, count=readers, seed=chance.random(), arrive=readers / 200) as crowd,
    ):
        await crowd.come(seconds=BACK_SECONDS)
        await author.write(50)
        await crowd.reach(author.number)
        for missed in MISSED:
            before, asked = await reads(author), await statements(author)
            working = sum(cpu_seconds(web.pid) for web in server.webs)
            crowd.returns.clear()
            crowd.cut()
            for _ in range(missed // 20):
                await author.write(20)
            came = await crowd.come(seconds=BACK_SECONDS)
            took.append(came + await crowd.reach(author.number))
            busy = max(busy, sum(cpu_seconds(web.pid) for web in server.webs) - working)
            herd_reads += await reads(author) - before
            transactions += await statements(author) - asked
            allowed += readers // READERS_PER_READ + missed
    verdict(
        promise=f"a herd comes back on at most one read for {READERS_PER_READ} readers ({web})",
        runs=len(MISSED),
        events=crowd.delivered,
        violations={**crowd.lost(author), "reads too many": max(0, herd_reads - allowed)},
        readers=readers,
        reads=herd_reads,
        allowed=allowed,
        transactions=transactions,
        all_back_s=str([round(each, 1) for each in took]),
        away_p99_s=crowd.away(0.99),
        cpu_s=round(busy, 1),
        handshakes_in_a_second=crowd.rush(),
    )
