"""The largest events there can be, and a log of which nothing is left."""

import json
from collections.abc import Awaitable, Callable

import pytest
from django.db import transaction

from realtime import log, publishing
from realtime.log import EVENT_LIMIT, EventTooLarge
from realtime.protocol import Dialect
from realtime.replay import Hole
from realtime.stream import Stream
from tests.realtime.conftest import STAGE, Connect, in_thread

Publish = Callable[..., Awaitable[int]]
pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 5
BRACES = len(json.dumps({}))


async def publish_html(html: str) -> None:
    """Publish COUNT events, each in a transaction of its own."""

    def work() -> None:
        with transaction.atomic():
            publishing.publish(topic=STAGE, kind="said", data={}, html=html)

    for _ in range(COUNT):
        await in_thread(work)


# Two bytes on the wire for each quotation mark, six for each control character: more than may be under way to a reader.
@pytest.mark.parametrize("character", ["x", '"', "\x01"])
@pytest.mark.parametrize("before", [True, False])
async def test_the_largest_events_reach_a_reader_by_both_ways(connect: Connect, character: str, *, before: bool) -> None:
    html = character * (EVENT_LIMIT - BRACES)
    async with connect(subprotocols=[Dialect.HTML]) as client:
        if before:
            await publish_html(html)
            await client.join()
        else:
            await client.join()
            await publish_html(html)
        events: list[list[object]] = []
        while len(events) < COUNT:
            events += (await client.hear())["events"]
    assert events == [[number, "said", {}, html] for number in range(1, COUNT + 1)]


async def test_an_event_that_is_larger_reaches_nobody_and_takes_no_number(connect: Connect, publish: Publish) -> None:
    async with connect() as client:
        await client.join()
        with pytest.raises(EventTooLarge):
            await publish_html("x" * (EVENT_LIMIT - BRACES + 1))
        await publish()
        assert await client.follow(1) == [1]


def pruned() -> None:
    """Three more events, of which nothing is left when anybody looks."""
    with transaction.atomic():
        for _ in range(3):
            log.append(topic=STAGE, kind="said", data={}, html="")
        log.prune(topic=STAGE, up_to=log.head(STAGE).number)


async def test_who_reads_along_is_reset_when_all_that_came_was_pruned_before_it_was_read(connect: Connect, publish: Publish) -> None:
    await publish(2)
    async with connect() as client:
        await client.join()
        await client.follow(2)
        await in_thread(pruned)
        assert await client.hear() == {"op": "reset", "topic": STAGE}
        assert (await client.join(since=None))["head"] == 5
        await publish()
        assert await client.follow(6) == [6]


async def test_nothing_left_of_what_came_is_a_hole_and_a_wrong_hint_is_nothing() -> None:
    stream: Stream[object] = Stream(STAGE, in_thread)
    await stream.open()
    stream.hear(3, 0)
    assert await stream.advance() == []
    await in_thread(pruned)
    with pytest.raises(Hole, match="expected event 1 of stage:one, got nothing up to 3"):
        await stream.advance()
