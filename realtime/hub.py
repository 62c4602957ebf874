"""The readers of this process and everything that runs for them, for as long as there is one."""

import asyncio
import logging
import random
import weakref
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from realtime.delivery import Delivery
from realtime.doorbell import doorbell, origin, overhear
from realtime.farewell import Farewell
from realtime.hints import Hint
from realtime.protocol import Bye, CloseCode, Pulse, Reset, encode_ok
from realtime.reader import Reader
from realtime.rounds import Pace, Rounds
from realtime.threads import Threads

T = TypeVar("T")

CALLERS = 4  # threads for commands and questions who may read
COMMANDS_WAITING = 200  # commands that may wait for one of these threads; a second or two of work
# Readers who come back in a second after a restart, on the average: by chance it is more in one second than in another, and a process
# is not to see more than 200.
BACK_PER_SECOND = 150
SPREAD = 1.0, 10.0  # seconds: the shortest and longest time over which they are spread
AFTER_FAULT = 1.0  # seconds until what failed by a fault of ours begins anew
LEAVING = 2.0  # seconds the last reader waits for what ran for it: a channel layer that hangs must not hold a socket

logger = logging.getLogger(__name__)


class Hub:
    """One for each process. It starts with the first reader and stops with the last."""

    def __init__(self, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._reads = Threads("realtime-log", 1, keep=True)
        self._calls = Threads("realtime-call", CALLERS)
        self._delivery = Delivery(self._reads.run)
        self._rounds = Rounds(self._pace, self._delivery)
        self._farewell = Farewell(self._say_bye)
        self._loop = asyncio.get_running_loop()
        self._tasks: list[asyncio.Task[None]] = []

    def attach(self, reader: Reader) -> None:
        """A reader came. Whoever attaches detaches."""
        self._rounds.add(reader)
        if not self._tasks:
            doorbell.listen(self._rung)
            self._farewell.arm()
            work = self._delivery.pump, partial(self._delivery.poll, self._pace.poll), self._rounds.run, partial(overhear, self._heard)
            self._tasks = [asyncio.create_task(_keep_going(job)) for job in work]

    async def detach(self, reader: Reader) -> None:
        """A reader went; with the last one nothing is left running and no connection open."""
        self._rounds.remove(reader)
        for topic in list(reader.subscriptions):
            self._delivery.leave(reader, topic)
        reader.gone()
        if self._rounds.anybody:
            return
        tasks, self._tasks = self._tasks, []
        doorbell.forget(self._rung)
        self._farewell.disarm()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=LEAVING)
        if not self._tasks:
            await self._reads.close()
            await self._calls.close()

    async def join(self, reader: Reader, *, ref: int, topic: str, since: tuple[str, int] | None) -> None:
        """Let a reader listen and tell it: `ok` and then what it missed, or `reset`. Raises what reading raises."""
        stream = await self._delivery.join(reader, topic, since)
        if stream is None:
            reader.say(Reset(topic))
            return
        reader.push(encode_ok(ref, {"topic": topic, "epoch": stream.head.epoch, "head": stream.head.number}))
        facts = self._rounds.board.facts(topic)
        if facts:
            reader.say(Pulse(topic, facts))
        self._delivery.catch_up(reader)

    def leave(self, reader: Reader, topic: str) -> None:
        """The reader gets no more of this topic."""
        self._delivery.leave(reader, topic)

    async def call(self, work: Callable[[], T]) -> T:
        """Run something of the application, which may use the database, in a thread; returns or raises what it does."""
        return await self._calls.run(work)

    async def command(self, work: Callable[[], T]) -> T:
        """As `call`, for what somebody can be asked to do again: raises Busy when too much of this waits."""
        return await self._calls.run_or_refuse(work, waiting=COMMANDS_WAITING)

    def _rung(self, hint: Hint) -> None:
        # In whatever thread the bell was rung.
        try:
            self._loop.call_soon_threadsafe(self._heard, origin(), hint)
        except RuntimeError:
            # The loop has ended, and with it everybody who could be told.
            return

    def _heard(self, teller: str, hint: Hint) -> None:
        self._delivery.hear(hint.moved)
        self._rounds.heard(teller, hint)

    def _say_bye(self) -> None:
        self._loop.call_soon_threadsafe(self._bye)

    def _bye(self) -> None:
        readers = self._rounds.readers
        shortest, longest = SPREAD
        spread = min(longest, max(shortest, len(readers) / BACK_PER_SECOND))
        for reader in readers:
            reader.say(Bye(after=round(random.uniform(0, spread), 2)))  # noqa: S311  nothing secret about it
            reader.close(CloseCode.RESTART)


async def _keep_going(work: Callable[[], Awaitable[None]]) -> None:
    """Do it, and again after a fault: without one of these every reader would be silent, and none would know."""
    while True:
        try:
            await work()
        except Exception:
            logger.exception("a fault in the hub, it goes on in a second")
            await asyncio.sleep(AFTER_FAULT)
        else:
            return


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


def here() -> Hub:
    """The hub of this process: the one of the running loop, for a server has one loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
