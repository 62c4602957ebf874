"""The short way to a reader differs from the long one in nothing but its cost."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from realtime import log
from realtime.delivery import Delivery
from realtime.lane import Lane
from realtime.outbox import Message
from realtime.protocol import Beat, CloseCode, Dialect, Pulse, encode
from realtime.reader import Reader, beat_number
from realtime.stream import Stream, _encoded
from realtime.window import LIMIT

TOPICS = ["stage:one", "stage:two"]
STEPS = some.one_of(
    some.tuples(some.just("publish"), some.sampled_from(TOPICS), some.integers(1, LIMIT // 2)),
    some.tuples(some.sampled_from(["join", "leave"]), some.sampled_from(TOPICS)),
    some.tuples(some.sampled_from(["beat", "pulse", "answer", "refuse", "accept", "close"])),
)


async def read_nothing(_work: Callable[[], Any]) -> None:
    raise AssertionError("nobody reads here")


class Site:
    """Two topics and one reader, with or without a short way."""

    def __init__(self, *, express: bool) -> None:
        self.told: list[str] = []
        self.short = 0
        self.refuses = False
        self.delivery = Delivery(read_nothing)
        for topic in TOPICS:
            stream: Stream[Reader] = Stream(topic, read_nothing)
            stream.head = log.Head("epoch", 0, 1)
            self.delivery.streams[topic] = stream
        self.streams = dict(self.delivery.streams)
        way = self.express if express else None
        self.reader = Reader(self.send, Dialect.HTML, recheck=lambda: None, hang_up=lambda: None, express=way)

    async def send(self, message: Message) -> None:
        self.told.append(message.get("text") or f"close {message['code']}")

    def express(self, wire: bytes) -> bool:
        if self.refuses:
            return False
        self.short += 1
        self.told.append(re.sub(rb"^\x81(?:\x7e..|\x7f.{8}|.)", b"", wire, flags=re.DOTALL).decode())
        return True

    async def do(self, step: tuple[Any, ...]) -> None:
        name, *words = step
        await getattr(self, name)(*words)
        for _ in range(5):
            await asyncio.sleep(0)

    async def join(self, topic: str) -> None:
        self.delivery.leave(self.reader, topic)
        stream, lane = self.streams[topic], Lane(self.streams[topic].head.number, Dialect.HTML)
        self.reader.close_lanes()
        stream.subscriptions[self.reader] = lane
        self.reader.subscriptions[topic] = stream, lane
        self.delivery.catch_up(self.reader)

    async def leave(self, topic: str) -> None:
        self.delivery.leave(self.reader, topic)

    async def beat(self) -> None:
        number = beat_number()
        self.reader.beat(number, encode(Beat(beat=number, heads={})))

    async def pulse(self) -> None:
        if self.reader.has_room:
            self.reader.push(encode(Pulse("stage:one", {"readers": 1})))

    async def answer(self) -> None:
        for number in re.findall(r'"beat":(\d+)', "".join(self.told)):
            self.reader.confirmed(int(number))

    async def close(self) -> None:
        self.reader.close(CloseCode.RESTART)

    async def refuse(self) -> None:
        self.refuses = True

    async def accept(self) -> None:
        self.refuses = False

    async def publish(self, topic: str, size: int) -> None:
        stream = self.streams[topic]
        event = _encoded(log.Record(stream.head.number + 1, "entry.published", {}, "x" * size))
        stream.head = stream.head._replace(number=event.number)
        stream._tail.append(event)
        await self.delivery._push(stream, [event])

    def heard(self) -> list[str]:
        """Everything in its order; a beat's number is chance."""
        return [re.sub(r'"beat":\d+', '"beat":0', text) for text in self.told]


@settings(deadline=None)
@given(some.lists(STEPS, max_size=40))
def test_by_the_short_way_a_reader_hears_what_it_would_by_the_long_one(steps: list[tuple[Any, ...]]) -> None:
    async def both() -> None:
        short, long = Site(express=True), Site(express=False)
        for step in [("join", "stage:one"), *steps]:
            await short.do(step)
            await long.do(step)
            if len(short.reader.subscriptions) < 2:
                # Topics share what is left of the window, so a reader of several is asked for a sign a little sooner.
                assert short.heard() == long.heard()
        for site in (short, long):
            for step in [("answer",)] * 4:
                await site.do(step)
            site.reader.gone()
        events = [[event for text in site.told for event in heads(text)] for site in (short, long)]
        assert events[0] == events[1]

    asyncio.run(both())


def heads(text: str) -> list[tuple[str, int]]:
    """Topic and number of the events in a frame."""
    frame = json.loads(text) if text.startswith('{"op":"events"') else {"events": []}
    return [(frame["topic"], event[0]) for event in frame["events"]]


async def test_the_second_event_goes_the_short_way_and_whatever_else_is_sent_closes_it() -> None:
    site = Site(express=True)
    await site.do(("join", "stage:one"))
    lane = site.reader.subscriptions["stage:one"][1]
    opened = []
    for step in [
        ("publish", "stage:one", 100),
        ("publish", "stage:one", 100),
        ("pulse",),
        ("publish", "stage:one", 100),
        ("leave", "stage:one"),
    ]:
        await site.do(step)
        opened.append((lane.write is not None, lane.sent > 0))
    assert opened == [(True, False), (True, True), (False, False), (True, False), (False, False)]
    assert site.short == 4


async def test_what_went_the_short_way_fills_the_window() -> None:
    site = Site(express=True)
    await site.do(("join", "stage:one"))
    for _ in range(5):
        await site.do(("publish", "stage:one", LIMIT // 4))
    assert [site.reader.has_room, "\n".join(site.told).count('"op":"beat"')] == [False, 2]
    assert site.reader.subscriptions["stage:one"][1].position == 4
    await site.do(("answer",))
    assert [number for text in site.told for _topic, number in heads(text)] == [1, 2, 3, 4, 5]


def test_a_lane_that_is_closed_tells_once_what_it_sent() -> None:
    lane = Lane(7, Dialect.DATA)
    lane.open(lambda _wire: True, due=100)
    lane.sent = 60
    assert (lane.close(), lane.close(), lane.write, lane.position) == (60, 0, None, 7)
