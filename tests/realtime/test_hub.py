"""It runs while there are readers, and leaves nothing behind."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from channels.layers import BaseChannelLayer

from realtime.hints import Hint
from realtime.hub import Hub, here
from tests.realtime.conftest import STAGE, Connect, standing_in, until

Publish = Callable[..., Awaitable[int]]
pytestmark = pytest.mark.django_db(transaction=True)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(("realtime-log", "realtime-call"))]


async def test_the_last_reader_turns_off_the_light(connect: Connect, hub: Hub) -> None:
    before = asyncio.all_tasks()
    async with connect() as first:
        await first.join()
        async with connect() as second:
            await second.join()
        assert len(hub._tasks) == 4
        assert threads() != []
    assert hub._tasks == []
    left = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks() - before}
    # Redis's own layer keeps its connection.
    assert left <= {"RedisSingleShardConnection._do_receiving"}


async def test_a_fault_in_its_work_is_told_and_the_work_goes_on(
    connect: Connect, hub: Hub, publish: Publish, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("realtime.hub.AFTER_FAULT", 0.01)
    async with connect() as client:
        await client.join()
        with monkeypatch.context() as broken:
            broken.setattr(hub._delivery, "_due", 1)
            broken.setattr(hub._rounds, "_slots", None)
            hub._delivery._something.set()
            await until(lambda: len(caplog.records) >= 2)
        await publish()
        assert await client.follow(1) == [1]
        await client.beat()
    assert {record.getMessage() for record in caplog.records} == {"a fault in the hub, it goes on in a second"}


class Stuck(BaseChannelLayer):
    """A layer whose server stands still: leaving it takes as long as that."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = asyncio.Event()

    async def new_channel(self) -> str:
        return "ours"

    async def group_add(self, _group: str, _channel: str) -> None:
        return

    async def receive(self, _channel: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await self.goes_on.wait()

    async def group_send(self, _group: str, _message: object) -> None:
        await self.goes_on.wait()

    async def group_discard(self, _group: str, _channel: str) -> None:
        return


async def test_a_channel_layer_that_stands_still_does_not_hold_the_last_reader(
    connect: Connect, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.hub.LEAVING", 0.01)
    stuck = Stuck()
    with standing_in(stuck):
        async with connect() as client:
            await client.join()
            ours = hub._tasks
        assert hub._tasks == []
        assert [task.done() for task in ours] == [True, True, True, False]
        stuck.goes_on.set()
        await asyncio.wait(ours)


async def test_it_starts_again_with_the_next_reader(connect: Connect, publish: Publish) -> None:
    for number in (1, 2, 3):
        async with connect() as client:
            await client.join(since=None)
            await publish()
            assert await client.follow(number) == [number]


async def test_on_shutdown_everybody_is_told_when_to_come_back(connect: Connect, hub: Hub) -> None:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect()) for _ in range(8)]
        for client in clients:
            await client.join()
        hub._say_bye()
        waits = []
        for client in clients:
            frame = await client.hear()
            assert frame["op"] == "bye"
            waits.append(frame["after"])
            assert await client.closing() == 4503
    assert all(0 <= wait <= 1 for wait in waits)
    assert len(set(waits)) > 1


async def test_a_bell_from_a_thread_of_a_loop_that_ended_is_no_trouble(hub: Hub) -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    hub._loop = loop
    hub._rung(Hint(moved={STAGE: (1, 1)}))


async def test_there_is_one_for_each_loop() -> None:
    assert here() is here()
    assert await asyncio.to_thread(lambda: asyncio.run(other())) is not here()


async def other() -> Hub:
    return here()
