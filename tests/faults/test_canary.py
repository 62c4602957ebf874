"""T-03: while people ask, moderators race and words are taken back, nobody without rights is ever sent a private one."""

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack
from uuid import uuid4

import msgspec
import pytest

from rehearsal.browser import Browser, Turned
from rehearsal.cast import Cast
from rehearsal.people import Netizen, Seated
from tests.canaries import Canaries
from tests.faults.live import of_share, serving
from tests.faults.strangers import Strangers

pytestmark = pytest.mark.fault("T-03")

PER_SECOND = 1.0
EVERY = 30.0  # seconds from one round of the crawler to the next
# From the commit of a withdrawal until its words are nowhere any more, and what was under way has arrived.
GONE_AFTER = 3.0
MATTERS = (
    "夜间水压不足，六楼以上的住户用水困难",
    "水表读数对不上，上门两次都没有结果",
    "路面开挖以后一直没有恢复",
    "水箱多久清洗一次，谁来监督",
)

_CAST = """
import msgspec
from rehearsal import cast
from rehearsal.script import Person, interview
moderators = [Person(name="甲审核"), Person(name="乙审核")]
script = msgspec.structs.replace(interview(title="保密", topic="保密", asked=[]), moderators=moderators)
print(msgspec.json.encode(cast.gather(script, prefix="kept", rehearsal=False)).decode())
"""


def gathered(server):
    """A cast on the server's data, whose programme is announced."""
    return msgspec.json.decode(server.said(_CAST), type=Cast)


