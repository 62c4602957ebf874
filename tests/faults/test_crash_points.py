"""A process dies at each point on the way of a question, and is started again: nothing is half there, and nobody mends anything."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest

from rehearsal.browser import Browser
from rehearsal.reader import Reader
from tests.faults import ledger
from tests.faults.netizens import Netizen, Receipt, invented
from tests.faults.points import EXIT_CODE, STORED, UNSTORED
from tests.faults.trial import Trial

pytestmark = pytest.mark.fault("T-02")

DOORS = ("form", "socket")


class Asking(Trial):
    """Somebody asks, and a moderator listens."""

    @asynccontextmanager
    async def people(self):
        url = self.server.urls[-1]
        self.netizen = Netizen(self.stage.programme)
        await self.netizen.come(url)
        async with Browser(url) as browser:
            await browser.sign_in(self.stage.moderator, self.stage.password)
            async with Reader(url, [self.stage.inbox], cookie=browser.cookie) as self.reader:
                yield
        await self.netizen.go()

    async def send(self, door, url, question):
        try:
            return await (self.netizen.by_form if door == "form" else self.netizen.by_socket)(url, question)
        except httpx.TransportError:
            return None

    async def die_at(self, point, door):
        """Ask the first process, which dies; ask again whoever is there, and again by the other door."""
        question = invented(self.chance)
        self.is_to_die_at(point)
        first = await self.send(door, self.server.urls[0], question)
        code = await self.died()
        if len(self.server.urls) == 1:
            await asyncio.to_thread(self.server.start_web)
        # With a second process, at once, while the database may not have noticed yet that the first is gone.
        again = await self.send(door, self.server.urls[-1], question)
        last = await self.send("socket" if door == "form" else "form", self.server.urls[-1], question)
        if len(self.server.urls) > 1:
            await asyncio.to_thread(self.server.start_web)
        told = {answer.place for answer in (first, again, last) if isinstance(answer, Receipt)}
        created = getattr(again, "created", None), getattr(last, "created", None)
        if code != EXIT_CODE or len(told) != 1 or created != (point in UNSTORED, False) or (first is not None and point != "after answer"):
            self.wrong.append((point, door, code, first, again, last))

    async def everywhere(self):
        for point in (*UNSTORED, *STORED):
            for door in DOORS:
                await self.die_at(point, door)

    async def judge(self, verdict, promise):
        """The moderator has every question in its order, and the database is whole."""
        await self.reader.until(lambda: len(self.events) >= self.runs, seconds=20)
        stored = ledger.read(self.server, self.stage)
        counts = {
            "receipts": len(self.wrong),
            "questions": abs(len(stored.questions) - self.runs),
            "not seen by the moderator": int([event.data["question"] for event in self.events] != stored.arrived),
        }
        verdict(promise=promise, runs=self.runs, events=self.runs, violations=counts | stored.broken(), wrong=str(self.wrong))

    @property
    def events(self):
        return self.reader.logs[self.stage.inbox].events


async def test_on_sqlite_a_question_is_there_or_not_there(tmp_path, chance, verdict):
    with Asking.of(tmp_path, chance, database="", redis="") as trial:
        async with trial.people():
            await trial.everywhere()
            await trial.judge(verdict, "crash points, SQLite")


async def test_on_postgresql_a_question_is_there_or_not_there(tmp_path, chance, postgres, valkey, verdict):
    with Asking.of(tmp_path, chance, database=postgres.url, redis=valkey.url, webs=2) as trial:
        async with trial.people():
            await trial.everywhere()
            await trial.judge(verdict, "crash points, PostgreSQL")
