"""Hundreds and thousands of readers in one process: each comes back after every cut, keeps a page, and counts what it was promised not to see."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

import msgspec

from tests.faults.author import Author, transcript
from tests.faults.sockets import Socket, open_socket

DIALECTS = "fangtan.html.v1", "fangtan.data.v1"
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0  # seconds: the wait before try n is chance between 0 and first × 2^n, or the longest
SILENCE = 35.0  # seconds without a word after which a reader takes its line for cut
_ELEMENT = re.compile(r'<p id="([^"]+)"[^>]*?(data-gone)?>([^<]*)</p>')


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


class Change(msgspec.Struct):
    """What one event does to a page: `text` None takes the entry away, `entry` None changes nothing."""

    number: int
    entry: str | None
    text: str | None
    at: float


@lru_cache(maxsize=512)
def heard(payload: bytes) -> dict[str, Any]:
    """A frame of the server. Everybody gets the same bytes, so they are understood once; whoever takes it must not change it."""
    frame: dict[str, Any] = msgspec.json.decode(payload)
    if frame["op"] == "events":
        frame["changes"] = [_change(event) for event in frame["events"]]
    return frame


def _change(event: list[Any]) -> Change:
    number, _kind, data, *html = event
    at = data.get("at", 0.0)
    if not html:
        return Change(number, data.get("id"), data.get("text"), at)
    found = _ELEMENT.search(html[0])
    if found is None:
        return Change(number, None, None, at)
    return Change(number, found[1], None if found[2] else found[3], at)


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
        self.page: dict[str, str] = {}
        self.epoch, self.number = "", 0

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
        failures = 0
        while True:
            port = self._chance.choice(self._crowd.ports)
            try:
                line = await open_socket(port, self._hear, subprotocol=self._dialect)
            except (OSError, TimeoutError):
                self._crowd.counts["refused connections"] += 1
            else:
                failures = 0 if await self._stay(line) else failures
            failures += 1
            wait = self._chance.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**failures))
            if self._told_to_wait is not None:
                wait, self._told_to_wait = self._told_to_wait, None
            await asyncio.sleep(wait + self._nap())

    async def _stay(self, line: Socket) -> bool:
        """Read until the line ends; whether it was ever joined."""
        crowd = self._crowd
        crowd.connected_at.append(time.monotonic())
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

    def _nap(self) -> float:
        temper = self._crowd.temper
        if self._chance.random() < temper.forgetful:
            self._forget()
        return self._chance.uniform(0, temper.nap) if self._chance.random() < temper.asleep else 0.0

    def _forget(self) -> None:
        self.page, self.epoch, self.number = {}, "", 0

    def _join(self, line: Socket) -> None:
        self._ref += 1
        self._behind = None
        self._live_since = float("inf")
        wish = {"op": "join", "ref": self._ref, "topic": self._crowd.topic, "since": [self.epoch, self.number]}
        line.send(msgspec.json.encode(wish))

    def _hear(self, line: Socket, payload: bytes) -> None:
        frame = heard(payload)
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
                self._forget()
                self._join(line)
            case "bye":
                self._told_to_wait = frame["after"]

    def _came(self) -> None:
        self._live_since = time.monotonic()
        if self._ended_at is not None:
            self._crowd.away.append(self._live_since - self._ended_at)
            self._ended_at = None

    def _apply(self, line: Socket, frame: dict[str, Any]) -> None:
        crowd = self._crowd
        if self.epoch not in {"", frame["epoch"]}:
            crowd.counts["foreign epochs"] += 1
        self.epoch = frame["epoch"]
        now = time.monotonic()
        for change in frame["changes"]:
            if change.number <= self.number:
                crowd.counts["duplicates"] += 1
                continue
            if change.number > self.number + 1:
                crowd.counts["gaps"] += 1
                self._join(line)
                return
            self.number = change.number
            crowd.delivered += 1
            if change.text is not None and change.entry is not None:
                self.page[change.entry] = change.text
            elif change.entry is not None:
                self.page.pop(change.entry, None)
            if change.at > self._live_since:
                crowd.latencies.append(now - change.at)
        self._behind = None

    def _beat(self, line: Socket, frame: dict[str, Any]) -> None:
        line.send(msgspec.json.encode({"op": "still", "beat": frame["beat"]}))
        _epoch, head = frame["heads"].get(self._crowd.topic, ("", 0))
        if head <= self.number:
            self._behind = None
        elif self._behind == self.number:
            # Behind at two beats in a row, and nothing came in between.
            self._crowd.counts["stalls"] += 1
            self._join(line)
        else:
            self._behind = self.number


class Crowd:
    """Readers of one topic.

    async with Crowd(ports, author.topic, count=300, seed=1) as crowd:
        …
        await crowd.reach(author.number)

    `counts` holds what happened, by name; `lost()` what must not. `closes` counts close codes, 1006 being cut lines; `away` the
    seconds between the end of a line and the answer to the next join.
    """

    def __init__(self, ports: Sequence[int], topic: str, *, count: int, seed: float, temper: Temper = STEADY, arrive: float = 2.0) -> None:
        """`arrive`: seconds over which they come the first time."""
        self.ports = list(ports)
        self.topic = topic
        self.seed = seed
        self.temper = temper
        self.arrive = arrive
        self.counts: Counter[str] = Counter()
        self.closes: Counter[int] = Counter()
        self.latencies: list[float] = []
        self.connected_at: list[float] = []
        self.away: list[float] = []
        self.delivered = 0
        self.readers = [Reader(self, index) for index in range(count)]
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(reader.run()) for reader in self.readers]
        self._tasks.append(asyncio.create_task(self._watch()))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for task in self._tasks:
            task.cancel()
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        broken = [result for result in results if isinstance(result, Exception)]
        if broken and error is None:
            raise broken[0]

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(2)
            now = time.monotonic()
            for reader in self.readers:
                reader.look(now)

    @property
    def online(self) -> int:
        """How many have a line and were let in."""
        return sum(reader.online for reader in self.readers)

    def calm(self) -> None:
        """From now on nobody drops a line of its own accord."""
        self.temper = STEADY

    def cut(self) -> None:
        """Drop every line in the same instant."""
        for reader in self.readers:
            reader.cut()

    async def come(self, *, seconds: float = 60.0) -> float:
        """Wait until everybody is online; returns how many seconds it took. Raises AssertionError."""
        return await self._until(lambda reader: reader.online, "online", seconds)

    async def reach(self, number: int, *, seconds: float = 60.0) -> float:
        """Wait until everybody has everything up to a number; returns how many seconds it took. Raises AssertionError."""
        return await self._until(lambda reader: reader.number >= number, f"at {number}", seconds)

    async def _until(self, there: Callable[[Reader], bool], where: str, seconds: float) -> float:
        began = time.monotonic()
        while missing := [reader for reader in self.readers if not there(reader)]:
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
            "other transcripts": sum(transcript(reader.page) != right for reader in self.readers),
        }

    @property
    def rush(self) -> int:
        """The most handshakes that were answered within one second."""
        return max(Counter(int(moment) for moment in self.connected_at).values(), default=0)

    def latency(self, share: float) -> float:
        """The milliseconds from publishing to arrival that this share of deliveries stayed below."""
        return round(1000 * quantile(self.latencies, share), 1)
