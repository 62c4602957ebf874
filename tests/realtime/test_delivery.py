"""Every reader gets every event once and in order, whatever is lost, late, slow, emptied or restored."""

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from django.db import connection, transaction

from realtime import log, publishing
from realtime.hub import Hub
from realtime.models import Event, Topic
from realtime.protocol import CloseCode
from tests.realtime.conftest import STAGE, Connect, in_thread

Publish = Callable[..., Awaitable[int]]
SILENT = "stage:silent"
pytestmark = pytest.mark.django_db(transaction=True)


async def counted(hub: Hub) -> list[str]:
    """Every statement the hub sends from now on."""
    statements: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        statements.append(sql)
        return execute(sql, *rest)

    await hub._reads.run(lambda: connection.execute_wrappers.append(note))
    return statements


async def test_a_lost_bell_is_a_delay(connect: Connect, append_silently: Publish) -> None:
    async with connect() as client:
        await client.join()
        await append_silently(3)
        assert await client.follow(3) == [1, 2, 3]


async def test_many_events_at_once_come_as_few_frames(connect: Connect, publish: Publish) -> None:
    async with connect() as client:
        await client.join()
        await publish(200)
        frame = await client.hear()
        assert [event[0] for event in frame["events"]] == list(range(1, 201))


async def test_more_than_one_batch_arrives_whole(connect: Connect, publish: Publish) -> None:
    async with connect() as client:
        await client.join()
        await publish(1200)
        assert await client.follow(1200) == list(range(1, 1201))


async def test_a_topic_that_never_falls_silent_keeps_no_other_waiting(connect: Connect, hub: Hub, append_silently: Publish) -> None:
    async with connect() as quiet, connect() as busy:
        await quiet.join(SILENT)
        await busy.join(STAGE)
        stream = hub._delivery.streams[STAGE]
        read = stream._read

        async def read_while_more_is_written(function: Callable[[], Any]) -> Any:
            read_now = await read(function)
            # All of these would go out before the other topic's one, if a topic were served until it is silent.
            if stream.head.number < 100:
                hub._delivery.hear({STAGE: (await append_silently(), 1)})
            return read_now

        stream._read = read_while_more_is_written
        hub._delivery.hear({STAGE: (await append_silently(), 1)})
        await busy.hear()
        await append_silently(topic=SILENT)
        hub._delivery.hear({SILENT: (1, 1)})
        assert (await quiet.hear())["topic"] == SILENT
        assert stream.head.number < 100


async def test_a_long_past_is_read_in_segments(connect: Connect, publish: Publish) -> None:
    await publish(777)
    async with connect() as client:
        epoch = (await client.join())["epoch"]
        assert await client.follow(777) == list(range(1, 778))
    async with connect() as client:
        await client.join(since=(epoch, 333))
        assert await client.follow(777) == list(range(334, 778))


async def test_readers_who_come_back_together_share_the_reading(connect: Connect, hub: Hub, publish: Publish) -> None:
    await publish(500)
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect()) for _ in range(40)]
        await clients[0].join(since=None)
        statements = await counted(hub)
        await asyncio.gather(*(client.join() for client in clients[1:]))
        everything = await asyncio.gather(*(client.follow(500) for client in clients[1:]))
    assert everything == [list(range(1, 501))] * 39
    assert len([sql for sql in statements if "realtime_event" in sql]) == 3


async def test_an_event_is_read_once_however_many_readers(connect: Connect, hub: Hub, publish: Publish) -> None:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect()) for _ in range(20)]
        for client in clients:
            await client.join(since=None)
        await publish()
        for client in clients:
            await client.follow(1)
        statements = await counted(hub)
        for number in range(2, 6):
            await publish()
            for client in clients:
                await client.follow(number)
    assert len([sql for sql in statements if "realtime_event" in sql]) == 4


async def test_readers_joining_while_events_come_miss_nothing(connect: Connect, publish: Publish) -> None:
    """The moment between listening and reading is where others lose events."""
    chance = random.Random(20100714)

    async def reader(delay: float) -> list[int]:
        await asyncio.sleep(delay)
        async with connect() as client:
            await client.join()
            return await client.follow(120)

    async def writer() -> None:
        for _ in range(40):
            await publish(3)

    seen, _ = await asyncio.gather(asyncio.gather(*(reader(chance.random() * 0.3) for _ in range(25))), writer())
    assert seen == [list(range(1, 121))] * 25


async def test_a_reader_may_know_more_than_this_process(connect: Connect, append_silently: Publish) -> None:
    """Another process told it, or its page; this one has not looked yet."""
    async with connect() as client:
        await client.join()
        await append_silently(2)
        epoch = (await in_thread(lambda: log.head(STAGE))).epoch
        async with connect() as ahead:
            assert (await ahead.join(since=(epoch, 2)))["op"] == "ok"
            await append_silently()
            assert await ahead.follow(3) == [3]
        assert await client.follow(3) == [1, 2, 3]


async def test_a_new_epoch_resets_everybody(connect: Connect, publish: Publish) -> None:
    await publish(2)
    async with connect() as client:
        old = (await client.join())["epoch"]
        await client.follow(2)
        await in_thread(log.begin_epoch)
        assert await client.hear() == {"op": "reset", "topic": STAGE}
        new = (await client.join(since=None))["epoch"]
        assert new != old
        await publish()
        assert await client.follow(3) == [3]


async def test_a_head_that_went_back_resets_everybody(connect: Connect, publish: Publish) -> None:
    await publish(5)

    def restore() -> None:
        Event.objects.filter(number__gt=3).delete()
        Topic.objects.update(head=3)

    async with connect() as client:
        await client.join(since=None)
        await in_thread(restore)
        assert await client.hear() == {"op": "reset", "topic": STAGE}


