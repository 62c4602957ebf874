"""A process dies while a moderator decides, while an asker withdraws, and while it says goodbye: nothing is half done, nothing lingers."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest

from rehearsal.browser import Browser, Turned
from rehearsal.reader import Reader
from tests.faults import ledger
from tests.faults.netizens import invented
from tests.faults.points import EXIT_CODE, LEAVING, NOT_WITHDRAWN, STORED, UNDECIDED
from tests.faults.trial import Trial

pytestmark = pytest.mark.fault("T-02")

# What stands in the database of questions and their records, and of all that any log still says.
_LOOK = """
import json
from moderation.models import Record
from interview.models import Question
from realtime.models import Event
print(json.dumps({
    "states": {q.label: q.state for q in Question.objects.select_related("programme")},
    "approved": [r.question.label for r in Record.objects.filter(action="approve").select_related("question__programme")],
    "logs": "".join(f"{json.dumps(data, ensure_ascii=False)} {html}" for data, html in Event.objects.values_list("data", "html")),
}))
"""


class Deciding(Trial):
    """An asker, a moderator, and somebody who reads along in public."""

    def __init__(self, *given):
        super().__init__(*given)
        self.topic = f"stage:{self.stage.programme}"
        self.inbox = f"/staff/interviews/{self.stage.programme}/inbox/"
        self.form = f"/interviews/{self.stage.programme}/ask/"
        # By number: the words of questions that were approved, and of those that were withdrawn then.
        self.approved = {}
        self.withdrawn = {}

    @asynccontextmanager
    async def people(self):
        url = self.server.url
        async with Browser(url) as self.asker, Browser(url) as self.moderator:
            await self.moderator.sign_in(self.stage.moderator, self.stage.password)
            inbox = Reader(url, [self.stage.inbox], cookie=self.moderator.cookie)
            async with Reader(url, [self.topic]) as self.reader, inbox as self.desk:
                yield

    async def ask(self):
        """A question that the moderator has before them; its number and the address of its receipt."""
        asked = invented(self.chance)
        answer = await self.asker.post(self.form, form=self.form, nickname=asked.nickname, text=asked.text, token=asked.token)
        number = answer.json()["number"]
        self.approved[number] = asked.text
        await self.desk.until(lambda: number in self.keys)
        return number, answer.json()["url"]

    @property
    def keys(self):
        """What the inbox calls each question, by number."""
        return {event.data["question"]: event.data["id"] for event in self.desk.logs[self.stage.inbox].events if "id" in event.data}

    async def approve(self, number):
        return await self.do(self.moderator.post(f"{self.inbox}approve/", form=self.inbox, question=self.keys[number]))

    async def withdraw(self, url):
        return await self.do(self.asker.post(f"{url}withdraw/", form=url))

    @staticmethod
    async def do(posting):
        """Whether it is done by this, and not before; None if nobody answered."""
        try:
            await posting
        except httpx.TransportError:
            return None
        except Turned as turned:
            if turned.status != 409:
                raise
            return False
        return True

    async def die(self, point, work):
        """What the work is told while the process dies at the point, and when it is done once more."""
        self.is_to_die_at(point)
        first = await work()
        code = await self.died()
        await asyncio.to_thread(self.server.start_web)
        again = await work()
        if code != EXIT_CODE or (first is not None and point != "after answer"):
            self.wrong.append((point, code, first, again))
        return again

    async def everywhere(self):
        for point in (*UNDECIDED, *STORED):
            number, _url = await self.ask()
            # Decided once, and whoever comes second is told so.
            if await self.die(point, lambda number=number: self.approve(number)) is not (point in UNDECIDED):
                self.wrong.append((point, "decided twice, or not"))
        for point in (*NOT_WITHDRAWN, *STORED):
            number, url = await self.ask()
            await self.approve(number)
            if await self.die(point, lambda url=url: self.withdraw(url)) is not (point in NOT_WITHDRAWN):
                self.wrong.append((point, "withdrawn twice, or not"))
            self.withdrawn[number] = self.approved.pop(number)
        for point in LEAVING:
            await self.leave(point)

    async def leave(self, point):
        """Tell the process to end, while people are connected."""
        number, _url = await self.ask()
        await self.approve(number)
        self.is_to_die_at(point)
        self.server.web.terminate()
        code = await self.died()
        await asyncio.to_thread(self.server.start_web)
        if code != EXIT_CODE:
            self.wrong.append((point, code))

    async def judge(self, verdict, promise):
        """What the public reads, live, anew and over HTTP, is what is stored, and nobody reads what was withdrawn."""
        seen = json.loads(await asyncio.to_thread(self.server.said, _LOOK))
        stored = ledger.read(self.server, self.stage)
        head = stored.logs[self.topic][0]
        await self.reader.until(lambda: self.reader.logs[self.topic].number >= head, seconds=60)
        async with Reader(self.server.url, [self.topic]) as late:
            await late.until(lambda: late.logs[self.topic].number >= head, seconds=60)
        polled = await self.polled()
        public = {number for number, state in seen["states"].items() if state == "approved"}
        states = dict.fromkeys(self.approved, "approved") | dict.fromkeys(self.withdrawn, "withdrawn")
        served = seen["logs"] + polled + "".join(str(event.data) for event in late.logs[self.topic].events)
        counts = {
            "answers": len(self.wrong),
            "states": sum(seen["states"].get(number) != state for number, state in states.items()),
            "decided other than once": sum(seen["approved"].count(number) != 1 for number in states),
            "readers who see something else": sum(shown(reader.logs[self.topic].events) != public for reader in (self.reader, late)),
            "words that were withdrawn": sum(text in served for text in self.withdrawn.values()),
            "words that are missing": sum(text not in polled for text in self.approved.values()),
            "resets": self.reader.logs[self.topic].resets,
        }
        # What is withdrawn is not in the inbox's log either, so the rest of a ledger does not hold here.
        counts |= {name: stored.broken()[name] for name in ("logs with holes", "numbers left out")}
        await asyncio.to_thread(self.server.manage, "verify_audit")
        verdict(promise=promise, runs=self.runs, events=self.runs, violations=counts, wrong=str(self.wrong))

    async def polled(self):
        """All that the log says over HTTP."""
        async with httpx.AsyncClient(base_url=f"{self.server.url}/log/{self.topic}/", trust_env=False, timeout=30) as client:
            tip = (await client.get("tip.json")).raise_for_status()
            place = tip.json()
            paths = [f"{place['epoch']}/{place['generation']}/{index}.json" for index in range(place["head"] // place["segment"])]
            segments = await asyncio.gather(*(client.get(path) for path in paths))
        return "".join(answer.raise_for_status().text for answer in (tip, *segments))


def shown(events):
    """The numbers of the questions that a page has on its list after these events."""
    listed = set()
    for event in events:
        if event.kind == "question.changed":
            (listed.add if event.data["state"] == "approved" else listed.discard)(event.data["question"])
    return listed


async def _play(tmp_path, chance, verdict, *, database, redis, promise):
    with Deciding.of(tmp_path, chance, database=database, redis=redis) as trial:
        async with trial.people():
            await trial.everywhere()
            await trial.judge(verdict, promise)


async def test_on_sqlite_a_decision_is_made_or_not_and_withdrawn_words_are_gone(tmp_path, chance, verdict):
    await _play(tmp_path, chance, verdict, database="", redis="", promise="crash points of decisions, withdrawals, ends, SQLite")


async def test_on_postgresql_a_decision_is_made_or_not_and_withdrawn_words_are_gone(tmp_path, chance, postgres, valkey, verdict):
    promise = "crash points of decisions, withdrawals, ends, PostgreSQL"
    await _play(tmp_path, chance, verdict, database=postgres.url, redis=valkey.url, promise=promise)
