"""Threads give back what they took."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from realtime.threads import Busy, Threads

pytestmark = pytest.mark.django_db(transaction=True)


def select_one() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        number: int = cursor.fetchone()[0]
    return number


@pytest.fixture
async def kept() -> Iterator[Threads]:  # type: ignore[misc]
    threads = Threads("kept", 1, keep=True)
    yield threads
    await threads.close()


async def test_a_call_returns_or_raises_what_the_work_does(kept: Threads) -> None:
    assert await kept.run(select_one) == 1
    with pytest.raises(ZeroDivisionError):
        await kept.run(lambda: 1 // 0)


async def test_a_kept_connection_serves_several_calls_until_one_fails(kept: Threads) -> None:
    await kept.run(select_one)
    assert await kept.run(lambda: connection.connection) is not None
    with pytest.raises(ZeroDivisionError):
        await kept.run(lambda: 1 // 0)
    assert await kept.run(lambda: connection.connection) is None
    assert await kept.run(select_one) == 1


async def test_other_calls_leave_no_connection() -> None:
    threads = Threads("called", 1)
    assert await threads.run(select_one) == 1
    assert await threads.run(lambda: connection.connection) is None
    await threads.close()


async def test_closing_ends_the_threads_and_running_starts_others() -> None:
    threads = Threads("ended", 1, keep=True)
    await threads.run(select_one)
    [first] = [thread for thread in threading.enumerate() if thread.name.startswith("ended")]
    await threads.close()
    first.join(10)
    assert not first.is_alive()
    assert await threads.run(select_one) == 1
    await threads.close()
    await threads.close()


async def test_what_can_be_refused_is_refused_when_enough_waits_and_taken_again_later() -> None:
    threads, gate = Threads("crowded", 2), threading.Event()
    running = [asyncio.create_task(threads.run_or_refuse(gate.wait, waiting=3)) for _ in range(5)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await threads.run_or_refuse(select_one, waiting=3)
    unrefusable = asyncio.create_task(threads.run(select_one))
    running.pop().cancel()
    await asyncio.sleep(0)
    again = asyncio.create_task(threads.run_or_refuse(select_one, waiting=3))
    gate.set()
    assert await asyncio.gather(*running) == [True] * 4
    assert (await unrefusable, await again) == (1, 1)
    with pytest.raises(ZeroDivisionError):
        await threads.run_or_refuse(lambda: 1 // 0, waiting=3)
    assert await asyncio.gather(*[threads.run_or_refuse(select_one, waiting=3) for _ in range(5)]) == [1] * 5
    await threads.close()
