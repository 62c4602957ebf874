"""T-41: too large, too many, too slow; each is refused, memory stays, and everybody else is answered meanwhile."""

import asyncio
import time
from collections import Counter, defaultdict

import pytest

from tests.faults import burdens
from tests.faults.burdens import BURDENS, LARGE_POST, Burden
from tests.faults.live import interview, memory, of_share, traceback_lines
from tests.faults.readers import Crowd, quantile

pytestmark = pytest.mark.fault("T-41")

SLOW_EACH = 200
POSTS = 5
ARRIVE_SECONDS = 10.0
MEMORY_MIB = 30.0
GONE_SECONDS = 60.0


class Watch:
    """Asks a healthy page again and again, and looks how much memory the server takes."""

    def __init__(self, port: int, pid: int) -> None:
        self._port, self._pid = port, pid
        self.waits: list[float] = []
        self.unanswered: Counter[str] = Counter()
        self.most = 0.0

    async def ask(self) -> None:
        """Ask for ever."""
        while True:
            began = time.monotonic()
            try:
                async with asyncio.timeout(30):
                    answer = await self._answer()
            except (OSError, TimeoutError) as error:
                self.unanswered[repr(error)] += 1
            else:
                if not answer.startswith(b"HTTP/1.1 200 "):
                    self.unanswered[answer[:40].decode("latin-1")] += 1
            self.waits.append(time.monotonic() - began)
            await asyncio.sleep(0.1)

    async def _answer(self) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return await reader.read()
        finally:
            # Also when nobody asks any more.
            writer.transport.abort()

    async def weigh(self) -> None:
        """Look for ever."""
        while True:
            self.most = max(self.most, memory(self._pid))
            await asyncio.sleep(0.05)


async def put(port: int, burden: Burden, wrong: Counter[str]) -> None:
    """Send it once, and count it if it was not refused as it should be."""
    try:
        answer: object = await asyncio.to_thread(burden.send, port)
    except (EOFError, OSError, AssertionError) as error:
        answer = repr(error)
    if answer not in burden.refusals:
        wrong[f"{burden.name}: {answer}"] += 1


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_too_much_is_refused_and_leaves_no_trace(*, tmp_path, seconds, chance, verdict, web):
    wrong: Counter[str] = Counter()
    sent, borne = 0, defaultdict(list)
    async with (
        interview(tmp_path, chance, database="", redis="", webs=1, web=web) as (server, author),
        Crowd(server.ports, author.topic, count=of_share(20), seed=chance.random()) as crowd,
    ):
        port = server.ports[0]
        await crowd.come()
        watch = Watch(port, server.web.pid)
        asking = asyncio.create_task(watch.ask())
        # Once each, so that everything is loaded that a server loads for it.
        for burden in (*BURDENS, LARGE_POST):
            await put(port, burden, wrong)
        before, lines = memory(server.web.pid), len(server.log.read_text().splitlines())
        weighing = asyncio.create_task(watch.weigh())
        writing = asyncio.create_task(author.write_for(3600, per_second=2))

        async def bear(client: burdens.Slow) -> None:
            await asyncio.sleep(chance.uniform(0, ARRIVE_SECONDS))
            borne[client.name].append(await burdens.linger(port, client))

        slow = [asyncio.create_task(bear(client)) for client in burdens.slow(port) for _ in range(of_share(SLOW_EACH))]
        end = time.monotonic() + seconds
        while time.monotonic() < end or not all(task.done() for task in slow):
            for burden in chance.sample(BURDENS, len(BURDENS)):
                await put(port, burden, wrong)
            await asyncio.gather(*(put(port, LARGE_POST, wrong) for _ in range(POSTS)))
            sent += len(BURDENS) + POSTS
            await asyncio.sleep(0.5)
        await asyncio.gather(*slow)
        for task in (asking, weighing, writing):
            task.cancel()
        await asyncio.gather(asking, weighing, writing, return_exceptions=True)
        await author.write()
        await crowd.reach(author.number)
        after = memory(server.web.pid)
        logged = server.log.read_text().splitlines()[lines:]
        alive = server.web.poll() is None
        faults = traceback_lines(server.log)
    late = sum(seconds_borne > GONE_SECONDS for all_borne in borne.values() for seconds_borne in all_borne)
    print(*wrong.items(), *watch.unanswered.items(), *faults[:3], *logged[:3], sep="\n")
    verdict(
        promise=f"too large, too many, too slow: refused, and others are answered ({web})",
        runs=sent,
        events=sent + len(slow) + len(watch.waits),
        violations={
            **crowd.lost(author),
            "not refused": wrong.total(),
            "slow ones that stayed": late,
            "healthy requests not answered": watch.unanswered.total(),
            "MiB beyond 30": round(max(0.0, watch.most - before - MEMORY_MIB)),
            "cut readers": sum(crowd.closes.values()),
            "tracebacks": len(faults),
            "log lines beyond one each": max(0, len(logged) - sent - len(slow)),
            "dead": int(not alive),
        },
        memory_mib=str([round(before, 1), round(watch.most, 1), round(after, 1)]),
        longest_borne_s=str({name: round(max(times)) for name, times in borne.items()}),
        healthy_p50_ms=round(1000 * quantile(watch.waits, 0.5)),
        healthy_p99_ms=round(1000 * quantile(watch.waits, 0.99)),
        log_lines=len(logged),
    )