class Office:
    """Everybody who has a seat, and who asks; each private word of theirs is a canary."""

    def __init__(self, server, cast, canaries, chance):
        self.server, self.cast, self.canaries, self.chance = server, cast, canaries, chance
        self.done = Counter()

    async def __aenter__(self):
        self._seats = AsyncExitStack()
        programme, (guest,) = self.cast.programme_id, self.cast.guests.values()
        guest_topic = f"guest:{self.cast.guest_ids['guest']}"
        self.host = await self._sit(self.cast.host, f"desk:{programme}", tolerant=False)
        await self.host.do("desk/", "open/")
        self.moderators = [await self._sit(member, f"inbox:{programme}") for member in self.cast.moderators]
        self.typist = await self._sit(self.cast.stenographer, f"stage:{programme}")
        self.guest = await self._sit(guest, guest_topic)
        return self

    async def __aexit__(self, *error):
        await self._seats.aclose()

    async def _sit(self, member, topic, *, tolerant=True):
        url = self.chance.choice(self.server.urls)
        return await self._seats.enter_async_context(Seated(url, member, topic, self.cast.programme_id, tolerant=tolerant))

    async def work(self, seconds):
        """Ask and decide for so long, and bring what was begun to its end."""
        end = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for number in range(int(seconds * PER_SECOND)):
                await asyncio.sleep(max(0.0, end - seconds + number / PER_SECOND - time.monotonic()))
                group.create_task(self._as_far_as_it_goes(self._question(number)))
                if number % 7 == 3:
                    group.create_task(self._as_far_as_it_goes(self._slip(number)))

    async def _as_far_as_it_goes(self, errand):
        """Whom a busy site turns away gives up. What was wished for may have been done: it stays as public as it could be by now."""
        try:
            await errand
        except Turned as refusal:
            if refusal.status != 503:
                raise
            self.done["turned away"] += 1

    async def _question(self, number):
        hide, chance = self.canaries.hide, self.chance
        text = f"{chance.choice(MATTERS)}，请问怎么办，编号{hide(f'{number}: text')}"
        nickname = hide(f"{number}: nickname", uuid4().hex[:16])
        asker = Netizen(chance.choice(self.server.urls), self.cast.programme_id)
        slip = await asker.ask(token=uuid4(), nickname=nickname, text=text, plain=chance.random() < 0.3)
        hide(f"{number}: receipt", slip.path.split("/")[-2])
        self.done["asked"] += 1
        await asyncio.sleep(chance.uniform(0, 3))
        moderator = chance.choice(self.moderators)
        question = await moderator.find(slip.number)
        fates = {self._answered: 6, self._raced: 4, self._declined: 4, self._kept_aside: 3, self._taken_back: 3, self._withdrawn: 2}
        (fate,) = chance.choices(list(fates), list(fates.values()))
        await fate(number, moderator, question, slip)
        self.done[fate.__name__.strip("_")] += 1

    def _public(self, number, is_public):
        for part in ("text", "nickname"):
            (self.canaries.show if is_public else self.canaries.hide)(f"{number}: {part}")

    async def _approve(self, number, moderator, question):
        # From the moment of the wish on they may be seen; a wish that was refused leaves them private.
        self._public(number, is_public=True)
        approved = await moderator.do("inbox/", "approve/", question=question)
        if not approved:
            self._public(number, is_public=False)
        return approved

    async def _decline(self, number, moderator, question):
        words = f"不在本期，{self.canaries.hide(f'{number}: why')}"
        return await moderator.do("inbox/", "decline/", question=question, reason="off_topic", words=words)

    async def _declined(self, number, moderator, question, _slip):
        await moderator.do("inbox/", "note/", question=question, words=self.canaries.hide(f"{number}: note"))
        await self._decline(number, moderator, question)

    async def _kept_aside(self, number, moderator, question, _slip):
        act = self.chance.choice(["hold", "escalate", "ask-back"])
        await moderator.do("inbox/", f"{act}/", question=question, words=self.canaries.hide(f"{number}: {act}"))

    async def _raced(self, number, _moderator, question, _slip):
        first, second = self.chance.sample(self.moderators, 2)
        results = await asyncio.gather(self._approve(number, first, question), self._decline(number, second, question))
        assert results.count(True) == 1, f"question {number} was decided by {results}"

    async def _taken_back(self, number, moderator, question, _slip):
        if await self._approve(number, moderator, question):
            await asyncio.sleep(self.chance.uniform(0, 5))
            await moderator.do("inbox/", "take-back/", question=question)
            await asyncio.sleep(GONE_AFTER)
            self._public(number, is_public=False)

    async def _withdrawn(self, number, moderator, question, slip):
        await self._approve(number, moderator, question)
        await asyncio.sleep(self.chance.uniform(0, 5))
        async with Browser(self.server.url) as browser:
            await browser.post(f"{slip.path}withdraw/", form=f"{slip.path}withdraw/")
        await asyncio.sleep(GONE_AFTER)
        self._public(number, is_public=False)

    async def _answered(self, number, moderator, question, slip):
        if not await self._approve(number, moderator, question):
            return
        await self.host.do("desk/", "put/", to=f"{question} {self.cast.guest_ids['guest']}")
        await self.guest.find(slip.number)
        draft = f"先查一查，{self.canaries.hide(f'{number}: draft')}"
        await self.guest.do("sheet/", "draft/", question=question, **{f"text-{question}": draft})
        await asyncio.sleep(self.chance.uniform(0, 2))
        await self.guest.do("sheet/", "answer/", question=question, **{f"text-{question}": "今晚八点前恢复。"})

    async def _slip(self, number):
        """The typist publishes what should not have been, and withdraws it."""
        name = f"{number}: slip"
        word = self.canaries.hide(name)
        self.canaries.show(name)
        await self.typist.do("typist/", "speak/", text=f"这一句{word}要撤下。", guest="", token=uuid4())
        log = self.typist.reader.logs[self.typist.topic]

        def position():
            return next((event.data["position"] for event in log.events if word in (event.data.get("text") or "")), None)

        await self.typist.reader.until(position)
        await self.typist.do("typist/", f"../entries/{position()}/withdraw/", reason="口误")
        await asyncio.sleep(GONE_AFTER)
        self.canaries.hide(name, word)
        self.done["slips"] += 1


async def test_no_stranger_is_sent_a_private_word(tmp_path, seconds, chance, postgres, valkey, verdict):
    async with serving(tmp_path, database=postgres.url, redis=valkey.url) as server:
        canaries, cast = Canaries(), await asyncio.to_thread(gathered, server)
        async with (
            Strangers(server, canaries, str(cast.programme_id), count=of_share(200), every=EVERY) as strangers,
            Office(server, cast, canaries, chance) as office,
        ):
            await office.work(seconds)
            await strangers.crawl()
            closed = strangers.closed
    print("\n".join(map(str, sorted(strangers.found)[:20])))
    verdict(
        promise="no private word reaches a stranger",
        runs=office.done["asked"],
        events=strangers.counts["frames"] + strangers.counts["pages"],
        violations={"seen": len(strangers.found), "closed": closed},
        **strangers.counts,
        **office.done,
    )
