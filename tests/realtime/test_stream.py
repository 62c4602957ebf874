"""A topic in memory: what is new, what was lately, what is older, and nothing that was emptied."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from django.db import transaction

from realtime import log
from realtime.protocol import PIECE_LIMIT, Dialect
from realtime.replay import Hole
from realtime.stream import SEGMENT, SEGMENTS, TAIL, Encoded, Stream, runs
from tests.realtime.conftest import in_thread

TOPIC = "stage:one"
pytestmark = pytest.mark.django_db(transaction=True)


class Reads:
    """Reads, and counts; what is to happen before a reading is told can be slipped in."""

    def __init__(self) -> None:
        self.count = 0
        self.meanwhile: list[Callable[[], Awaitable[object]]] = []

    async def __call__(self, work: Callable[[], Any]) -> Any:
        self.count += 1
        result = await in_thread(work)
        if self.meanwhile:
            await self.meanwhile.pop(0)()
        return result


@pytest.fixture
def reads() -> Reads:
    return Reads()


@pytest.fixture
async def stream(reads: Reads) -> Stream[object]:
    return Stream(TOPIC, reads)


async def append(count: int = 1) -> log.Head:
    def work() -> log.Head:
        with transaction.atomic():
            return [log.append(topic=TOPIC, kind="said", data={"n": n}, html="<p>") for n in range(count)][-1]

    head: log.Head = await in_thread(work)
    return head


async def redact(number: int) -> log.Head:
    def work() -> log.Head | None:
        with transaction.atomic():
            return log.redact(topic=TOPIC, match=[number])

    head: log.Head | None = await in_thread(work)
    assert head is not None
    return head


def numbers(events: list[Encoded] | None) -> list[int] | None:
    return None if events is None else [event.number for event in events]


async def test_opening_knows_the_head_and_the_newest_events(stream: Stream[object], reads: Reads) -> None:
    await append(TAIL + 10)
    await asyncio.gather(stream.open(), stream.open())
    assert (stream.head.number, reads.count) == (TAIL + 10, 1)
    assert numbers(stream.recent(10)) == list(range(11, TAIL + 11))
    assert stream.recent(9) is None
    assert numbers(stream.recent(TAIL + 10)) == []


async def test_a_topic_that_begins_is_followed_from_its_first_event(stream: Stream[object]) -> None:
    await stream.open()
    assert stream.head == log.NOWHERE
    head = await append(2)
    assert stream.hear(2, 1)
    assert numbers(await stream.advance()) == [1, 2]
    assert stream.head == head
    assert not stream.is_behind


async def test_a_hint_of_what_is_known_is_nothing_new(stream: Stream[object]) -> None:
    await append(3)
    await stream.open()
    assert not stream.hear(3, 1)
    assert not stream.hear(2, 1)
    assert stream.hear(4, 1)


async def test_older_events_are_read_once_for_everybody_who_needs_them(stream: Stream[object], reads: Reads) -> None:
    await append(TAIL + 2 * SEGMENT)
    await stream.open()
    before = reads.count
    parts = await asyncio.gather(*(stream.older(after) for after in (0, 0, 7, 99)))
    assert [numbers(part) for part in parts] == [list(range(after + 1, 101)) for after in (0, 0, 7, 99)]
    assert reads.count == before + 1
    await stream.older(50)
    assert reads.count == before + 1


async def test_only_so_many_segments_are_kept(stream: Stream[object], reads: Reads) -> None:
    await append(SEGMENT * (SEGMENTS + 1))
    for index in range(SEGMENTS + 1):
        await stream.older(index * SEGMENT)
    before = reads.count
    await stream.older(SEGMENT)
    assert reads.count == before
    await stream.older(0)
    assert reads.count == before + 1


async def test_an_incomplete_segment_is_read_again(stream: Stream[object]) -> None:
    await append(10)
    await stream.open()
    assert numbers(await stream.older(3)) == list(range(4, 11))
    await append(10)
    assert numbers(await stream.older(3)) == list(range(4, 21))


async def test_an_event_that_came_during_a_shared_reading_is_read_by_itself(stream: Stream[object], reads: Reads) -> None:
    await append(10)
    await stream.open()
    reads.meanwhile.append(lambda: append(5))
    assert numbers(await stream.older(10)) == [11, 12, 13, 14, 15]


def kinds(events: list[Encoded] | None) -> list[str]:
    return [msgspec.json.decode(event.html)[1] for event in events or []]


async def test_what_was_emptied_is_forgotten_with_the_generation(stream: Stream[object]) -> None:
    await append(3)
    await stream.open()
    await stream.older(0)
    head = await redact(2)
    assert not stream.hear(head.number, head.generation)
    assert stream.recent(0) is None
    assert kinds(await stream.older(0)) == ["said", "gone", "said"]


async def test_after_something_was_emptied_the_newest_are_read_once_for_everybody_and_followed_on(
    stream: Stream[object], reads: Reads
) -> None:
    await append(30)
    await stream.open()
    head = await redact(3)
    stream.hear(head.number, head.generation)
    assert [event.number for event in await stream.older(25)] == [26, 27, 28, 29, 30]
    read = reads.count
    assert [event.number for event in stream.recent(20) or []] == list(range(21, 31))
    await append(2)
    stream.hear(32, head.generation)
    await stream.advance()
    assert [event.number for event in stream.recent(20) or []] == list(range(21, 33))
    assert reads.count == read + 1


async def test_what_came_while_the_newest_were_brought_back_follows_on(stream: Stream[object], reads: Reads) -> None:
    await append(30)
    await stream.open()
    head = await redact(3)
    stream.hear(head.number, head.generation)

    async def more() -> None:
        await append(5)
        stream.hear(35, head.generation)
        await stream.advance()

    reads.meanwhile.append(more)
    assert [event.number for event in await stream.older(28)] == [29, 30]
    assert [event.number for event in stream.recent(28) or []] == list(range(29, 36))


async def test_what_is_emptied_during_a_reading_is_read_again(stream: Stream[object], reads: Reads) -> None:
    await append(1)
    await stream.open()
    await append(2)
    stream.hear(3, 1)

    async def withdraw() -> None:
        head = await redact(2)
        stream.hear(head.number, head.generation)

    reads.meanwhile.append(withdraw)
    assert kinds(await stream.advance()) == ["gone", "said"]


async def test_what_is_emptied_while_the_past_is_read_is_read_again_for_everybody(stream: Stream[object], reads: Reads) -> None:
    await append(3)
    await stream.open()

    async def withdraw() -> None:
        head = await redact(2)
        stream.hear(head.number, head.generation)

    reads.meanwhile.append(withdraw)
    parts = await asyncio.gather(stream.older(0), stream.older(0), stream.older(1))
    assert [kinds(part) for part in parts] == [["said", "gone", "said"], ["said", "gone", "said"], ["gone", "said"]]


async def test_what_is_emptied_while_one_reads_by_itself_is_read_again(stream: Stream[object], reads: Reads) -> None:
    await append(10)
    await stream.open()

    async def withdraw() -> None:
        head = await redact(11)
        stream.hear(head.number, head.generation)

    reads.meanwhile += [lambda: append(2), withdraw]
    assert kinds(await stream.older(10)) == ["gone", "said"]


async def test_what_is_emptied_during_the_opening_is_not_kept(stream: Stream[object], reads: Reads) -> None:
    await append(2)

    async def withdraw() -> None:
        head = await redact(1)
        stream.hear(head.number, head.generation)

    reads.meanwhile.append(withdraw)
    await stream.open()
    assert stream.recent(0) is None
    assert kinds(await stream.older(0)) == ["gone", "said"]


async def test_a_log_that_does_not_continue_is_a_hole(stream: Stream[object]) -> None:
    await append(2)
    await stream.open()
    await append(3)
    await in_thread(lambda: log.prune(topic=TOPIC, up_to=4))
    stream.hear(5, 1)
    with pytest.raises(Hole, match="expected event 3 of stage:one, got 5"):
        await stream.advance()


def event(number: int, size: int) -> Encoded:
    raw = msgspec.Raw(b'"' + b"x" * (size - 2) + b'"')
    return Encoded(number, size, raw, raw)


def test_runs_are_cut_by_size_and_lose_nothing() -> None:
    sizes = [PIECE_LIMIT // 2, PIECE_LIMIT // 2, 10, 3 * PIECE_LIMIT, 10, 10]
    events = [event(number, size) for number, size in enumerate(sizes, start=1)]
    assert [numbers(list(part)) for part in runs(events)] == [[1, 2], [3], [4], [5, 6]]
    assert runs([]) == []


async def test_a_frame_carries_its_topic_epoch_and_head(stream: Stream[object]) -> None:
    await append(2)
    await stream.open()
    frame = stream.frame(stream.recent(1) or [], Dialect.DATA)
    assert msgspec.json.decode(frame.text) == {
        "op": "events", "topic": TOPIC, "epoch": stream.head.epoch, "events": [[2, "said", {"n": 1}]], "head": 2,
    }  # fmt: skip
