"""T-41: too large, too many, too slow; each is refused, memory stays, and everybody else is answered meanwhile.

Each server by itself, and behind an nginx that is set up with the lines of docs/operations.md.
"""

import asyncio
import time
from collections import Counter, defaultdict
from contextlib import AsyncExitStack

import pytest

from bench.polling.cache import caching
from operations.servers import limits
from tests.faults import burdens
from tests.faults.burdens import BURDENS, LARGE_POST, Burden
from tests.faults.healthy import Healthy
from tests.faults.live import Weight, interview, of_share, traceback_lines
from tests.faults.readers import Crowd, quantile
from tests.server import free_port

pytestmark = pytest.mark.fault("T-41")

SLOW_EACH = 200
POSTS = 5
ARRIVE_SECONDS = 10.0
MEMORY_MIB = 30.0
GONE_SECONDS = {"": 60.0, "nginx": 15.0}
ANSWERED_MS = 500.0  # 99 of 100 healthy requests


async def put(port: int, burden: Burden, wrong: Counter[str]) -> None:
    """Send it once, and count it if it was not refused as it should be."""
    try:
        answer: object = await asyncio.to_thread(burden.send, port)
    except (EOFError, OSError, AssertionError) as error:
        answer = repr(error)
    if answer not in burden.refusals:
        wrong[f"{burden.name}: {answer}"] += 1


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
@pytest.mark.parametrize("front", ["", "nginx"], ids=["alone", "nginx"])
async def test_too_much_is_refused_and_leaves_no_trace(*, tmp_path, seconds, chance, verdict, web, front):
    wrong: Counter[str] = Counter()
    sent, borne = 0, defaultdict(list)
    async with AsyncExitStack() as stack:
        server, author = await stack.enter_async_context(
            interview(tmp_path, chance, database="", redis="", webs=1, web=web, extra={"TRUSTED_PROXIES": "127.0.0.1" if front else ""})
        )
        port, pids = server.ports[0], [server.web.pid]
        if front:
            (tmp_path / front).mkdir()
            nginx = stack.enter_context(caching(tmp_path / front, port=free_port(), upstream=port))
            port, pids = nginx.port, [*pids, nginx.worker]
        crowd = await stack.enter_async_context(Crowd([port], author.topic, count=of_share(20), seed=chance.random()))
        await crowd.come()
        # Once each, so that everything is loaded that a server loads for it.
        for burden in (*BURDENS, LARGE_POST):
            await put(port, burden, wrong)
        weight, lines = Weight(*pids), len(server.log.read_text().splitlines())
        writing = [asyncio.create_task(weight.watch()), asyncio.create_task(author.write_for(3600, per_second=2))]

        async def bear(client: burdens.Slow) -> None:
            await asyncio.sleep(chance.uniform(0, ARRIVE_SECONDS))
            borne[client.name].append(await burdens.linger(port, client))

        kinds = burdens.slow(port)
        allowed = {kind.name: GONE_SECONDS[front] + (limits.CLOSE_SECONDS if kind.farewell else 0.0) for kind in kinds}

        async with Healthy(port) as healthy:
            slow = [asyncio.create_task(bear(client)) for client in kinds for _ in range(of_share(SLOW_EACH))]
            end = time.monotonic() + seconds
            while time.monotonic() < end or not all(task.done() for task in slow):
                for burden in chance.sample(BURDENS, len(BURDENS)):
                    await put(port, burden, wrong)
                await asyncio.gather(*(put(port, LARGE_POST, wrong) for _ in range(POSTS)))
                sent += len(BURDENS) + POSTS
                await asyncio.sleep(0.5)
            await asyncio.gather(*slow)
        for task in writing:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)
        await author.write()
        await crowd.reach(author.number)
        after, cut = weight.now, sum(crowd.closes.values())
        logged = server.log.read_text().splitlines()[lines:]
        alive = server.web.poll() is None
        faults = traceback_lines(server.log)
        lost = crowd.lost(author)
    late = sum(waited > allowed[name] for name, all_borne in borne.items() for waited in all_borne)
    print(*wrong.items(), *healthy.met.unanswered.items(), *faults[:3], *logged[:3], sep="\n")
    verdict(
        promise=f"too large, too many, too slow: refused, and others are answered ({web}{' behind nginx' if front else ''})",
        runs=sent,
        events=sent + len(slow) + len(healthy.met.waits),
        violations={
            **lost,
            "not refused": wrong.total(),
            "slow ones that stayed": late,
            "healthy requests not answered": sum(healthy.met.unanswered.values()),
            "MiB beyond 30": round(max(0.0, weight.growth - MEMORY_MIB)),
            "cut readers": cut,
            "tracebacks": len(faults),
            "log lines beyond one each": max(0, len(logged) - sent - len(slow)),
            "dead": int(not alive),
        },
        aims={"healthy_p99_ms": (round(1000 * quantile(healthy.met.waits, 0.99)), ANSWERED_MS)},
        memory_mib=str([round(weight.before, 1), round(weight.most, 1), round(after, 1)]),
        longest_borne_s=str({name: round(max(times)) for name, times in borne.items()}),
        healthy_p50_ms=round(1000 * quantile(healthy.met.waits, 0.5)),
        log_lines=len(logged),
    )
