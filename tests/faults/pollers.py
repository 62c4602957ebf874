"""Readers who get no socket: they follow the log over HTTP, by its tip and its segments, as static/js/polling.js does."""

import asyncio
import random
import time
from typing import Any

import httpx

from tests.faults.pages import Company, Page, understood

EVERY = 2.0  # seconds from turn to turn, until a tip names another time
JITTER = 0.1  # of the time, more or less
PATIENCE = 15.0  # seconds for one answer
LONGEST_WAIT = 60.0  # seconds added at most after failures
DOUBT = 3.0  # seconds a tip may contradict the page before it is believed


class Unavailable(Exception):
    """Nothing usable came; `after` seconds at least are to pass before the next try."""

    def __init__(self, after: float = 0.0) -> None:
        super().__init__(after)
        self.after = after


class Poller:
    """One page that asks."""

    def __init__(self, company: Company, client: httpx.AsyncClient, *, chance: random.Random, arrive: float) -> None:
        """`client` may be shared; `arrive`: within how many seconds it comes the first time."""
        self._company = company
        self._client = client
        self._chance = chance
        self._arrive = arrive
        self._tip: dict[str, Any] = {}
        self._etag = ""
        self._every = EVERY
        self._doubted: float | None = None
        self.page = Page(company.counts)
        self.online = False

    @property
    def number(self) -> int:
        """Up to where it has everything."""
        return self.page.number

    async def run(self) -> None:
        """Ask, and ask again, for ever."""
        await asyncio.sleep(self._chance.uniform(0, self._arrive))
        failures = 0
        while True:
            try:
                wait = await self._turn()
                failures, self.online = 0, True
                wait *= self._chance.uniform(1 - JITTER, 1 + JITTER)
            except Unavailable as error:
                failures, self.online = failures + 1, False
                self._company.counts["turns without an answer"] += 1
                longest = min(LONGEST_WAIT, self._every * 2**failures)
                wait = max(self._every, error.after) + self._chance.uniform(0, longest)
            away, forgets = self._company.absence(self._chance)
            if forgets:
                self.page.forget()
            await asyncio.sleep(wait + away)

    async def _turn(self) -> float:
        """Go on to where the tip is; seconds until the next turn. Raises Unavailable."""
        page, tip = self.page, await self._look()
        epoch, generation, head, segment = tip["epoch"], tip["generation"], tip["head"], tip["segment"]
        self._every = tip["every"]
        fits = page.number == 0 if page.epoch == "" else page.epoch == epoch and page.number <= head
        if not fits:
            return self._doubt()
        for index in range(page.number // segment, head // segment):
            whole = await self._read(f"{epoch}/{generation}/{index}.json")
            if "events" not in whole:
                # Something was withdrawn since the tip, which the next one knows.
                return self._doubt()
            self._take(epoch, whole)
        self._take(epoch, tip)
        self._doubted = None
        return self._every

    async def _look(self) -> dict[str, Any]:
        """The tip, the one of before if nothing is new. Raises Unavailable."""
        response = await self._get("tip.json", {"If-None-Match": self._etag} if self._etag else {})
        if response.status_code != 304:
            self._tip, self._etag = understood(response.content), response.headers.get("ETag", "")
        if "events" not in self._tip:
            raise Unavailable
        return self._tip

    async def _read(self, path: str) -> dict[str, Any]:
        return understood((await self._get(path, {})).content)

    def _take(self, epoch: str, answer: dict[str, Any]) -> None:
        self.page.follows(epoch)
        fresh = self.page.apply(answer["changes"])
        if fresh is None:
            self._company.counts["gaps"] += 1
        else:
            self._company.delivered += len(fresh)

    def _doubt(self) -> float:
        now = time.monotonic()
        if self._doubted is None:
            self._doubted = now
        elif now - self._doubted >= DOUBT:
            self._company.counts["resets"] += 1
            self._doubted = None
            self.page.forget()
        return min(self._every, DOUBT)

    async def _get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        """What is answered at an address of the topic. Raises Unavailable."""
        # What stands before the processes goes to another one if the first takes no connection.
        for port in self._chance.sample(self._company.ports, len(self._company.ports)):
            try:
                response = await self._client.get(f"http://127.0.0.1:{port}/log/{self._company.topic}/{path}", headers=headers)
            except httpx.TransportError:
                continue
            if response.status_code in {200, 304, 404}:
                return response
            raise Unavailable(float(response.headers.get("Retry-After", 0)))
        raise Unavailable
