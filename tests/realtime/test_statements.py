"""What an event costs the database: the same however many read it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from django.db.backends.utils import CursorWrapper

from realtime.hub import Hub
from realtime.rounds import Pace
from tests.realtime.conftest import STAGE, Client, Connect

Publish = Callable[..., Awaitable[int]]
pytestmark = pytest.mark.django_db(transaction=True)

EVENTS = 10
PER_EVENT = 3  # its number, itself, and one reading for all
FRAMING = ("BEGIN", "COMMIT", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ", "SELECT SET_CONFIG")


@pytest.fixture
async def hub() -> Hub:
    """One that looks at nothing by the clock while the test runs."""
    return Hub(Pace(poll=3600.0, tick=0.05, beat=30))


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement of every thread of this process; what frames a transaction or sets up a connection is not counted."""
    seen: list[str] = []
    for name in ("execute", "executemany"):
        run = getattr(CursorWrapper, name)

        def noted(cursor: CursorWrapper, sql: str, params: Any = None, run: Callable[..., Any] = run) -> Any:
            if not str(sql).upper().startswith(FRAMING):
                seen.append(str(sql))
            return run(cursor, sql, params)

        monkeypatch.setattr(CursorWrapper, name, noted)
    return seen


async def all_follow(clients: list[Client], until: int) -> None:
    for taken in await asyncio.gather(*(client.follow(until) for client in clients)):
        assert taken == [until]


@pytest.mark.parametrize("readers", [1, 200])
async def test_an_event_takes_three_statements_however_many_read_it(
    connect: Connect, publish: Publish, statements: list[str], readers: int
) -> None:
    await publish()
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect(subprotocols=[f"fangtan.{('html', 'data')[n % 2]}.v1"])) for n in range(readers)]
        for client in clients:
            await client.join(since=None)
        statements.clear()
        for number in range(2, EVENTS + 2):
            await publish()
            await all_follow(clients, number)
        assert len(statements) == PER_EVENT * EVENTS
        assert [sql.split()[0] for sql in statements] == ["UPDATE", "INSERT", "SELECT"] * EVENTS


@pytest.mark.parametrize("readers", [1, 200])
async def test_events_of_one_transaction_are_read_together(connect: Connect, publish: Publish, statements: list[str], readers: int) -> None:
    await publish()
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect()) for _ in range(readers)]
        for client in clients:
            await client.join(since=None)
        statements.clear()
        await publish(50)
        for taken in await asyncio.gather(*(client.follow(51) for client in clients)):
            assert taken == list(range(2, 52))
        assert [sql.split()[0] for sql in statements] == ["UPDATE", "INSERT"] * 50 + ["SELECT"]


async def test_readers_who_come_one_after_the_other_to_a_topic_that_is_known_cost_nothing(
    connect: Connect, publish: Publish, statements: list[str]
) -> None:
    """Everybody may read the stage: after the first reader nobody is asked about, and nothing is read again."""
    await publish(100)
    async with connect() as first:
        await first.join()
        await first.follow(100)
        statements.clear()
        async with AsyncExitStack() as stack:
            for _ in range(50):
                client = await stack.enter_async_context(connect())
                assert (await client.join(STAGE))["head"] == 100
                assert await client.follow(100) == list(range(1, 101))
        assert statements == []
