"""The short way to readers differs from the long one in nothing but its cost."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as some

from operations.servers.express import one_by_one
from realtime import log
from realtime.convoy import BREATH, Convoy
from realtime.delivery import Delivery
from realtime.lane import Lane
from realtime.outbox import Message
from realtime.protocol import Beat, CloseCode, Dialect, Frame, Pulse, encode
from realtime.reader import Reader, beat_number
from realtime.rounds import Pace, Rounds
from realtime.stream import Stream, _encoded
from realtime.window import LIMIT

TOPICS = ["stage:one", "stage:two"]
STEPS = some.one_of(
    some.tuples(some.just("publish"), some.sampled_from(TOPICS), some.integers(1, LIMIT // 2)),
    some.tuples(some.sampled_from(["join", "leave"]), some.sampled_from(TOPICS)),
    some.tuples(some.sampled_from(["beat", "pulse", "ping", "answer", "refuse", "stint", "accept", "close"])),
)


PART = 50  # bytes that a stingy socket takes of a frame


def text_of(wire: bytes) -> str:
    return re.sub(rb"^\x81(?:\x7e..|\x7f.{8}|.)", b"", wire, flags=re.DOTALL).decode("latin1")


async def read_nothing(_work: Callable[[], Any]) -> None:
    raise AssertionError("nobody reads here")


class Site:
    """Two topics and one reader, and its socket, with or without a short way."""

    def __init__(self, *, express: bool) -> None:
        self.told: list[str] = []
        self.short = 0
        self.full = self.stingy = self.clogged = False
        self.partial = b""
        self.before: Callable[[], object] | None = None
        self.delivery = Delivery(read_nothing)
        for topic in TOPICS:
            stream: Stream[Reader] = Stream(topic, read_nothing)
            stream.head = log.Head("epoch", 0, 1)
            self.delivery.streams[topic] = stream
        self.streams = dict(self.delivery.streams)
        way = self if express else None
        self.reader = Reader(self.tell, Dialect.HTML, recheck=lambda: None, hang_up=lambda: None, express=way)

    async def tell(self, message: Message) -> None:
        self.told.append(message.get("text") or f"close {message['code']}")

    @property
    def socket(self) -> "Site":
        return self

    put_all = staticmethod(one_by_one)

    def send(self, wire: bytes) -> int:
        assert self.is_clear
        if self.full:
            raise BlockingIOError
        self.short += 1
        if self.stingy and len(wire) > PART:
            self.partial = wire[:PART]
            return PART
        self.told.append(text_of(wire))
        return len(wire)

    @property
    def is_clear(self) -> bool:
        return not self.partial and not self.clogged

    def write(self, wire: bytes) -> bool:
        if not self.is_clear or self.full:
            return False
        if (taken := self.send(wire)) < len(wire):
            self.rest(wire[taken:])
        return True

    def rest(self, piece: bytes) -> None:
        if self.before is not None:
            self.before()
        self.told.append(text_of(self.partial + piece))
        self.clogged = bool(self.partial)
        self.partial = b""

    def watch(self, before: Callable[[], object] | None) -> None:
        self.before = before

    async def do(self, step: tuple[Any, ...]) -> None:
        name, *words = step
        await getattr(self, name)(*words)
        for _ in range(5):
            await asyncio.sleep(0)

    async def join(self, topic: str) -> None:
        self.delivery.leave(self.reader, topic)
        stream = self.streams[topic]
        lane = Lane(stream.head.number, Dialect.HTML, part=self.reader.close_lanes)
        self.reader.close_lanes()
        stream.add(self.reader, lane)
        self.reader.subscriptions[topic] = stream, lane
        self.delivery.catch_up(self.reader)

    async def leave(self, topic: str) -> None:
        self.delivery.leave(self.reader, topic)

    async def beat(self) -> None:
        number = beat_number()
        self.reader.beat(number, encode(Beat(beat=number, heads={})))
        self.reader.open_lanes()

    async def pulse(self) -> None:
        if self.reader.has_room:
            self.reader.push(encode(Pulse("stage:one", {"readers": 1})))
            self.reader.open_lanes()

    async def answer(self) -> None:
        for number in re.findall(r'"beat":(\d+)', "".join(self.told)):
            self.reader.confirmed(int(number))

    async def close(self) -> None:
        self.reader.close(CloseCode.RESTART)

    async def refuse(self) -> None:
        self.full = True

    async def accept(self) -> None:
        self.full = self.stingy = self.clogged = False

    async def stint(self) -> None:
        self.stingy = True

    async def ping(self) -> None:
        # By the server itself.
        self.rest(b"\x89\x00")

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
@example([("stint",), ("publish", "stage:one", LIMIT // 2)])
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


async def test_events_go_the_short_way_but_for_one_after_the_server_itself_has_sent_something() -> None:
    site = Site(express=True)
    seen = []
    for step in [
        ("join", "stage:one"),
        ("publish", "stage:one", 100),
        ("publish", "stage:one", 100),
        ("pulse",),
        ("publish", "stage:one", 100),
        ("ping",),
        ("publish", "stage:one", 100),
        ("leave", "stage:one"),
    ]:
        await site.do(step)
        stream, lane = site.reader.subscriptions.get("stage:one", (site.streams["stage:one"], None))
        seen.append((lane is not None and lane.express is not None, len(stream.convoys[Dialect.HTML]), len(stream.apart)))
    assert seen == [(True, 1, 0), (True, 1, 0), (True, 1, 0), (True, 1, 0), (True, 1, 0), (False, 0, 1), (True, 1, 0), (False, 0, 0)]
    assert (site.short, len(site.told)) == (5, 6)


async def test_what_comes_by_the_clock_leaves_the_short_way_open() -> None:
    site = Site(express=True)
    rounds = Rounds(Pace(beat=1), site.delivery)
    rounds.add(site.reader)
    await site.do(("join", "stage:one"))
    _stream, lane = site.reader.subscriptions["stage:one"]
    rounds._beat()
    by_beat = lane.express is not None
    rounds.board.tell("stage:one", "answering", "王建国", seconds=5, now=0.0)
    await rounds._pulse()
    assert (by_beat, lane.express is not None) == (True, True)
    assert [json.loads(text)["op"] for text in site.told] == ["beat", "pulse"]


async def test_what_went_the_short_way_fills_the_window() -> None:
    site = Site(express=True)
    await site.do(("join", "stage:one"))
    for _ in range(5):
        await site.do(("publish", "stage:one", LIMIT // 4))
    assert [site.reader.has_room, "\n".join(site.told).count('"op":"beat"')] == [False, 2]
    assert site.reader.subscriptions["stage:one"][1].position == 4
    await site.do(("answer",))
    assert [number for text in site.told for _topic, number in heads(text)] == [1, 2, 3, 4, 5]


class Member:
    """One of many in a convoy, whose socket takes so many bytes of each frame, or raises for None."""

    def __init__(self, convoy: Convoy, *, takes: int | None = 10**6, left: int = 10**6) -> None:
        self.convoy, self.takes, self.bytes, self.left = convoy, takes, b"", -1
        self.lane = Lane(7, Dialect.HTML, part=self.part)
        assert convoy.join(self.lane, self, left=left)

    @property
    def socket(self) -> "Member":
        return self

    put_all = staticmethod(one_by_one)

    def send(self, wire: bytes) -> int:
        if self.takes is None:
            raise ConnectionResetError
        self.bytes += wire[: self.takes]
        return min(len(wire), self.takes)

    is_clear = True

    def write(self, frame: bytes) -> bool:
        raise AssertionError("the convoy does not write")

    def rest(self, piece: bytes) -> None:
        self.part()
        self.bytes += piece

    def watch(self, before: Callable[[], object] | None) -> None:
        raise AssertionError("the convoy does not watch")

    def part(self) -> None:
        if self.lane.express is not None:
            self.left = self.convoy.leave(self.lane)

    @property
    def stands(self) -> tuple[bool, int, int, int]:
        """Whether it is a member, the event it has, the bytes reckoned when it left, those it got."""
        return self.lane.express is not None, self.lane.position, self.left, len(self.bytes)


async def test_who_takes_a_part_gets_the_rest_and_who_takes_nothing_stays_where_it_was() -> None:
    convoy = Convoy()
    members = [Member(convoy), Member(convoy, takes=3), Member(convoy, takes=None), Member(convoy, takes=0), Member(convoy, left=10)]
    frame = Frame(b"x" * 10)
    await convoy.carry(frame, first=8, last=9)
    wire = len(frame.wire)
    assert [member.stands for member in members] == [
        (True, 7, -1, wire), (False, 9, 10, wire), (False, 7, 0, 0), (False, 7, 0, 0), (False, 9, 10, wire),
    ]  # fmt: skip
    members[0].part()
    assert members[0].stands == (False, 9, 10, wire)


async def test_who_leaves_between_two_breaths_stands_where_it_got_to() -> None:
    convoy = Convoy()
    members = [Member(convoy) for _ in range(BREATH + 2)]
    carrying = asyncio.ensure_future(convoy.carry(Frame(b"x"), first=8, last=8))
    await asyncio.sleep(0)
    leaving = [members[0], members[BREATH]]
    for member in leaving:
        member.part()
    late = Lane(8, Dialect.HTML, part=lambda: None)
    assert not convoy.join(late, members[0], left=10)
    await carrying
    assert [member.stands for member in leaving] == [(False, 8, 1, 3), (False, 7, 0, 0)]
    assert {len(member.bytes) for member in members[1:BREATH]} | {len(members[-1].bytes)} == {3}
    assert len(convoy) == BREATH


async def test_a_convoy_that_was_stopped_on_its_way_sets_out_no_more() -> None:
    convoy = Convoy()
    members = [Member(convoy) for _ in range(BREATH + 1)]
    carrying = asyncio.ensure_future(convoy.carry(Frame(b"x"), first=8, last=8))
    await asyncio.sleep(0)
    carrying.cancel()
    await asyncio.wait([carrying])
    await convoy.carry(Frame(b"x"), first=9, last=9)
    assert [len(convoy), members[0].stands, members[-1].stands] == [0, (False, 8, 1, 3), (False, 7, 0, 0)]


async def test_nobody_joins_while_an_event_is_on_its_way() -> None:
    convoy = Convoy()
    members = [Member(convoy) for _ in range(BREATH + 1)]
    carrying = asyncio.ensure_future(convoy.carry(Frame(b"x"), first=8, last=8))
    await asyncio.sleep(0)
    for member in members:
        member.part()
    last = members[-1]
    # It does not have the event yet; whoever carries it now would not know.
    assert not convoy.join(last.lane, last, left=10)
    await carrying
    assert last.stands == (False, 7, 0, 0)
    assert convoy.join(last.lane, last, left=10)
    await convoy.carry(Frame(b"x"), first=8, last=8)
    assert last.stands == (True, 7, 0, 3)


def test_who_stands_elsewhere_does_not_join() -> None:
    convoy = Convoy()
    Member(convoy)
    elsewhere = Lane(8, Dialect.HTML, part=lambda: None)
    assert (convoy.join(elsewhere, Member(Convoy()), left=10), elsewhere.express, len(convoy)) == (False, None, 1)
