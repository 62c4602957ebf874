"""T-21: clocks that are wrong, and clocks that are set while an interview is on, change nothing but the times that are shown."""

import asyncio
import json
from dataclasses import dataclass, field
from itertools import cycle, pairwise

import pytest

from rehearsal.browser import Browser, Turned
from tests.faults.live import broken_promises, interview, of_share, traceback_lines
from tests.faults.netizens import Netizens
from tests.faults.readers import Crowd
from tests.faults.stepped import Clocks
from tests.server import Server

pytestmark = pytest.mark.fault("T-21")

MINUTE, HOUR = 60.0, 3600.0
# By how many seconds the clocks of the two processes are wrong, one thing after the other.
COURSE = [
    (HOUR, -HOUR),
    (25 * HOUR, -HOUR),
    (HOUR, -HOUR),
    (25 * HOUR, 25 * HOUR),
    (0.0, 0.0),
    (-10 * MINUTE, -10 * MINUTE),
    (0.0, 0.0),
]
# The clock decides when somebody has to sign in again: after twelve hours.
SIGNED_IN = 12 * HOUR
DECISIONS_PER_SECOND = 4
PASSWORD = "a password for this test"

_PREPARE = """
import json
from datetime import timedelta
from django.utils import timezone
from interview.states import ProgrammeState
from tests import scenes
editor = scenes.editor()
editor.set_password("{password}")
editor.save()
# In every state, and within minutes of the plan: whoever went by the clock would begin or end something.
start = timezone.now() + timedelta(minutes=5)
for state in ProgrammeState:
    scenes.programme(state=state, planned_start=start)
    scenes.programme(state=state, planned_start=start - timedelta(minutes=60))
screened = scenes.programme(state=ProgrammeState.LIVE)
scenes.seated(screened, "moderator", user=editor)
questions = [str(scenes.question(screened).pk) for _ in range({questions})]
led = scenes.programme(planned_start=start)
scenes.seated(led, "host", user=editor)
print(json.dumps({{"username": editor.username, "screened": str(screened.pk), "questions": questions, "led": str(led.pk)}}))
"""

_LOOK = """
import json
from interview.models import Entry, Programme
from moderation.models import Record
from realtime.models import Event
screened = "{screened}"
print(json.dumps({{
    "states": {{str(row.pk): row.state for row in Programme.objects.all()}},
    "decisions": [[row.number, str(row.question_id)] for row in Record.objects.filter(chain=screened).order_by("number")],
    "at": [row.at.timestamp() for row in Record.objects.filter(chain=screened).order_by("number")],
    "told": [event.data["id"] for event in Event.objects.filter(topic__name=f"inbox:{{screened}}").order_by("number")],
    "notices": list(Entry.objects.filter(programme="{led}").order_by("position").values_list("text", flat=True)),
}}))
"""


def said(server: Server, program: str):
    return json.loads(server.said(program))


@dataclass
class Staff:
    """Somebody who moderates one interview and leads another, by whichever process takes a session for one that is in force."""

    browser: Browser
    scene: dict
    urls: list[str]
    decided: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def decide_for(self, seconds: float) -> None:
        """Approve one question after the other, by one process and then by another."""
        loop, urls = asyncio.get_running_loop(), cycle(self.urls)
        end = loop.time() + seconds
        while loop.time() < end and len(self.decided) < len(self.scene["questions"]):
            question = self.scene["questions"][len(self.decided)]
            if await self.order(next(urls), self.scene["screened"], "inbox/approve", question=question):
                self.decided.append(question)
            await asyncio.sleep(1 / DECISIONS_PER_SECOND)

    async def order(self, url: str, programme: str, what: str, **words: str) -> bool:
        """Have something done; whether it was."""
        try:
            await self.browser.post(f"{url}/staff/interviews/{programme}/{what}/", form="/sign-in/", **words)
        except Turned as turned:
            self.refused.append(f"{what}: {turned}")
            return False
        return True


async def test_no_clock_decides_anything(*, tmp_path, seconds, chance, postgres, valkey, verdict):
    clocks = Clocks(tmp_path, *COURSE[0])
    each = seconds / len(COURSE)
    async with (
        interview(tmp_path, chance, database=postgres.url, redis=valkey.url, launch=clocks.launch) as (server, author),
        Crowd(server.ports, author.topic, count=of_share(200), seed=chance.random()) as crowd,
    ):
        words = {"password": PASSWORD, "questions": round(seconds * DECISIONS_PER_SECOND)}
        scene = await asyncio.to_thread(said, server, _PREPARE.format(**words))
        look = _LOOK.format(**scene)
        before = await asyncio.to_thread(said, server, look)
        await crowd.come()
        async with Browser(server.url) as browser, Netizens(server.urls, author.programme, chance, count=10, per_second=5) as netizens:
            await browser.sign_in(scene["username"], PASSWORD)
            staff = Staff(browser, scene, server.urls)
            # Opened by the process that is ahead, closed by the one that is behind.
            led = scene["led"]
            assert await staff.order(server.urls[0], led, "desk/open")
            assert await staff.order(server.urls[1], led, "desk/close")
            pages = [await browser.get(f"{url}/interviews/{led}/") for url in server.urls]
            for wrong_by in COURSE:
                clocks.step(*wrong_by)
                staff.urls = [url for url, seconds in zip(server.urls, wrong_by, strict=True) if seconds < SIGNED_IN]
                deciding = staff.decide_for(each) if staff.urls else asyncio.sleep(each)
                await asyncio.gather(author.write_for(each, per_second=2, burst=3), deciding)
        took = await crowd.reach(author.number)
        closed = sum(crowd.closes.values())
        promises = await broken_promises(netizens, server, author)
        after = await asyncio.to_thread(said, server, look)
        # Fails unless every record is bound to the one before.
        await asyncio.to_thread(server.manage, "verify_audit")
        faults = traceback_lines(server.log)
    print(*staff.refused[:3], *faults[:3], sep="\n")
    # The clocks were wrong indeed: what was decided later has an earlier time.
    assert min(later - earlier for earlier, later in pairwise(after["at"])) < -HOUR
    moved = [key for key, state in after["states"].items() if before["states"].get(key) != state]
    right = list(enumerate(staff.decided, start=1))
    verdict(
        promise="no clock decides anything: ±1 h, a step of 25 h and back, 10 minutes back",
        runs=len(COURSE) - 1,
        events=crowd.delivered + len(netizens.receipts) + len(staff.decided),
        violations={
            **crowd.lost(author),
            **promises,
            "closed": closed,
            "begun or ended by the clock": len(set(moved) - {led}),
            "not opened and closed by the host": int(after["states"][led] != "ended" or len(after["notices"]) != 2),
            "order of notices": int([text[:4] for text in after["notices"]] != ["访谈开始", "访谈结束"]),
            "order of decisions": int([tuple(row) for row in after["decisions"]] != right),
            "order of the inbox": int(after["told"] != staff.decided),
            "orders refused": len(staff.refused),
            "pages": sum("访谈结束" not in page for page in pages),
            "tracebacks": len(faults),
        },
        readers=len(crowd.readers),
        published=author.number,
        receipts=len(netizens.receipts),
        asked=str(dict(netizens.counts)),
        decisions=len(staff.decided),
        programmes=len(after["states"]),
        seconds_to_head=round(took, 1),
        p50_ms=crowd.latency(0.5),
        p99_ms=crowd.latency(0.99),
    )
