"""T-13: Redis is paused, killed, emptied, cut off and full; nothing is lost, nobody is closed, questions keep their receipts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain

import pytest
import redis

from tests.databases import Valkey
from tests.faults.author import Author
from tests.faults.live import broken_promises, interview, of_share
from tests.faults.netizens import Netizens
from tests.faults.proxy import Proxy
from tests.faults.readers import Crowd, quantile

pytestmark = pytest.mark.fault("T-13")

CLOSED = 0.01  # of the readers
ANSWER_SECONDS, LATENCY_SECONDS, NORMAL_SECONDS = 1.5, 2.5, 10.0
POLLING = 0.1
PROMPT = 0.4  # seconds: an event that arrives sooner was rung, or four in a row were found by the poll by chance
PROMPTS = 4
ENOUGH = 60.0  # seconds in which it is as before, whatever the machine


@dataclass
class Redis:
    """A server that is reached through a proxy, and ways to break it for a while."""

    server: Valkey
    proxy: Proxy

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.proxy.port}/0"

    async def pause(self, seconds: float) -> None:
        self.server.pause()
        await asyncio.sleep(seconds)
        self.server.resume()

    async def kill(self, seconds: float) -> None:
        self.server.kill()
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self.server.start)

    async def flush(self, seconds: float) -> None:
        self._command("FLUSHALL")
        await asyncio.sleep(seconds)

    async def end_subscriptions(self, seconds: float) -> None:
        for _ in range(3):
            self._command("CLIENT KILL TYPE pubsub")
            await asyncio.sleep(seconds / 3)

    async def fill(self, seconds: float) -> None:
        self._command("CONFIG SET maxmemory 1")
        await asyncio.sleep(seconds)
        self._command("CONFIG SET maxmemory 0")

    async def reset(self, seconds: float) -> None:
        for _ in range(3):
            self.proxy.cut()
            await asyncio.sleep(seconds / 3)

    def _command(self, words: str) -> None:
        with redis.Redis.from_url(self.server.url) as client:
            client.execute_command(*words.split(" "))


@dataclass
class Course:
    """What was measured, fault by fault."""

    answers: dict[str, list[float]] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    normal_after: dict[str, float] = field(default_factory=dict)


@asynccontextmanager
async def before_redis(server: Valkey):
    async with Proxy(int(server.url.rpartition(":")[2].split("/")[0])) as proxy:
        yield Redis(server, proxy)


async def until_normal(author: Author, crowd: Crowd) -> float:
    """Publish until events arrive promptly again, as they do when bells are heard; seconds it took."""
    began, prompt = time.monotonic(), 0
    while prompt < PROMPTS and time.monotonic() - began < ENOUGH:
        before = len(crowd.latencies)
        await author.write()
        await crowd.hear(author.number)
        prompt = prompt + 1 if quantile(crowd.latencies[before:], 0.5) < PROMPT else 0
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def test_losing_redis_loses_nothing(*, tmp_path, seconds, chance, postgres, valkey, verdict):
    readers, course = of_share(300), Course()
    async with (
        before_redis(valkey) as broken,
        interview(tmp_path, chance, database=postgres.url, redis=broken.url) as (server, author),
        Crowd(server.ports, author.topic, count=readers, seed=chance.random(), polling=POLLING) as crowd,
    ):
        await crowd.come()
        normal = await until_normal(author, crowd)
        faults: list[tuple[Callable[[float], Awaitable[None]], float]] = [
            (broken.pause, min(30.0, seconds / 4)),
            (broken.kill, min(20.0, seconds / 6)),
            *((fault, seconds / 8) for fault in (broken.flush, broken.end_subscriptions, broken.fill, broken.reset)),
        ]
        async with Netizens(server.urls, author.programme, chance, count=10, per_second=5) as netizens:
            await asyncio.sleep(3)
            for fault, lasting in faults:
                answers, latencies = len(netizens.answers), len(crowd.latencies)
                during = asyncio.create_task(fault(lasting))
                while not during.done():
                    await author.write_for(1, per_second=2)
                await during
                course.answers[fault.__name__] = netizens.answers[answers:]
                course.latencies += crowd.latencies[latencies:]
                course.normal_after[fault.__name__] = round(await until_normal(author, crowd), 1)
        await crowd.reach(author.number)
        closed = sum(crowd.closes.values())
        promises = await broken_promises(netizens, server, author)
    verdict(
        promise="losing Redis loses no event, no question and no reader",
        runs=len(faults),
        events=crowd.delivered + len(netizens.receipts),
        violations={**crowd.lost(author), **promises, "closed": max(0, closed - int(CLOSED * readers))},
        aims={
            "answer_p99_s": (round(quantile(chain(*course.answers.values()), 0.99), 2), ANSWER_SECONDS),
            "p99_s": (round(quantile(course.latencies, 0.99), 2), LATENCY_SECONDS),
            "normal_after_s": (max(course.normal_after.values()), NORMAL_SECONDS),
        },
        closed=closed,
        receipts=len(netizens.receipts),
        p50_ms=round(1000 * quantile(course.latencies, 0.5)),
        normal_at_first_s=round(normal, 1),
        longest_answers_s=str({name: round(max(answers, default=0.0), 1) for name, answers in course.answers.items()}),
        normal_after=str(course.normal_after),
    )
