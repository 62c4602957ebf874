"""So many and no more, and nobody is counted who has gone."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.admission import Admission


class Socket:
    """A handshake with an application that stays until it is told how to end."""

    everybody: ClassVar[list["Socket"]] = []

    def __init__(self, sender: str = "192.0.2.1") -> None:
        self.everybody.append(self)
        self.scope = {"type": "websocket", "sender": sender}
        self.said: list[dict[str, Any]] = []
        self.told = asyncio.Event()
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.task: asyncio.Task[None] | None = None

    async def receive(self) -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.said.append(message)
        self.told.set()

    async def open(self, admission: Admission) -> bool:
        """Whether it was let in."""
        self.task = asyncio.create_task(admission({**self.scope, "end": self.end}, self.receive, self.send))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return not self.task.done()

    async def close(self, how: str) -> None:
        assert self.task is not None
        if how == "cancelled":
            self.task.cancel()
        elif not self.end.done():
            self.end.set_exception(RuntimeError("the application broke")) if how == "broken" else self.end.set_result(None)
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture(autouse=True)
async def nobody_is_left() -> AsyncIterator[None]:
    yield
    for socket in Socket.everybody:
        if socket.task is not None:
            await socket.close("cancelled")
    Socket.everybody.clear()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await scope["end"]


def admission(*, per_sender: int = 0, total: int = 0, per_second: int = 0) -> Admission:
    return Admission(application, sender=lambda scope: scope["sender"], per_sender=per_sender, total=total, per_second=per_second)


async def test_one_address_gets_so_many_and_another_its_own() -> None:
    door = admission(per_sender=2)
    first, second, third, stranger = Socket(), Socket(), Socket(), Socket("192.0.2.2")
    assert [await socket.open(door) for socket in (first, second, third, stranger)] == [True, True, False, True]
    assert third.said == [{"type": "websocket.close", "code": 4429}]
    await first.close("well")
    assert await Socket().open(door)
    assert door.open == {"192.0.2.1": 2, "192.0.2.2": 1}


async def test_all_together_get_so_many() -> None:
    door = admission(per_sender=2, total=3)
    sockets = [Socket(f"192.0.2.{number}") for number in range(4)]
    assert [await socket.open(door) for socket in sockets] == [True, True, True, False]
    assert sockets[3].said == [{"type": "websocket.close", "code": 4503}]


async def test_nothing_is_no_limit() -> None:
    door = admission()
    assert all([await Socket().open(door) for _ in range(500)])
    assert door.open == {"192.0.2.1": 500}


async def test_who_waits_for_its_turn_counts_already_and_no_more_when_it_has_gone() -> None:
    door = admission(per_sender=2, per_second=10)
    first, second = Socket(), Socket()
    assert [await socket.open(door) for socket in (first, second, Socket())] == [True, True, False]
    assert (first.said, second.said) == ([{"type": "websocket.accept"}], [])
    await second.close("cancelled")
    assert door.open == {"192.0.2.1": 1}
    third = Socket()
    assert await third.open(door)
    async with asyncio.timeout(60):
        await third.told.wait()
    assert third.said == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("how", ["well", "broken", "cancelled"])
async def test_however_a_socket_ends_it_counts_no_more(how: str) -> None:
    door = admission(per_sender=1)
    socket = Socket()
    assert await socket.open(door)
    await socket.close(how)
    assert door.open == {}
    assert await Socket().open(door)


async def test_a_handshake_cancelled_before_its_first_step_was_never_counted() -> None:
    door = admission(per_sender=1)
    socket = Socket()
    socket.task = asyncio.create_task(door({**socket.scope, "end": socket.end}, socket.receive, socket.send))
    await socket.close("cancelled")
    assert door.open == {}


async def test_who_is_refused_is_told_of_once_a_minute(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    door = admission(per_sender=1)
    await Socket().open(door)
    for _ in range(50):
        assert not await Socket().open(door)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "TRUSTED_PROXIES" in caplog.records[0].getMessage()
    monkeypatch.setattr("realtime.complaints.EVERY", 0.0)
    await Socket().open(door)
    assert "since the last such line: 50;" in caplog.records[1].getMessage()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.integers(0, 5)), st.tuples(st.sampled_from(["well", "broken", "cancelled"]), st.integers(0, 60))
    ),
    min_size=150,
    max_size=250,
)


@given(steps=STEPS)
@settings(max_examples=60, deadline=None)
def test_counts_are_right_after_every_one_of_ten_thousand_steps(steps: list[tuple[str, int]]) -> None:
    async def walk() -> None:
        door = admission(per_sender=7, total=25)
        inside: list[Socket] = []
        for step, number in steps:
            if step == "open":
                socket = Socket(f"192.0.2.{number}")
                mine = sum(other.scope == socket.scope for other in inside)
                assert await socket.open(door) == (mine < 7 and len(inside) < 25)
                if socket.said == [{"type": "websocket.accept"}]:
                    inside.append(socket)
            elif inside:
                await inside.pop(number % len(inside)).close(step)
            assert door.open == Counter(socket.scope["sender"] for socket in inside)
        for socket in inside:
            await socket.close("well")
        assert door.open == {}
        Socket.everybody.clear()

    asyncio.run(walk())
