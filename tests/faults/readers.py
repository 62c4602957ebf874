"""Hundreds and thousands of readers in one process: each comes back after every cut, keeps a page, and counts what it was promised not to see."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from tests.faults.author import Author, transcript
from tests.faults.pages import Page, understood
from tests.faults.pollers import PATIENCE, Poller
from tests.faults.sockets import Socket, open_socket

DIALECTS = "fangtan.html.v1", "fangtan.data.v1"
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds: the wait after n tries is chance between 0 and first × 2^n, or the longest
SILENCE = 35.0  # seconds without a word after which a reader takes its line for cut


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


class Reader:
    """One page and its line."""

    def __init__(self, crowd: "Crowd", index: int) -> None:
        self._crowd = crowd
        self._chance = random.Random(f"{crowd.seed} {index}")
        self._dialect = DIALECTS[index % len(DIALECTS)]
        self._line: Socket | None = None
        self._ref = 0
        self._live_since = float("inf")
        self._heard_at = 0.0
        self._ended_at: float | None = None
        self._behind: int | None = None
        self._told_to_wait: float | None = None
        self.page = Page(crowd.counts)

    @property
    def number(self) -> int:
        """Up to where it has everything."""
        return self.page.number

    @property
    def online(self) -> bool:
        """Whether the last join was answered and the line still stands."""
        return self._live_since != float("inf")

    def cut(self) -> None:
        """Drop the line."""
        if self._line is not None:
            self._line.cut()

    def look(self, now: float) -> None:
        """Drop a line on which nothing was heard for too long."""
        if self._line is not None and now - self._heard_at > SILENCE:
            self._crowd.counts["silent lines"] += 1
            self._line.cut()

    async def run(self) -> None:
        """Come, and come back, for ever."""
        await asyncio.sleep(self._chance.uniform(0, self._crowd.arrive))
        tries = 0
        while True:
            tries += 1
            line = await self._knock()
            if line is not None and await self._stay(line):
                tries = 0
            wait = self._chance.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**tries))
            if self._told_to_wait is not None:
                wait, self._told_to_wait = self._told_to_wait, None
            away, forgets = self._crowd.absence(self._chance)
            if forgets:
                self.page.forget()
            await asyncio.sleep(wait + away)

    async def _knock(self) -> Socket | None:
        # What stands before the processes goes to another one if the first takes no connection.
        for port in self._chance.sample(self._crowd.ports, len(self._crowd.ports)):
            try:
                line = await open_socket(port, self._hear, subprotocol=self._dialect)
            except (OSError, TimeoutError):
                self._crowd.counts["refused connections"] += 1
            else:
                self._crowd.connected_at[port].append(time.monotonic())
                return line
        return None

    async def _stay(self, line: Socket) -> bool:
        """Read until the line ends; whether it was ever joined."""
        crowd = self._crowd
        self._line, self._heard_at = line, time.monotonic()
        joined = False
        self._join(line)
        if crowd.temper.cut_every:
            delay = self._chance.expovariate(1 / crowd.temper.cut_every)
            asyncio.get_running_loop().call_later(delay, lambda: self._stumble(line))
        try:
            code = await line.closed
            joined = self.online
        finally:
            self._line, self._live_since = None, float("inf")
            line.transport.abort()
        if self._ended_at is None:
            self._ended_at = time.monotonic()
        crowd.closes[code] += 1
        return joined

    def _stumble(self, line: Socket) -> None:
        if self._crowd.temper.cut_every:
            line.cut()

    def _join(self, line: Socket) -> None:
        self._ref += 1
        self._behind = None
        self._live_since = float("inf")
        wish = {"op": "join", "ref": self._ref, "topic": self._crowd.topic, "since": [self.page.epoch, self.page.number]}
        line.send(msgspec.json.encode(wish))

    def _hear(self, line: Socket, payload: bytes) -> None:
        frame = understood(payload)
        self._heard_at = time.monotonic()
        match frame["op"]:
            case "events":
                self._apply(line, frame)
            case "beat":
                self._beat(line, frame)
            case "ok" if frame["ref"] == self._ref:
                self._came()
            case "error":
                self._crowd.counts[f"error {frame['code']}"] += 1
                line.cut()
            case "reset":
                self._crowd.counts["resets"] += 1
                self.page.forget()
                self._join(line)
            case "bye":
                self._told_to_wait = frame["after"]

    def _came(self) -> None:
        self._live_since = time.monotonic()
        if self._ended_at is not None:
            self._crowd.returns.append((self._ended_at, self._live_since))
            self._ended_at = None

    def _apply(self, line: Socket, frame: dict[str, Any]) -> None:
        crowd, now = self._crowd, time.monotonic()
        self.page.follows(frame["epoch"])
        fresh = self.page.apply(frame["changes"])
        if fresh is None:
            crowd.counts["gaps"] += 1
            self._join(line)
            return
        crowd.counts["duplicates"] += len(frame["changes"]) - len(fresh)
        crowd.delivered += len(fresh)
        crowd.latencies.extend(now - change.at for change in fresh if change.at > self._live_since)
        self._behind = None

    def _beat(self, line: Socket, frame: dict[str, Any]) -> None:
        line.send(msgspec.json.encode({"op": "still", "beat": frame["beat"]}))
        _epoch, head = frame["heads"].get(self._crowd.topic, ("", 0))
        if head <= self.page.number:
            self._behind = None
        elif self._behind == self.page.number:
            # Behind at two beats in a row, and nothing came in between.
            self._crowd.counts["stalls"] += 1
            self._join(line)
        else:
            self._behind = self.page.number


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
        self._client = httpx.AsyncClient(trust_env=False, timeout=PATIENCE)
        poll = round(count * polling)
        self.sockets = [Reader(self, index) for index in range(count - poll)]
        chances = [random.Random(f"{seed} poller {index}") for index in range(poll)]
        self.pollers = [Poller(self, self._client, chance=chance, arrive=arrive) for chance in chances]
        self.readers: list[Reader | Poller] = [*self.sockets, *self.pollers]
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

    def cut(self) -> None:
        """Drop every line in the same instant."""
        for reader in self.sockets:
            reader.cut()

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
        self, readers: Sequence[Reader | Poller], there: Callable[[Reader | Poller], bool], where: str, seconds: float
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
