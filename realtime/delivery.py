"""Carries events from the log to the readers: to all who are up to date at once, to the others from where they are."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from realtime import log
from realtime.complaints import Complaints
from realtime.convoy import BREATH
from realtime.lane import Lane
from realtime.protocol import Dialect, Frame, Reset
from realtime.reader import Reader
from realtime.replay import Hole, can_continue
from realtime.stream import Encoded, Stream, runs

POLLED_AT_ONCE = 500  # topics in one statement
AFTER_FAILURE = 1.0  # seconds before a reader who is behind tries the database again

logger = logging.getLogger(__name__)


class Delivery:
    """The topics somebody here listens to. `read` runs a function that uses the database in a thread."""

    def __init__(self, read: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        self.streams: dict[str, Stream[Reader]] = {}
        self._read = read
        self._due: dict[str, None] = {}
        self._something = asyncio.Event()
        self._complaints = Complaints()

    async def join(self, reader: Reader, topic: str, since: tuple[str, int] | None) -> Stream[Reader] | None:
        """Let a reader listen from `since` on, or from now; None if it cannot continue from there.

        Afterwards `catch_up` has to be called. Raises what reading the log raises.
        """
        self.leave(reader, topic)
        stream = self.streams.get(topic)
        if stream is None:
            stream = self.streams[topic] = Stream(topic, self._read)
        stream.expected += 1
        try:
            await stream.open()
            if since is not None and not can_continue(since, epoch=stream.head.epoch, head=stream.head.number):
                # It may know from another process, or from its page, what has not reached us yet.
                before = stream.head
                head = await self._read(lambda: log.head(topic))
                if not can_continue(since, epoch=head.epoch, head=head.number):
                    return None
                self._compare(stream, before, head)
            if self.streams.get(topic) is not stream:
                return await self.join(reader, topic, since)
            # First listen, then read: the other way loses what falls between.
            lane = Lane(stream.head.number if since is None else since[1], reader.dialect, part=reader.close_lanes)
            # Its topics share its window: one more, and those it had take a smaller share.
            reader.close_lanes()
            stream.add(reader, lane)
            reader.subscriptions[topic] = stream, lane
            return stream
        finally:
            stream.expected -= 1
            self._drop_if_unused(stream)

    def leave(self, reader: Reader, topic: str) -> None:
        """The reader gets no more of this topic."""
        reader.close_lanes()
        stream, _ = reader.subscriptions.pop(topic, (None, None))
        if stream is not None:
            stream.remove(reader)
            self._drop_if_unused(stream)

    def hear(self, moved: dict[str, tuple[int, int]]) -> None:
        """Take a hint where topics are."""
        for topic, (number, generation) in moved.items():
            stream = self.streams.get(topic)
            if stream is not None and stream.hear(number, generation):
                self._due[topic] = None
                self._something.set()

    async def pump(self) -> None:
        """For ever: read what is new and hand it out. What is appended meanwhile goes out together in the next round."""
        while True:
            await self._something.wait()
            self._something.clear()
            while self._due:
                stream = self.streams.get(next(iter(self._due)))
                self._due.pop(next(iter(self._due)))
                if stream is not None:
                    await self._advance(stream)

    async def poll(self, every: float) -> None:
        """For ever: look where the topics are, which makes a lost bell a delay and finds a log that began anew."""
        while True:
            await asyncio.sleep(every)
            names = list(self.streams)
            for start in range(0, len(names), POLLED_AT_ONCE):
                try:
                    await self._poll(names[start : start + POLLED_AT_ONCE])
                except Exception as error:  # noqa: BLE001  whatever the database may raise, it is asked again
                    self._complain(error)

    def catch_up(self, reader: Reader) -> None:
        """See to it that a reader gets what is between its places and the heads."""
        behind = any(not lane.live and not lane.settle(stream.head.number) for stream, lane in reader.subscriptions.values())
        if not behind:
            # Not with the next event: opening costs more than the event, and then everybody would wait for it.
            reader.open_lanes()
        elif reader.catching_up is None:
            reader.catching_up = asyncio.create_task(self._catch_up(reader))

    async def _poll(self, names: list[str]) -> None:
        known = [(stream, stream.head) for stream in map(self.streams.get, names) if stream is not None]
        heads = await self._read(lambda: log.heads(names))
        for stream, before in known:
            self._compare(stream, before, heads.get(stream.name, log.NOWHERE))

    def _compare(self, stream: Stream[Reader], before: log.Head, head: log.Head) -> None:
        # `before` is what we knew when the reading of `head` began: the stream may have moved on since.
        if before.epoch and (head.epoch != before.epoch or head.number < before.number):
            self._reset(stream)
        else:
            self.hear({stream.name: (head.number, head.generation)})

    async def _advance(self, stream: Stream[Reader]) -> None:
        try:
            await stream.open()
            events = await stream.advance() if stream.is_behind else []
            for run in runs(events):
                await self._push(stream, run)
            if events and stream.is_behind:
                # Behind the others: a topic that never falls silent would keep them waiting.
                self._due[stream.name] = None
        except Hole:
            self._reset(stream)
        except Exception as error:  # noqa: BLE001  the poll finds the topic again
            self._complain(error)

    async def _push(self, stream: Stream[Reader], run: Sequence[Encoded]) -> None:
        frames: dict[Dialect, Frame] = {}
        for dialect, convoy in stream.convoys.items():
            if convoy:
                frames[dialect] = stream.frame(run, dialect)
                await convoy.carry(frames[dialect], first=run[0].number, last=run[-1].number)
        for count, (reader, lane) in enumerate(list(stream.apart.items()), start=1):
            if lane.dialect not in frames:
                frames[lane.dialect] = stream.frame(run, lane.dialect)
            self._push_to(reader, stream, lane, run, frames[lane.dialect])
            if count % BREATH == 0:
                await asyncio.sleep(0)

    def _push_to(self, reader: Reader, stream: Stream[Reader], lane: Lane, run: Sequence[Encoded], frame: Frame) -> None:
        if not reader.has_room:
            lane.fall_behind()
        if stream.subscriptions.get(reader) is lane and lane.pushed(run[0].number, run[-1].number):
            reader.push(frame)
            reader.open_lanes()
        elif not lane.live:
            self.catch_up(reader)

    async def _catch_up(self, reader: Reader) -> None:
        try:
            while not reader.closed and (behind := [pair for pair in reader.subscriptions.values() if not pair[1].live]):
                for stream, lane in behind:
                    await reader.room()
                    try:
                        await self._catch_up_on(reader, stream, lane)
                    except Exception as error:  # noqa: BLE001  the reader waits for the database, not for a push
                        self._complain(error)
                        await asyncio.sleep(AFTER_FAILURE)
            reader.open_lanes()
        finally:
            reader.catching_up = None

    async def _catch_up_on(self, reader: Reader, stream: Stream[Reader], lane: Lane) -> None:
        events = stream.recent(lane.position)
        if events is None:
            events = await stream.older(lane.position)
        if stream.subscriptions.get(reader) is not lane:
            return
        if not lane.settle(stream.head.number):
            try:
                run = runs(events)[0] if events else []
                lane.past(*((run[0].number, run[-1].number) if run else (0, 0)))
            except Hole:
                self.leave(reader, stream.name)
                reader.say(Reset(stream.name))
                return
            reader.push(stream.frame(run, reader.dialect))
            lane.settle(stream.head.number)

    def _reset(self, stream: Stream[Reader]) -> None:
        # Its readers come back through their pages and open it anew.
        self.streams.pop(stream.name, None)
        for reader in list(stream.subscriptions):
            self.leave(reader, stream.name)
            reader.say(Reset(stream.name))

    def _drop_if_unused(self, stream: Stream[Reader]) -> None:
        if not stream.subscriptions and not stream.expected and self.streams.get(stream.name) is stream:
            del self.streams[stream.name]

    def _complain(self, error: Exception) -> None:
        if self._complaints.due():
            logger.error("the log cannot be read, readers wait: %r", error)
