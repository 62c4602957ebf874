"""Robots as moderators at the real desk while questions come: does the queue stay level, does nobody decide what another holds, and when do the others see it?"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import uuid4

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

# A site of its own, whatever this machine is set up for; this process makes its people and reads what is left.
_folder = tempfile.TemporaryDirectory(prefix="fangtan-bench-")
SITE = Path(_folder.name) / "server"
SITE.mkdir()
os.environ |= {
    "DATA_DIR": str(SITE),
    "DATABASE_URL": f"sqlite:///{SITE / 'fangtan.sqlite3'}",
    "REDIS_URL": "",
    "DJANGO_SETTINGS_MODULE": "settings",
}

import django  # noqa: E402

django.setup()

import msgspec  # noqa: E402

from moderation import verification  # noqa: E402
from moderation.models import Lease, Record  # noqa: E402
from rehearsal import cast as casts  # noqa: E402
from rehearsal.cast import Cast  # noqa: E402
from rehearsal.people import Netizen, Seated  # noqa: E402
from rehearsal.script import Person, interview  # noqa: E402
from tests.server import running  # noqa: E402

# Seconds from having a question to the decision, on average: three persons are a third faster than sixty questions a minute.
READING = 2.0
# Out of so many of the oldest each takes one by chance, as persons do who do not talk to each other.
OLDEST = 6
DECLINED = 0.2
# Until the last are decided, when no more come.
PATIENCE = 60


@dataclass
class Desk:
    """One moderator with what their socket told: what waits, and when each decision of anybody came."""

    seat: Seated
    waiting: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    read: int = 0

    def catch_up(self) -> None:
        """Take in what came since the last time."""
        events = self.seat.reader.logs[self.seat.topic].events
        for event in events[self.read :]:
            key, state = event.data["id"], event.data["state"]
            if state == "received":
                self.waiting.setdefault(key, event.arrived)
            elif self.waiting.pop(key, None) is not None:
                self.seen[key] = event.arrived
        self.read = len(events)


@dataclass
class Shift:
    """What happened: who sent which decision when, how long the queue was each second, who was refused what."""

    decided: dict[str, tuple[int, float]] = field(default_factory=dict)
    queue: list[int] = field(default_factory=list)
    receipts: int = 0
    taken_by_others: int = 0
    wrong: list[str] = field(default_factory=list)


class Robots:
    """Netizens and moderators on one programme."""

    def __init__(self, url: str, cast: Cast, *, minutes: float, rate: float) -> None:
        self.url, self.cast, self.asked, self.rate = url, cast, round(minutes * rate), rate
        self.shift = Shift()

    async def run(self) -> list[Desk]:
        """Open, ask and decide to the end."""
        programme = self.cast.programme_id
        async with AsyncExitStack() as seats:
            host = await seats.enter_async_context(Seated(self.url, self.cast.host, f"desk:{programme}", programme))
            inbox = f"inbox:{programme}"
            people = [
                await seats.enter_async_context(Seated(self.url, member, inbox, programme, tolerant=True))
                for member in self.cast.moderators
            ]
            desks = [Desk(seat) for seat in people]
            await host.do("desk/", "open/")
            async with asyncio.TaskGroup() as group:
                group.create_task(self._watch(desks[0]))
                for place, desk in enumerate(desks):
                    group.create_task(self._moderate(place, desk))
                start = time.monotonic()
                for number in range(self.asked):
                    await asyncio.sleep(max(0.0, start + number * 60 / self.rate - time.monotonic()))
                    group.create_task(self._ask(number))
            for desk in desks:
                await desk.seat.reader.until(lambda desk=desk: self._has_seen_all(desk))
            return desks

    def _has_seen_all(self, desk: Desk) -> bool:
        desk.catch_up()
        return self.shift.decided.keys() <= desk.seen.keys()

    @property
    def _over(self) -> bool:
        return len(self.shift.decided) >= self.asked

    async def _ask(self, number: int) -> None:
        text = f"第{number}个问题：我们小区{number % 40}号楼的水压从{number % 12 + 1}月起一直偏低，早晚尤其明显，请问什么时候可以恢复？"
        await Netizen(self.url, self.cast.programme_id).ask(token=uuid4(), nickname=f"网友甲{number}", text=text, plain=False)
        self.shift.receipts += 1

    async def _watch(self, desk: Desk) -> None:
        while not self._over:
            await asyncio.sleep(1)
            desk.catch_up()
            self.shift.queue.append(len(desk.waiting))

    async def _moderate(self, place: int, desk: Desk) -> None:
        chance = Random(place)  # noqa: S311 - robots
        while not self._over:
            desk.catch_up()
            oldest = list(desk.waiting)[:OLDEST]
            if not oldest:
                await asyncio.sleep(0.1)
                continue
            question = chance.choice(oldest)
            if not await desk.seat.do("inbox/", "take/", question=question):
                self.shift.taken_by_others += 1
                await asyncio.sleep(0.2)
                continue
            await asyncio.sleep(chance.uniform(0.5, 1.5) * READING)
            await self._decide(place, desk, question, declined=chance.random() < DECLINED)

    async def _decide(self, place: int, desk: Desk, question: str, *, declined: bool) -> None:
        sent = time.monotonic()
        done = (
            await desk.seat.do("inbox/", "decline/", question=question, reason="off_topic", words="")
            if declined
            else await desk.seat.do("inbox/", "approve/", question=question)
        )
        if not done or question in self.shift.decided:
            self.shift.wrong.append(f"{question} was held by one and decided by another")
        self.shift.decided.setdefault(question, (place, sent))


def report(robots: Robots, desks: list[Desk]) -> dict[str, object]:
    """The figures; times in milliseconds from sending a decision to having it at another desk, of which there are one less than moderators."""
    shift = robots.shift
    waits = [
        (desk.seen[question] - sent) * 1000
        for question, (by, sent) in shift.decided.items()
        for place, desk in enumerate(desks)
        if place != by
    ]
    third = max(1, len(shift.queue) // 3)
    rows = Record.objects.filter(programme_id=robots.cast.programme_id, action__in=["approve", "decline"])
    held = Lease.objects.filter(question__programme_id=robots.cast.programme_id).count()
    return {
        "asked": robots.asked,
        "receipts": shift.receipts,
        "decided": len(shift.decided),
        "decisions_recorded": rows.count(),
        "by_moderator": [sum(by == place for by, _sent in shift.decided.values()) for place in range(len(desks))],
        "already_taken_by_another": shift.taken_by_others,
        "held_by_one_decided_by_another": len(shift.wrong),
        "held_after_all_is_decided": held,
        "flaws_of_the_record": len(verification.verify().flaws),
        "queue_median_first_third": statistics.median(shift.queue[:third]),
        "queue_median_last_third": statistics.median(shift.queue[-third:]),
        "queue_longest": max(shift.queue),
        "seen_by_others_ms_median": round(statistics.median(waits), 1),
        "seen_by_others_ms_p99": round(statistics.quantiles(waits, n=100, method="inclusive")[-1], 1),
        "seen_by_others_ms_slowest": round(max(waits), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--rate", type=float, default=60, help="questions a minute")
    parser.add_argument("--moderators", type=int, default=3)
    options = parser.parse_args()
    with running(SITE, database="") as server:
        people = [Person(name=f"审核员{number}") for number in range(1, options.moderators + 1)]
        script = msgspec.structs.replace(interview(title="审核台测量", topic="审核", asked=[]), moderators=people)
        robots = Robots(server.url, casts.gather(script, prefix="bench", rehearsal=True), minutes=options.minutes, rate=options.rate)

        async def played() -> list[Desk]:
            async with asyncio.timeout(options.minutes * 60 + PATIENCE):
                return await robots.run()

        print(json.dumps(report(robots, asyncio.run(played())), indent=2))


if __name__ == "__main__":
    main()
