"""One topic in this process: where it stands, its newest events encoded, and who reads it."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from msgspec import Raw

from realtime import log
from realtime.convoy import Convoy
from realtime.lane import Lane
from realtime.outbox import Express
from realtime.protocol import PIECE_LIMIT, Dialect, Events, Frame, encode, encode_event
from realtime.replay import Hole

R = TypeVar("R")

TAIL = 256  # newest events kept encoded: what a reader needs who was away for a minute
SEGMENT = 100  # events read together when somebody needs older ones, so that many who come back share the read
SEGMENTS = 16  # such runs kept per topic
BATCH = 500  # new events read at once


@dataclass(frozen=True, slots=True)
class Encoded:
    """One event, ready for every dialect."""

    number: int
    size: int  # bytes of the larger one
    html: Raw
    data: Raw


def _encoded(record: log.Record) -> Encoded:
    html, data = (encode_event(*record, dialect=dialect) for dialect in (Dialect.HTML, Dialect.DATA))
    return Encoded(record.number, len(memoryview(html)), html, data)


def runs(events: Sequence[Encoded]) -> list[Sequence[Encoded]]:
    """The events cut into runs of at most PIECE_LIMIT bytes, or of one event that is larger alone."""
    cut: list[Sequence[Encoded]] = []
    start = size = 0
    for index, event in enumerate(events):
        if index > start and size + event.size > PIECE_LIMIT:
            cut.append(events[start:index])
            start, size = index, 0
        size += event.size
    if start < len(events):
        cut.append(events[start:])
    return cut


class Stream(Generic[R]):
    """A topic that readers of type R listen to. All reading goes through `read`, which runs a function in a thread."""

    def __init__(self, name: str, read: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        self.name = name
        self.head = log.NOWHERE
        self.subscriptions: dict[R, Lane] = {}
        self.apart: dict[R, Lane] = {}  # those of them who are in no convoy
        self.convoys = {dialect: Convoy() for dialect in Dialect}
        self._read = read
        self.expected = 0  # readers who are on their way in
        self._told = (0, 0)
        self._tail: list[Encoded] = []
        self._segments: OrderedDict[int, asyncio.Future[list[Encoded]]] = OrderedDict()
        self._opening: asyncio.Task[None] | None = None

    def add(self, reader: R, lane: Lane) -> None:
        """A reader listens."""
        self.subscriptions[reader] = self.apart[reader] = lane

    def remove(self, reader: R) -> None:
        """A reader listens no more; it is in no convoy."""
        self.subscriptions.pop(reader, None)
        self.apart.pop(reader, None)

    def join_convoy(self, reader: R, express: Express, *, left: int) -> bool:
        """Let a reader whose socket is clear go with the others until `left` bytes went out; False if it is not where they are."""
        lane = self.subscriptions[reader]
        joined = self.convoys[lane.dialect].join(lane, express, left=left)
        if joined:
            self.apart.pop(reader, None)
        return joined

    def leave_convoy(self, reader: R) -> int:
        """Let a reader go by itself; returns the bytes it was sent with the others."""
        lane = self.apart[reader] = self.subscriptions[reader]
        return self.convoys[lane.dialect].leave(lane)

    async def open(self) -> None:
        """Afterwards the head and the newest events are known. Many may wait for the one reading; raises what it raises."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
        # Shielded, because whoever came first may go before the others.
        await asyncio.shield(self._opening)

    async def _open(self) -> None:
        def read() -> tuple[log.Head, list[log.Record]]:
            head = log.head(self.name)
            return head, log.since(topic=self.name, after=max(0, head.number - TAIL), limit=TAIL) if head.number else []

        self.head, records = await self._read(read)
        self._tail = [_encoded(record) for record in records if record.number <= self.head.number]
        self.hear(*self._told)

    def hear(self, number: int, generation: int) -> bool:
        """Take a hint that the topic is at this number and generation; whether there is something new to read."""
        self._told = max(self._told[0], number), max(self._told[1], generation)
        if self.head.generation < self._told[1]:
            self.head = self.head._replace(generation=self._told[1])
            self.forget_past()
        return self.is_behind

    @property
    def is_behind(self) -> bool:
        """Whether a hint told of more than was read."""
        return self.head.number < self._told[0]

    def forget_past(self) -> None:
        """Something old was emptied: read it again when somebody asks for it."""
        self._tail = []
        self._segments = OrderedDict()

    async def advance(self) -> list[Encoded]:
        """Read what is new since the head, at most BATCH events, and move the head. Raises Hole if the log is not its continuation."""
        head = self.head
        if head.epoch == "":
            self.head = head = (await self._read(lambda: log.head(self.name)))._replace(number=0)
        records: list[log.Record] = await self._read(lambda: log.since(topic=self.name, after=head.number, limit=BATCH))
        if not records:
            # A hint told of what is not there, or all that came was pruned before it was read.
            there, records = await self._read(lambda: (log.head(self.name), log.since(topic=self.name, after=head.number, limit=BATCH)))
            if not records and there.number > head.number:
                raise Hole(f"expected event {head.number + 1} of {self.name}, got nothing up to {there.number}")
        if self.head.generation != head.generation:
            # Emptied while we read: what we hold may be what was withdrawn.
            return await self.advance()
        if not records:
            return []
        if records[0].number != head.number + 1:
            raise Hole(f"expected event {head.number + 1} of {self.name}, got {records[0].number}")
        events = [_encoded(record) for record in records]
        self.head = head._replace(number=records[-1].number)
        self._tail = [*self._tail, *events][-TAIL:]
        return events

    def recent(self, after: int) -> list[Encoded] | None:
        """The events after a number out of the newest ones, None if they are older than those."""
        if after >= self.head.number:
            return []
        if not self._tail or self._tail[0].number > after + 1:
            return None
        return self._tail[after + 1 - self._tail[0].number :]

    async def older(self, after: int) -> list[Encoded]:
        """Some of the events after a number, from the log; readers who need the same share one read."""
        index, generation = after // SEGMENT, self.head.generation
        segment = self._segments.get(index)
        if segment is None:
            segment = self._segments[index] = asyncio.ensure_future(self._segment(index))
            while len(self._segments) > SEGMENTS:
                self._segments.popitem(last=False)
        self._segments.move_to_end(index)
        segments = self._segments
        try:
            events = await asyncio.shield(segment)
        except Exception:
            segments.pop(index, None)
            raise
        if self.head.generation != generation:
            # Emptied while we read: what we hold may be what was withdrawn.
            return await self.older(after)
        if len(events) < SEGMENT:
            # It was not complete yet, or was pruned: not to be kept.
            segments.pop(index, None)
            self._recall(events)
        newer = [event for event in events if event.number > after]
        if newer:
            return newer
        # The shared read may have begun before the event was there.
        records: list[log.Record] = await self._read(lambda: log.since(topic=self.name, after=after, limit=SEGMENT))
        return await self.older(after) if self.head.generation != generation else [_encoded(record) for record in records]

    def _recall(self, events: Sequence[Encoded]) -> None:
        # A withdrawal made the tail be forgotten: the first who needs it brings it back for all who come after.
        newest = [event for event in events if event.number <= self.head.number]
        first = self._tail[0].number if self._tail else self.head.number + 1
        if newest and newest[0].number < first <= newest[-1].number + 1:
            self._tail = [*newest, *self._tail[newest[-1].number + 1 - first :]][-TAIL:]

    async def _segment(self, index: int) -> list[Encoded]:
        first, end = index * SEGMENT, (index + 1) * SEGMENT
        records: list[log.Record] = await self._read(lambda: log.since(topic=self.name, after=first, limit=SEGMENT))
        return [_encoded(record) for record in records if record.number <= end]

    def frame(self, run: Sequence[Encoded], dialect: Dialect) -> Frame:
        """A run of events as one frame."""
        events = [event.html if dialect is Dialect.HTML else event.data for event in run]
        return encode(Events(topic=self.name, epoch=self.head.epoch, events=events, head=self.head.number))
