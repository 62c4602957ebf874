"""Plays a script against a running server: everybody does their own list, and waits for whom they depend on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from rehearsal.browser import Turned
from rehearsal.cast import Cast, Member
from rehearsal.pace import Pace
from rehearsal.people import Netizen, Over, Seated, Slip
from rehearsal.reader import CommandRefused
from rehearsal.script import Asked, Said, Script

# Script seconds between being asked and being decided, and between being put to a guest and being answered.
SCREENED_AFTER = 12.0
PUT_BEFORE = 25.0
# So many people ask at the same moment at the most, however fast a script is played.
CROWD = 20
# Every third question goes by the plain form, as from a browser without JavaScript; every third answer is typed for the guest.
PLAIN_EVERY = TYPED_EVERY = 3

log = logging.getLogger(__name__)


@dataclass
class Fate:
    """What became of one question of the script."""

    turn: Asked
    token: UUID
    slip: Slip | None = None
    refused: str = ""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    put: asyncio.Event = field(default_factory=asyncio.Event)
    answered: bool = False

    def remember(self, known: tuple[Slip, str] | None) -> None:
        """Take over what happened in an earlier performance: the receipt and the state the question has now."""
        if known is None:
            return
        self.slip, state = known
        self.asked.set()
        if state != "received":
            self.decided.set()
        self.answered = state == "answered"


Known = dict[UUID, tuple[Slip, str]]


class Play:
    """One performance. With `stay` the interview stays open at the end, and people who join in are given way to."""

    def __init__(
        self, *, url: str, script: Script, cast: Cast, pace: Pace, stay: bool = False, opened: bool = False, known: Known | None = None
    ) -> None:
        """`opened` and `known` (what was asked already, by token) let a performance go on that was broken off."""
        self.url, self.script, self.cast, self.pace, self.stay = url, script, cast, pace, stay
        self.fates = [Fate(turn, token(cast, number)) for number, turn in enumerate(script.asked)]
        for fate in self.fates:
            fate.remember((known or {}).get(fate.token))
        self.refusals: list[str] = []
        self._opened = asyncio.Event()
        if opened:
            self._opened.set()
        self._crowd = asyncio.Semaphore(CROWD)

    async def run(self) -> None:
        """Play to the end: everything asked, decided, answered and, unless it is to stay, closed."""
        programme = str(self.cast.programme_id)
        async with AsyncExitStack() as seats:

            async def seat(topic: str, member: Member) -> Seated:
                return await seats.enter_async_context(Seated(self.url, member, topic, self.cast.programme_id, tolerant=self.stay))

            host = await seat(f"desk:{programme}", self.cast.host)
            typist = await seat(f"desk:{programme}", self.cast.stenographer)
            moderators = [await seat(f"inbox:{programme}", member) for member in self.cast.moderators]
            guests = {key: await seat(f"guest:{self.cast.guest_ids[key]}", member) for key, member in self.cast.guests.items()}
            async with asyncio.TaskGroup() as group:
                for fate in self.fates:
                    group.create_task(self._ask(fate))
                for place, moderator in enumerate(moderators):
                    group.create_task(self._screen(moderator, self.fates[place :: len(moderators)]))
                group.create_task(self._lead(host))
                group.create_task(self._speak(typist))
                for key, guest in guests.items():
                    group.create_task(self._answer(key, guest, typist))
            if not self.stay:
                await host.do("desk/", "close/")

    async def prelude(self) -> None:
        """Only what happens before the opening: questions asked in advance and screened."""
        early = [fate for fate in self.fates if fate.turn.at < 0]
        member = self.cast.moderators[0]
        topic = f"inbox:{self.cast.programme_id}"
        async with Seated(self.url, member, topic, self.cast.programme_id, tolerant=self.stay) as moderator:
            for fate in early:
                await self._ask(fate)
            await self._screen(moderator, early)

    async def _ask(self, fate: Fate) -> None:
        if fate.asked.is_set():
            return
        number = self.fates.index(fate)
        if fate.turn.at >= 0:
            await self._opened.wait()
        await self.pace.until(fate.turn.at)
        async with self._crowd:
            try:
                fate.slip = await Netizen(self.url, self.cast.programme_id).ask(
                    token=fate.token, nickname=fate.turn.nickname, text=fate.turn.text, plain=number % PLAIN_EVERY == 0
                )
            except (Turned, CommandRefused, Over) as refusal:
                if self.stay and (isinstance(refusal, Over) or refusal.code == "closed"):
                    raise Over from None
                fate.refused = str(refusal)
                self._refused(f"question {number + 1}", refusal)
        fate.asked.set()

    async def _screen(self, moderator: Seated, fates: list[Fate]) -> None:
        for fate in sorted(fates, key=lambda fate: fate.turn.at):
            await fate.asked.wait()
            if fate.decided.is_set():
                continue
            await self.pace.until(fate.turn.at + SCREENED_AFTER)
            if fate.slip is not None and fate.turn.decision != "wait":
                await self._guarded("screening", lambda fate=fate: self._decide(moderator, fate))  # type: ignore[misc]
            fate.decided.set()

    async def _decide(self, moderator: Seated, fate: Fate) -> None:
        assert fate.slip is not None
        question = await moderator.find(fate.slip.number)
        await moderator.do("inbox/", "take/", question=question)
        if fate.turn.decision == "approve":
            await moderator.do("inbox/", "approve/", question=question)
        else:
            await moderator.do("inbox/", "decline/", question=question, reason=fate.turn.reason, words=fate.turn.words)

    async def _lead(self, host: Seated) -> None:
        early = [fate for fate in self.fates if fate.turn.at < 0]
        for fate in early:
            await fate.decided.wait()
        if not self._opened.is_set():
            await host.do("desk/", "open/")
            self.pace.open()
            self._opened.set()
        for fate in self._answered():
            assert fate.turn.answer_at is not None
            await fate.decided.wait()
            await self.pace.until(fate.turn.answer_at - PUT_BEFORE)
            if fate.slip is not None:
                await self._guarded("putting", lambda fate=fate: self._put(host, fate))  # type: ignore[misc]
            fate.put.set()

    async def _put(self, host: Seated, fate: Fate) -> None:
        assert fate.slip is not None
        question = await host.find(fate.slip.number)
        await host.do("desk/", "put/", to=f"{question} {self.cast.guest_ids[fate.turn.answer_by]}")

    async def _speak(self, typist: Seated) -> None:
        await self._opened.wait()
        for number, turn in enumerate(self.script.said):
            await self.pace.until(turn.at)
            await self._guarded("remark", lambda turn=turn, number=number: self._remark(typist, turn, number))  # type: ignore[misc]

    async def _remark(self, typist: Seated, turn: Said, number: int) -> None:
        guest = "" if turn.by == "host" else str(self.cast.guest_ids[turn.by])
        await typist.do("typist/", "speak/", text=turn.text, guest=guest, token=token(self.cast, -1 - number))

    async def _answer(self, key: str, guest: Seated, typist: Seated) -> None:
        for place, fate in enumerate(fate for fate in self._answered() if fate.turn.answer_by == key):
            assert fate.turn.answer_at is not None
            await fate.put.wait()
            await self.pace.until(fate.turn.answer_at)
            typed = place % TYPED_EVERY == TYPED_EVERY - 1
            if fate.slip is not None:
                await self._guarded("answer", lambda fate=fate, typed=typed: self._reply(guest, typist, fate, typed))  # type: ignore[misc]

    async def _reply(self, guest: Seated, typist: Seated, fate: Fate, typed: bool) -> None:
        assert fate.slip is not None
        question = await guest.find(fate.slip.number)
        if typed:
            await typist.do("typist/", "speak/", question=question, guest=self.cast.guest_ids[fate.turn.answer_by], text=fate.turn.answer)
            return
        name = f"text-{question}"
        await guest.do("sheet/", "draft/", question=question, **{name: fate.turn.answer[: len(fate.turn.answer) // 2]})
        await guest.do("sheet/", "answer/", question=question, **{name: fate.turn.answer})

    def _answered(self) -> list[Fate]:
        return sorted(
            (fate for fate in self.fates if fate.turn.answer_at is not None and not fate.answered),
            key=lambda fate: fate.turn.answer_at or 0.0,
        )

    async def _guarded(self, what: str, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except (Turned, TimeoutError) as refusal:
            self._refused(what, refusal)

    def _refused(self, what: str, refusal: Exception) -> None:
        # Told in the report: in a performance of its own nobody should be refused anything.
        self.refusals.append(f"{what}: {refusal or type(refusal).__name__}")
        log.info("%s was refused: %s", what, refusal)


def token(cast: Cast, number: int) -> UUID:
    """The client token of one turn: the same whenever the same cast plays it again, so that a second performance doubles nothing."""
    return uuid5(cast.programme_id, str(number))
