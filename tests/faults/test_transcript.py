"""T-10: whatever is cut, killed, doubled or not rung, every reader ends with the identical transcript."""

import asyncio
from contextlib import suppress

import pytest

from tests.faults.live import interview, of_share
from tests.faults.proxy import Proxy
from tests.faults.readers import RESTLESS, Crowd

pytestmark = pytest.mark.fault("T-10")

KILL_EVERY = 20.0  # seconds
HEAD_SECONDS = 10.0  # from the last event until everybody has it
POLLING = 0.1
# A bell that never rings is what a process leaves that is killed between commit and bell.
RINGS = {"once": 0.6, "never": 0.2, "twice": 0.2}


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_every_reader_ends_with_the_identical_transcript(*, tmp_path, seconds, chance, postgres, valkey, verdict, web):
    readers, kills, every, over = of_share(300), 0, min(KILL_EVERY, seconds / 4), asyncio.Event()
    async with interview(tmp_path, chance, database=postgres.url, redis=valkey.url, webs=3, web=web) as (server, author):

        async def kill_in_turn() -> None:
            # Told to stop, not cancelled: whoever was killed comes back.
            nonlocal kills
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(over.wait(), every)
                if over.is_set():
                    return
                index = chance.randrange(3)
                server.kill_web(index)
                kills += 1
                await asyncio.sleep(chance.uniform(0, every / 4))
                await asyncio.to_thread(server.start_web, index)
                proxy.cut()

        async with Proxy(server.ports[0]) as proxy:
            # One of four reaches the first process through the proxy.
            ports = [proxy.port, *server.ports]
            async with Crowd(
                ports, author.topic, count=readers, seed=chance.random(), temper=RESTLESS, arrive=seconds / 2, polling=POLLING
            ) as crowd:
                killing = asyncio.create_task(kill_in_turn())
                await author.write_for(seconds, per_second=2, rings=RINGS, burst=4)
                over.set()
                await killing
                await asyncio.to_thread(server.until_ready)
                crowd.calm()
                took = await crowd.reach(author.number)
    verdict(
        promise=f"every reader has the identical transcript ({web})",
        runs=kills,
        events=crowd.delivered,
        violations=crowd.lost(author),
        aims={"seconds_to_head": (round(took, 1), HEAD_SECONDS)},
        readers=readers,
        published=author.number,
        lines=crowd.lines,
        p50_ms=crowd.latency(0.5),
        p99_ms=crowd.latency(0.99),
    )
