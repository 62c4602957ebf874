"""Readers on a socket: each comes back after every cut, as static/js/socket.js does, and counts what it was promised not to see."""

import asyncio
import random
import time
from typing import Any

import msgspec

from tests.faults.pages import Company, Page, understood
from tests.faults.sockets import Socket, open_socket

DIALECTS = "fangtan.html.v1", "fangtan.data.v1"
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds: the wait after n tries is chance between 0 and first × 2^n, or the longest
SILENCE = 35.0  # seconds without a word after which a reader takes its line for cut


class Listener:
    """One page and its line."""

    def __init__(self, company: Company, *, chance: random.Random, index: int, arrive: float) -> None:
        """`arrive`: within how many seconds it comes the first time; `index` decides in which dialect it listens."""
        self._company = company
        self._chance = chance
        self._arrive = arrive
        self._dialect = DIALECTS[index % len(DIALECTS)]
        self._line: Socket | None = None
        self._ref = 0
        self._live_since = float("inf")
        self._heard_at = 0.0
        self._joined = False
        self._ended_at: float | None = None
        self._behind: int | None = None
        self._told_to_wait: float | None = None
        self.page = Page(company.counts)

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
        self._live_since = float("inf")
        if self._line is not None:
            self._line.cut()

    def look(self, now: float) -> None:
        """Drop a line on which nothing was heard for too long."""
        if self._line is not None and now - self._heard_at > SILENCE:
            self._company.counts["silent lines"] += 1
            self._line.cut()

    async def run(self) -> None:
        """Come, and come back, for ever."""
        await asyncio.sleep(self._chance.uniform(0, self._arrive))
        tries = 0
        while True:
            tries += 1
            line = await self._knock()
            if line is not None and await self._stay(line):
                tries = 0
            wait = self._chance.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**tries))
            if self._told_to_wait is not None:
                wait, self._told_to_wait = self._told_to_wait, None
            away, forgets = self._company.absence(self._chance)
            if forgets:
                self.page.forget()
            await asyncio.sleep(wait + away)
            await self._company.door.wait()

    async def _knock(self) -> Socket | None:
        # What stands before the processes goes to another one if the first takes no connection.
        for port in self._chance.sample(self._company.ports, len(self._company.ports)):
            try:
                line = await open_socket(port, self._hear, subprotocol=self._dialect)
            except (OSError, TimeoutError):
                self._company.counts["refused connections"] += 1
            else:
                self._company.connected_at[port].append(time.monotonic())
                return line
        return None

    async def _stay(self, line: Socket) -> bool:
        """Read until the line ends; whether it was ever joined."""
        company = self._company
        self._line, self._heard_at = line, time.monotonic()
        self._joined = False
        self._join(line)
        if company.cut_every:
            delay = self._chance.expovariate(1 / company.cut_every)
            asyncio.get_running_loop().call_later(delay, lambda: self._stumble(line))
        try:
            code = await line.closed
        finally:
            self._line, self._live_since = None, float("inf")
            line.transport.abort()
        if self._ended_at is None:
            self._ended_at = time.monotonic()
        company.closes[code] += 1
        return self._joined

    def _stumble(self, line: Socket) -> None:
        if self._company.cut_every:
            line.cut()

    def _join(self, line: Socket) -> None:
        self._ref += 1
        self._behind = None
        self._live_since = float("inf")
        wish = {"op": "join", "ref": self._ref, "topic": self._company.topic, "since": [self.page.epoch, self.page.number]}
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
                self._company.counts[f"error {frame['code']}"] += 1
                line.cut()
            case "reset":
                self._company.counts["resets"] += 1
                self.page.forget()
                self._join(line)
            case "bye":
                self._told_to_wait = frame["after"]

    def _came(self) -> None:
        self._joined = True
        self._live_since = time.monotonic()
        if self._ended_at is not None:
            self._company.returns.append((self._ended_at, self._live_since))
            self._ended_at = None

    def _apply(self, line: Socket, frame: dict[str, Any]) -> None:
        company, now = self._company, time.monotonic()
        self.page.follows(frame["epoch"])
        fresh = self.page.apply(frame["changes"])
        if fresh is None:
            company.counts["gaps"] += 1
            self._join(line)
            return
        company.counts["duplicates"] += len(frame["changes"]) - len(fresh)
        company.delivered += len(fresh)
        company.latencies.extend(now - change.at for change in fresh if change.at > self._live_since)
        self._behind = None

    def _beat(self, line: Socket, frame: dict[str, Any]) -> None:
        line.send(msgspec.json.encode({"op": "still", "beat": frame["beat"]}))
        _epoch, head = frame["heads"].get(self._company.topic, ("", 0))
        if head <= self.page.number:
            self._behind = None
        elif self._behind == self.page.number:
            # Behind at two beats in a row, and nothing came in between.
            self._company.counts["stalls"] += 1
            self._join(line)
        else:
            self._behind = self.page.number
