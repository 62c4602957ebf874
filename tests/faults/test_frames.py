"""T-40: ten thousand frames of nonsense; each ends with its own socket, and nobody beside it notices.

And a search, guided by coverage, for an input that the decoder neither understands nor refuses.
"""

import asyncio
from collections import Counter

import pytest

from tests.faults.live import interview, of_share, traceback_lines
from tests.faults.readers import Crowd
from tests.faults.searching import search
from tests.faults.visits import talk_nonsense

pytestmark = pytest.mark.fault("T-40")

PIECES = 10_000
SEARCH_SECONDS = 600.0  # at most
BESIDE_MS = 1000.0  # 99 of 100 deliveries to those who sit beside it, as at any other time


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_nonsense_ends_with_its_own_socket(*, tmp_path, chance, valkey, verdict, web):
    # With bells, or it would be the poll that decides when those beside it are told.
    async with interview(tmp_path, chance, database="", redis=valkey.url, webs=1, web=web) as (server, author):
        [port] = server.ports
        pid, before = server.web.pid, len(server.log.read_text().splitlines())
        # At first nobody else is there: the engine comes and goes with each visit.
        alone = await talk_nonsense(port, seed=chance.random(), pieces=PIECES // 10)
        async with Crowd([port], author.topic, count=of_share(20), seed=chance.random()) as crowd:
            await crowd.come()
            writing = asyncio.create_task(author.write_for(3600, per_second=5))
            found = await talk_nonsense(port, seed=chance.random(), pieces=PIECES - PIECES // 10)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await author.write()
            took = await crowd.reach(author.number)
            cut = sum(crowd.closes.values())
        lines = server.log.read_text().splitlines()[before:]
        alive = server.web.poll() is None and server.web.pid == pid
        faults = traceback_lines(server.log)
    visits, pieces, wrong = alone.visits + found.visits, alone.pieces + found.pieces, Counter(alone.wrong) + Counter(found.wrong)
    print(*alone.examples, *found.examples, *faults[:3], *lines[:3], sep="\n")
    verdict(
        promise=f"nonsense ends with its own socket ({web})",
        runs=visits,
        events=pieces,
        violations={
            **crowd.lost(author),
            **wrong,
            "cut readers": cut,
            "tracebacks": len(faults),
            "log lines beyond one a close": max(0, len(lines) - visits),
            "dead": int(not alive),
        },
        aims={"p99_ms": (crowd.latency(0.99), BESIDE_MS)},
        kinds=len(alone.kinds | found.kinds),
        frames=alone.frames + found.frames,
        answered_still=alone.answered + found.answered,
        codes=str(dict(sorted((Counter(alone.codes) + Counter(found.codes)).items()))),
        log_lines=len(lines),
        read_beside_it=crowd.delivered,
        seconds_to_head=round(took, 1),
    )


async def test_whatever_comes_is_understood_or_refused(tmp_path, seconds, chance, verdict):
    found = await search(tmp_path / "found", seconds=min(seconds, SEARCH_SECONDS), seed=chance.randint(1, 2**31))
    print(found.wrong)
    verdict(
        promise="what comes is a frame or is refused",
        runs=1,
        events=found.tried,
        violations={"neither": int(found.wrong != "")},
        edges=found.reached,
    )
