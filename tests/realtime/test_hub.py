"""It runs while there are readers, and leaves nothing behind."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from realtime.hints import Hint
from realtime.hub import Hub, here
from tests.realtime.conftest import STAGE, Connect

Publish = Callable[..., Awaitable[int]]
pytestmark = pytest.mark.django_db(transaction=True)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(("realtime-log", "realtime-call"))]


async def test_the_last_reader_turns_off_the_light(connect: Connect, hub: Hub) -> None:
    async with connect() as first:
        await first.join()
        async with connect() as second:
            await second.join()
        assert len(hub._tasks) == 4
        assert threads() != []
    assert hub._tasks == []
    assert [task for task in asyncio.all_tasks() if "realtime" in repr(task.get_coro())] == []


async def test_it_starts_again_with_the_next_reader(connect: Connect, publish: Publish) -> None:
    for number in (1, 2, 3):
        async with connect() as client:
            await client.join(since=None)
            await publish()
            assert await client.follow(number) == [number]


async def test_on_shutdown_everybody_is_told_when_to_come_back(connect: Connect, hub: Hub) -> None:
    async with connect() as first, connect() as second:
        for client in (first, second):
            await client.join()
        hub._say_bye()
        waits = []
        for client in (first, second):
            frame = await client.hear()
            assert frame["op"] == "bye"
            waits.append(frame["after"])
            assert await client.closing() == 4503
    assert all(0 <= wait <= 1 for wait in waits)
    assert waits[0] != waits[1]


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