async def test_a_reader_before_the_pruned_past_is_reset(connect: Connect, publish: Publish) -> None:
    await publish(5)
    await in_thread(lambda: log.prune(topic=STAGE, up_to=3))
    async with connect() as client:
        epoch = (await client.join(since=None))["epoch"]
        await client.join(since=(epoch, 2))
        assert await client.hear() == {"op": "reset", "topic": STAGE}
        await client.join(since=(epoch, 3))
        assert await client.follow(5) == [4, 5]


async def test_a_topic_that_is_pruned_while_somebody_reads_it_is_read_without_a_gap_or_reset(
    connect: Connect, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.window.DEADLINE", 600.0)
    await publish(100, size=3_000)
    await publish(400)
    async with connect() as client:
        client.answers_beats = False
        await client.join()
        client.numbers += [event[0] for event in (await client.hear())["events"]]
        await in_thread(lambda: log.prune(topic=STAGE, up_to=150))
        client.answers_beats = True
        for beat in client.beats:
            await client.say(op="still", beat=beat["beat"])
        while (frame := await client.hear())["op"] == "events":
            client.numbers += [event[0] for event in frame["events"]]
    assert frame == {"op": "reset", "topic": STAGE}
    # What had been read together before is handed out to its end.
    assert client.numbers == list(range(1, 101))


async def test_what_was_redacted_reaches_nobody_any_more(connect: Connect, publish: Publish) -> None:
    await publish(3)

    def redact() -> None:
        with transaction.atomic():
            publishing.redact(topic=STAGE, match=lambda data: data["n"] == 1)
            publishing.publish(topic=STAGE, kind="withdrawn", data={"n": 1})

    async with connect() as witness, connect() as late:
        await witness.join()
        await witness.follow(3)
        await in_thread(redact)
        assert (await witness.hear())["events"] == [[4, "withdrawn", {"n": 1}, ""]]
        await late.join()
        events = (await late.hear())["events"]
    assert events == [[1, "said", {"n": 0}, "字"], [2, "gone", {}, ""], [3, "said", {"n": 2}, "字"], [4, "withdrawn", {"n": 1}, ""]]


async def test_a_redaction_whose_bell_was_lost_is_found(connect: Connect, publish: Publish, append_silently: Publish) -> None:
    await publish(2)

    def redact_silently() -> None:
        with transaction.atomic():
            log.redact(topic=STAGE, match=[1])

    async with connect() as witness, connect() as late:
        await witness.join()
        await witness.follow(2)
        await in_thread(redact_silently)
        await append_silently()
        # Found by the same look that finds the redaction.
        await witness.follow(3)
        await late.join()
        assert [event[1] for event in (await late.hear())["events"]] == ["gone", "said", "said"]


async def test_who_does_not_confirm_gets_a_window_full_and_then_waits(
    connect: Connect, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.window.DEADLINE", 600.0)
    async with connect() as slow, connect() as healthy:
        slow.answers_beats = False
        await slow.join()
        await healthy.join()
        for _ in range(30):
            await publish(1, size=8_000)
        assert await healthy.follow(30) == list(range(1, 31))
        got = sum(
            len(message["text"].encode())
            for message in [slow.communicator.output_queue.get_nowait() for _ in range(slow.communicator.output_queue.qsize())]
        )
        assert 200 * 1024 < got < 400 * 1024


async def test_who_confirms_late_still_gets_everything(connect: Connect, publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.window.DEADLINE", 600.0)
    async with connect() as client, connect() as healthy:
        client.answers_beats = False
        await client.join()
        await healthy.join()
        for _ in range(30):
            await publish(1, size=8_000)
        await healthy.follow(30)
        client.answers_beats = True
        assert await client.follow(30) == list(range(1, 31))


async def test_who_never_confirms_is_closed(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect() as client:
        client.answers_beats = False
        await client.join()
        monkeypatch.setattr("realtime.window.DEADLINE", 0.1)
        assert await client.closing() == 4408


async def test_for_a_reader_that_was_closed_nothing_more_is_read(connect: Connect, hub: Hub, publish: Publish) -> None:
    await publish(777)
    gate = threading.Event()
    async with connect() as other, connect() as client:
        await other.join(since=None)
        statements = await counted(hub)
        held = asyncio.create_task(hub._reads.run(gate.wait))
        assert (await client.join())["op"] == "ok"
        [reader] = [reader for reader in hub._rounds.readers if reader.catching_up is not None]
        catching_up = reader.catching_up
        assert catching_up is not None
        reader.close(CloseCode.RESTART)
        gate.set()
        await asyncio.wait([held, catching_up])
        # What was being read when it was closed, instead of all seven hundred events.
        assert len([sql for sql in statements if "realtime_event" in sql]) <= 1


async def test_a_topic_nobody_reads_is_forgotten(connect: Connect, hub: Hub) -> None:
    async with connect() as client:
        await client.join()
        assert list(hub._delivery.streams) == [STAGE]
        await client.say(op="leave", ref=2, topic=STAGE)
        await client.hear()
        assert list(hub._delivery.streams) == []


async def test_a_log_that_cannot_be_read_is_read_later(connect: Connect, publish: Publish, caplog: pytest.LogCaptureFixture) -> None:
    async with connect() as client:
        await client.join()

        def rename(old: str, new: str) -> None:
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")

        await in_thread(lambda: rename("realtime_event", "away"))
        try:
            async with connect() as other:
                await other.join("stage:two")
            await asyncio.sleep(0.2)
        finally:
            await in_thread(lambda: rename("away", "realtime_event"))
        await publish(2)
        assert await client.follow(2) == [1, 2]
