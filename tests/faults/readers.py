"""Hundreds and thousands of readers in one process: by socket and by polling; and what must not happen to them."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from tests.faults.author import Author, transcript
from tests.faults.listeners import Listener
from tests.faults.pollers import PATIENCE, Poller


def quantile(values: Iterable[float], share: float) -> float:
    """The value that this share of the values stays below; 0 if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True)
class Temper:
    """How restless readers are. `cut_every`: mean seconds between two cuts of one line, 0 for never. Of those who are cut, the
    share `asleep` stays away for up to `nap` seconds, and the share `forgetful` loads its page anew, with nothing on it.
    """

    cut_every: float = 0.0
    asleep: float = 0.0
    nap: float = 8.0
    forgetful: float = 0.0


STEADY = Temper()
RESTLESS = Temper(cut_every=15.0, asleep=0.3, forgetful=0.15)


class Crowd:
    """Readers of one topic.

    async with Crowd(ports, author.topic, count=300, seed=1) as crowd:
        …
        await crowd.reach(author.number)

    `counts` holds what happened, by name; `lost()` what must not. `closes` counts close codes, 1006 being cut lines; `returns` holds
    when (time.monotonic()) a line had ended and when the next join was answered.
    """

    def __init__(
        self,
        ports: Sequence[int],
        topic: str,
        *,
        count: int,
        seed: float,
        temper: Temper = STEADY,
        arrive: float = 2.0,
        polling: float = 0.0,
    ) -> None:
        """`arrive`: seconds over which they come the first time; `polling`: the share of them who get no socket."""
        self.ports = list(ports)
        self.topic = topic
        self.seed = seed
        self.temper = temper
        self.arrive = arrive
        self.counts: Counter[str] = Counter()
        self.closes: Counter[int] = Counter()
        self.latencies: list[float] = []
        self.connected_at: dict[int, list[float]] = {port: [] for port in self.ports}
        self.returns: list[tuple[float, float]] = []
        self.delivered = 0
        self.door = asyncio.Event()
        self.door.set()
        self._client = httpx.AsyncClient(trust_env=False, timeout=PATIENCE)
        poll = round(count * polling)
        self.sockets = [
            Listener(self, chance=random.Random(f"{seed} {index}"), index=index, arrive=arrive) for index in range(count - poll)
        ]
        chances = [random.Random(f"{seed} poller {index}") for index in range(poll)]
        self.pollers = [Poller(self, self._client, chance=chance, arrive=arrive) for chance in chances]
        self.readers: list[Listener | Poller] = [*self.sockets, *self.pollers]
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(reader.run()) for reader in self.readers]
        self._tasks.append(asyncio.create_task(self._watch()))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for task in self._tasks:
            task.cancel()
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()
        broken = [result for result in results if isinstance(result, Exception)]
        if broken and error is None:
            raise broken[0]

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(2)
            now = time.monotonic()
            for reader in self.sockets:
                reader.look(now)

    @property
    def cut_every(self) -> float:
        """Mean seconds between two cuts of one line, 0 for never."""
        return self.temper.cut_every

    def absence(self, chance: random.Random) -> tuple[float, bool]:
        """How many seconds somebody who has just lost the line, or waits for a turn, stays away beyond that; and whether it comes with
        a page that was loaded anew.
        """
        temper = self.temper
        asleep, forgets = chance.random() < temper.asleep, chance.random() < temper.forgetful
        return chance.uniform(0, temper.nap) if asleep else 0.0, forgets

    @property
    def online(self) -> int:
        """How many have a line and were let in."""
        return sum(reader.online for reader in self.readers)

    def calm(self) -> None:
        """From now on nobody drops a line of its own accord."""
        self.temper = STEADY

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Drop every line in the same instant; nobody comes back before the end of the block."""
        self.door.clear()
        for reader in self.sockets:
            reader.cut()
        yield
        self.door.set()

    async def come(self, *, seconds: float = 60.0) -> float:
        """Wait until everybody is online; returns how many seconds it took. Raises AssertionError."""
        return await self._until(self.readers, lambda reader: reader.online, "online", seconds)

    async def reach(self, number: int, *, seconds: float = 60.0) -> float:
        """Wait until everybody has everything up to a number; returns how many seconds it took. Raises AssertionError."""
        return await self._until(self.readers, lambda reader: reader.number >= number, f"at {number}", seconds)

    async def hear(self, number: int, *, seconds: float = 60.0) -> float:
        """Wait as `reach` does, but not for those who get no socket, and hear nothing before they ask."""
        return await self._until(self.sockets, lambda reader: reader.number >= number, f"at {number}", seconds)

    async def _until(
        self, readers: Sequence[Listener | Poller], there: Callable[[Listener | Poller], bool], where: str, seconds: float
    ) -> float:
        began = time.monotonic()
        while missing := [reader for reader in readers if not there(reader)]:
            for task in self._tasks:
                if task.done():
                    task.result()
            stands = sorted((reader.number, reader.online) for reader in missing)[:5]
            assert time.monotonic() - began < seconds, (
                f"expected all {where} within {seconds:g} s, {len(missing)} are not: {stands}, {self.counts}, {self.closes}"
            )
            await asyncio.sleep(0.05)
        return time.monotonic() - began

    def lost(self, author: Author) -> dict[str, int]:
        """What must not be: gaps, duplicates, stalls, and pages that differ from what was published."""
        right = transcript(author.page)
        return {
            **{name: self.counts[name] for name in ("gaps", "duplicates", "stalls", "resets", "foreign epochs")},
            "other transcripts": sum(transcript(reader.page.entries) != right for reader in self.readers),
        }

    def away(self, share: float, *, since: float = 0.0) -> float:
        """The seconds this share of those who came back after a moment were away from then on, or from the end of their line on if that
        came later.
        """
        return round(quantile((back - max(left, since) for left, back in self.returns if back > since), share), 1)

    @property
    def lines(self) -> int:
        """How many handshakes were answered."""
        return sum(map(len, self.connected_at.values()))

    def rush(self, *, since: float = 0.0) -> int:
        """The most handshakes that one port answered within one second after a moment."""
        seconds = Counter((port, int(moment)) for port, moments in self.connected_at.items() for moment in moments if moment > since)
        return max(seconds.values(), default=0)

    def latency(self, share: float) -> float:
        """The milliseconds from publishing to arrival that this share of deliveries stayed below."""
        return round(1000 * quantile(self.latencies, share), 1)
