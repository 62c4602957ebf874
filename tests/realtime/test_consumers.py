"""A real consumer between a client and the log."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import pytest

from realtime.allowance import Allowance
from realtime.consumers import LiveConsumer
from realtime.hub import CALLERS, Hub
from realtime.protocol import FRAME_LIMIT, CloseCode
from realtime.topics import TOPICS_LIMIT
from tests.realtime.conftest import STAGE, Connect, World, until

Publish = Callable[..., Awaitable[int]]
pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_reader_gets_what_was_and_what_comes(connect: Connect, publish: Publish) -> None:
    await publish(3)
    async with connect() as client:
        joined = await client.join()
        assert (joined["op"], joined["ref"], joined["topic"], joined["head"]) == ("ok", 1, STAGE, 3)
        assert await client.follow(3) == [1, 2, 3]
        await publish()
        frame = await client.hear()
        assert frame == {
            "op": "events", "topic": STAGE, "epoch": joined["epoch"], "events": [[4, "said", {"n": 0}, "字"]], "head": 4,
        }  # fmt: skip


async def test_a_program_gets_data_alone(connect: Connect, publish: Publish) -> None:
    async with connect(subprotocols=["unknown", "fangtan.data.v1"]) as client:
        assert client.chosen == "fangtan.data.v1"
        await client.join()
        await publish()
        assert (await client.hear())["events"] == [[1, "said", {"n": 0}]]


async def test_without_since_only_the_future_comes(connect: Connect, publish: Publish) -> None:
    await publish(3)
    async with connect() as client:
        assert (await client.join(since=None))["head"] == 3
        await publish()
        assert await client.follow(4) == [4]


async def test_coming_back_continues_where_the_reader_was(connect: Connect, publish: Publish) -> None:
    await publish(2)
    async with connect() as client:
        epoch = (await client.join())["epoch"]
        await client.follow(2)
    await publish(2)
    async with connect() as client:
        await client.join(since=(epoch, 2))
        assert await client.follow(4) == [3, 4]


async def test_a_stranger_to_this_log_is_reset(connect: Connect, publish: Publish) -> None:
    await publish(2)
    async with connect() as client:
        epoch = (await client.join(since=None))["epoch"]
        for since in (("other", 1), (epoch, 3), ("", 1)):
            assert await client.join(since=since) == {"op": "reset", "topic": STAGE}
        assert (await client.join(since=(epoch, 2)))["op"] == "ok"


async def test_unknown_and_forbidden_topics_look_the_same(connect: Connect) -> None:
    strange = ("desk:one", "desk:two", "desk:", "nothing:one", "stage:\x00", "__proto__", "x" * 160)
    async with connect() as client:
        answers = [await client.join(topic) for topic in strange]
    assert [{**answer, "ref": 1} for answer in answers] == [answers[0]] * 7
    assert (answers[0]["op"], answers[0]["code"]) == ("error", "no_topic")


async def test_leaving_ends_the_events(connect: Connect, publish: Publish) -> None:
    async with connect() as client:
        await client.join()
        await client.say(op="leave", ref=2, topic=STAGE)
        assert await client.hear() == {"op": "ok", "ref": 2}
        await publish()
        await client.say(op="ask", ref=3, text="")
        assert (await client.hear())["ref"] == 3


async def test_a_command_is_answered_by_its_ref(connect: Connect, world: World) -> None:
    async with connect("someone") as client:
        await client.say(op="ask", ref=7, text="水价")
        assert await client.hear() == {"op": "ok", "ref": 7, "receipt": "r1"}
    assert world.asked == [("someone", "水价")]


async def test_a_refused_command_says_why(connect: Connect) -> None:
    async with connect() as client:
        await client.say(op="ask", ref=7, text="")
        assert await client.hear() == {
            "op": "error", "ref": 7, "code": "invalid", "detail": "还没有写文字。", "fields": {"text": ["请写文字。"]},
        }  # fmt: skip


async def test_a_fault_of_ours_shows_no_traceback_and_keeps_the_socket(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    async with connect() as client:
        await client.say(op="ask", ref=7, text="break")
        frame = await client.hear()
        assert (frame["ref"], frame["code"], frame["fields"]) == (7, "failed", None)
        assert "fault" not in json.dumps(frame)
        assert (await client.join())["op"] == "ok"
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == ["the command Ask failed"]


async def test_a_command_that_too_many_wait_before_is_told_so_and_joins_are_not(
    connect: Connect, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("realtime.hub.COMMANDS_WAITING", 2)
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect("host")) for _ in range(8)]
        with world.gate:
            for number, client in enumerate(clients):
                await client.say(op="ask", ref=number, text="水价")
            refused = [await client.hear() for client in clients[CALLERS + 2 :]]
            assert [(frame["op"], frame["ref"], frame["code"]) for frame in refused] == [("error", 6, "busy"), ("error", 7, "busy")]
            assert "请等十秒" in refused[0]["detail"]
            await clients[7].say(op="join", ref=9, topic="desk:one")
        assert (await clients[7].hear())["op"] == "ok"
        assert [(await client.hear())["op"] for client in clients[: CALLERS + 2]] == ["ok"] * 6
        await clients[6].say(op="ask", ref=8, text="水价")
        assert (await clients[6].hear())["op"] == "ok"
    assert len(world.asked) == 7
    assert caplog.records == []


BAD = {
    "broken JSON": '{"op":"join"',
    "no object": "[1,2]",
    "blank": " ",
    "no op": '{"ref":1}',
    "wrong type": '{"op":"join","ref":"1","topic":"stage:one"}',
    "unknown field": '{"op":"leave","ref":1,"topic":"stage:one","x":1}',
    "negative since": '{"op":"join","ref":1,"topic":"stage:one","since":["e",-1]}',
    "huge number": '{"op":"join","ref":1,"topic":"stage:one","since":["e",99999999999999999999]}',
    "not a number": '{"op":"join","ref":NaN,"topic":"stage:one"}',
    "deep": '{"op":"join","ref":1,"topic":' + "[" * 8000,
    "lone surrogate": '{"op":"leave","ref":1,"topic":"\\ud800"}',
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
async def test_a_bad_frame_is_an_error_and_the_third_closes(connect: Connect, text: str, caplog: pytest.LogCaptureFixture) -> None:
    async with connect() as client:
        for _ in range(2):
            await client.communicator.send_to(text_data=text)
            frame = await client.hear()
            assert (frame["op"], frame["code"]) == ("error", "bad_frame")
            assert (await client.join())["op"] == "ok"
        await client.communicator.send_to(text_data=text)
        assert await client.closing() == 4400
    assert caplog.records == []


async def test_a_binary_frame_is_a_bad_frame(connect: Connect) -> None:
    async with connect() as client:
        await client.communicator.send_to(bytes_data=b"\x00\xff")
        assert (await client.hear())["code"] == "bad_frame"


async def test_an_unknown_op_is_named_with_its_ref(connect: Connect) -> None:
    async with connect() as client:
        await client.say(op="__class__", ref=5)
        frame = await client.hear()
        assert (frame["code"], frame["ref"]) == ("unknown_op", 5)


@pytest.mark.parametrize("text", ["x" * (FRAME_LIMIT + 1), "字" * (FRAME_LIMIT // 2), "x" * 1_000_000], ids=["over", "bytes", "megabyte"])
async def test_a_frame_too_large_closes_at_once(connect: Connect, text: str) -> None:
    async with connect() as client:
        await client.communicator.send_to(text_data=text)
        assert (await client.hear())["code"] == "too_large"
        assert await client.closing() == 4413


async def test_who_is_closed_while_joining_is_told_nothing_more_and_leaves_nothing(connect: Connect, world: World, hub: Hub) -> None:
    async with connect("host") as client:
        with world.right:
            await client.say(op="join", ref=1, topic="desk:one")
            await until(lambda: world.looks == 1)
            [reader] = hub._rounds.readers
            reader.close(CloseCode.RESTART)
        assert await client.closing() == 4503
        await client.say(op="join", ref=2, topic=STAGE)
        await client.communicator.send_input({"type": "websocket.disconnect", "code": 1006})
        await client.communicator.wait(timeout=30)
        assert client.communicator.output_queue.empty()
    assert (hub._delivery.streams, hub._rounds.readers) == ({}, [])


async def test_joins_without_end_are_one_topic_and_too_many_topics_are_refused(
    connect: Connect, hub: Hub, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.session.Allowance", partial(Allowance, rate=1e9))
    await publish()
    async with connect() as client:
        for _ in range(2000):
            assert (await client.join(since=None))["op"] == "ok"
        answers = [await client.join(f"stage:{number}") for number in range(TOPICS_LIMIT)]
        assert [answer["op"] for answer in answers] == ["ok"] * (TOPICS_LIMIT - 1) + ["error"]
        assert answers[-1]["code"] == "too_many_topics"
        assert sorted(hub._delivery.streams) == sorted([STAGE, *(f"stage:{number}" for number in range(TOPICS_LIMIT - 1))])
        assert [len(stream.subscriptions) for stream in hub._delivery.streams.values()] == [1] * TOPICS_LIMIT
        await publish()
        assert await client.follow(2) == [2]


async def test_no_common_dialect_refuses_the_socket(world: World, connect: Connect) -> None:
    with pytest.raises(AssertionError):
        async with connect(subprotocols=["graphql-ws"]):
            pass


async def test_too_many_frames_are_warned_of_and_then_close(connect: Connect) -> None:
    async with connect() as client:
        for _ in range(100):
            await client.say(op="still")
        assert (await client.hear())["code"] == "too_fast"
        assert await client.closing() == 4429


async def test_who_loses_the_right_to_read_is_closed(connect: Connect, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.reader.RECHECK_EVERY", 0.0)
    async with connect("host") as client:
        assert (await client.join("desk:one"))["op"] == "ok"
        world.members.clear()
        assert await client.closing() == 4403


async def test_a_database_that_is_away_takes_nobodys_rights(connect: Connect, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.reader.RECHECK_EVERY", 0.0)
    async with connect("host") as client:
        assert (await client.join("desk:one"))["op"] == "ok"
        world.broken = True
        assert (await client.join("desk:one"))["code"] == "failed"
        world.broken = False
        assert (await client.join("desk:one"))["op"] == "ok"


async def test_rights_are_looked_at_again_once_at_a_time_however_long_that_takes(
    connect: Connect, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.reader.RECHECK_EVERY", 0.0)
    async with connect("host") as client:
        await client.join("desk:one")
        with world.right:
            before = world.looks
            for _ in range(10):
                await client.beat()
            assert world.looks <= before + 1
        await until(lambda: world.looks > before + 1)


async def test_a_database_that_is_away_is_told_of_once_not_for_every_join(
    connect: Connect, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.broken = True
    async with connect("host") as client:
        assert [(await client.join("desk:one"))["code"] for _ in range(10)] == ["failed"] * 10
    [record] = caplog.records
    assert record.getMessage() == "cannot tell who may read desk:one; such lines left out since the last one: 0"
    assert record.exc_info is not None


async def test_joining_again_after_losing_the_right_ends_what_was_joined(connect: Connect, world: World, publish: Publish) -> None:
    async with connect("host") as client:
        await client.join("desk:one")
        world.members.clear()
        assert (await client.join("desk:one"))["code"] == "no_topic"
        await publish(topic="desk:one")
        await client.join()
        await publish()
        assert (await client.hear())["topic"] == STAGE


async def test_who_is_lost_while_being_answered_ends_quietly_and_leaves_nothing(world: World, hub: Hub) -> None:
    messages = iter([{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "none"}, {"type": "websocket.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            raise OSError("expected an open socket")

    live = LiveConsumer.as_asgi(topics=world.topics, commands=[], caller=world.caller, hub=lambda: hub)
    talk = asyncio.create_task(live({"type": "websocket", "subprotocols": []}, receive, send))
    await asyncio.wait([talk])
    assert not talk.cancelled()
    assert (talk.exception(), hub._rounds.readers, hub._tasks) == (None, [], [])
