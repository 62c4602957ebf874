"""Heard in this process at once, in the others when the layer can, and never at the price of a commit."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from channels.layers import BaseChannelLayer, InMemoryChannelLayer

from realtime.doorbell import GROUP, Doorbell, origin, overhear
from realtime.hints import Hint
from tests.realtime.conftest import standing_in, until

HINT = Hint(moved={"stage:one": (7, 1)})


class Loopback(BaseChannelLayer):
    """A layer like Redis: every listener gets everything, in whatever loop it runs; it can be cut."""

    def __init__(self) -> None:
        super().__init__()
        self.cut = False
        self.calls = 0
        self.listeners: list[tuple[asyncio.AbstractEventLoop, asyncio.Queue[dict]]] = []
        self.members: list[str] = []
        self.forgotten: list[str] = []
        self.tries = 0
        self.called = threading.Event()

    async def group_send(self, group: str, message: dict) -> None:
        self.calls += 1
        self.called.set()
        if self.cut:
            raise ConnectionError("cut")
        assert group == GROUP
        for loop, queue in self.listeners:
            loop.call_soon_threadsafe(queue.put_nowait, message)

    async def send(self, channel: str, message: dict) -> None:
        if self.cut:
            raise ConnectionError("cut")
        loop, queue = self.listeners[int(channel)]
        loop.call_soon_threadsafe(queue.put_nowait, message)

    async def new_channel(self) -> str:
        self.tries += 1
        if self.cut:
            raise ConnectionError("cut")
        self.listeners.append((asyncio.get_running_loop(), asyncio.Queue()))
        return str(len(self.listeners) - 1)

    async def group_add(self, group: str, channel: str) -> None:
        assert (group, int(channel)) == (GROUP, len(self.listeners) - 1)
        self.tries += 1
        if self.cut:
            raise ConnectionError("cut")
        self.members.append(channel)

    async def group_discard(self, group: str, channel: str) -> None:
        assert group == GROUP
        self.members.remove(channel)

    async def receive(self, channel: str) -> dict:
        try:
            message = await self.listeners[int(channel)][1].get()
        except asyncio.CancelledError:
            self.forgotten.append(channel)
            raise
        if message.get("type") == "break":
            raise ConnectionError("cut")
        return message


@pytest.fixture
def layer() -> Iterator[Loopback]:
    """A layer that reaches other processes stands in for the configured one."""
    loopback = Loopback()
    with standing_in(loopback):
        yield loopback


@asynccontextmanager
async def listening(layer: Loopback, heard: Callable[[str, Hint], None]) -> AsyncIterator[None]:
    task = asyncio.create_task(overhear(heard))
    if not layer.cut:
        await until(lambda: layer.members != [])
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert layer.members == []


def test_listeners_of_this_process_hear_at_once() -> None:
    bell = Doorbell()
    heard: list[Hint] = []
    bell.listen(heard.append)
    bell.ring(HINT)
    bell.forget(heard.append)
    bell.ring(HINT)
    assert heard == [HINT]


def test_a_layer_of_this_process_alone_carries_nothing() -> None:
    with standing_in(InMemoryChannelLayer()):
        before = threading.active_count()
        Doorbell().ring(HINT)
        assert threading.active_count() == before


async def test_others_hear_it_with_its_origin(layer: Loopback) -> None:
    heard: asyncio.Queue[tuple[str, Hint]] = asyncio.Queue()
    async with listening(layer, lambda teller, hint: heard.put_nowait((teller, hint))):
        # Our own are not heard again over the layer.
        await layer.group_send(GROUP, {"type": "doorbell", "from": origin(), **HINT.message()})
        await layer.group_send(GROUP, {"type": "doorbell", "from": "another", **HINT.message()})
        assert await heard.get() == ("another", HINT)
        assert heard.empty()


async def test_a_cut_layer_costs_nothing_but_one_line(layer: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    layer.cut = True
    bell = Doorbell()
    heard: list[Hint] = []
    bell.listen(heard.append)
    for _ in range(3):
        layer.called.clear()
        bell.ring(HINT)
        assert await asyncio.to_thread(layer.called.wait, 10)
    assert heard == [HINT] * 3
    lines = [record for record in caplog.records if "took no hint" in record.getMessage()]
    # One of ours; the bell of the process may add its own for what an earlier test rang.
    assert 1 <= len(lines) <= 2


async def test_what_is_rung_together_is_carried_together(layer: Loopback) -> None:
    carried: asyncio.Queue[dict] = asyncio.Queue()
    layer.listeners.append((asyncio.get_running_loop(), carried))
    bell = Doorbell()
    for number in range(1000):
        bell.ring(Hint(moved={f"stage:{number % 2}": (number, 1)}))
    seen = Hint()
    # The bell of the process may still be carrying what an earlier test rang.
    while (seen.moved.get("stage:0"), seen.moved.get("stage:1")) != ((998, 1), (999, 1)):
        message = await carried.get()
        assert message["from"] == origin()
        seen.absorb(Hint.read(message))
    assert layer.calls < 1000


async def test_listening_goes_on_after_the_layer_was_away(
    layer: Loopback, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("realtime.doorbell.RETRY_AFTER", (0.01,))
    heard: asyncio.Queue[tuple[str, Hint]] = asyncio.Queue()
    layer.cut = True
    async with listening(layer, lambda teller, hint: heard.put_nowait((teller, hint))):
        await until(lambda: layer.tries >= 3)
        layer.cut = False
        await until(lambda: layer.members != [])
        await layer.group_send(GROUP, {"type": "doorbell", "from": "another", **HINT.message()})
        assert await heard.get() == ("another", HINT)
        assert len(caplog.records) == 1


async def test_it_is_one_channel_that_is_listened_to_however_often_the_layer_breaks(
    layer: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.doorbell.RETRY_AFTER", (0.01,))
    heard: asyncio.Queue[tuple[str, Hint]] = asyncio.Queue()
    async with listening(layer, lambda teller, hint: heard.put_nowait((teller, hint))):
        for _ in range(3):
            layer.members.clear()
            await layer.group_send(GROUP, {"type": "break"})
            await until(lambda: layer.members != [])
        await layer.group_send(GROUP, {"type": "doorbell", "from": "another", **HINT.message()})
        assert await heard.get() == ("another", HINT)
        assert len(layer.listeners) == 1


async def test_what_another_release_tells_is_passed_over(layer: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    heard: asyncio.Queue[tuple[str, Hint]] = asyncio.Queue()
    async with listening(layer, lambda teller, hint: heard.put_nowait((teller, hint))):
        for message in ({}, {"from": "another"}, {"from": "another", **HINT.message(), "moved": "nonsense"}):
            await layer.group_send(GROUP, {"type": "doorbell", **message})
        await layer.group_send(GROUP, {"type": "doorbell", "from": "another", **HINT.message()})
        assert await heard.get() == ("another", HINT)
    assert caplog.records == []


async def test_an_echo_goes_the_way_of_the_hints_and_leaves_no_channel_behind(layer: Loopback) -> None:
    bell = Doorbell()
    await asyncio.gather(*(bell.echo() for _ in range(5)))
    assert sorted(layer.forgotten) == [str(number) for number in range(5)]


async def test_an_echo_that_is_lost_is_waited_for_until_whoever_waits_has_enough(layer: Loopback) -> None:
    bell = Doorbell()
    waiting = asyncio.create_task(bell.echo())
    await until(lambda: layer.listeners != [])
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert layer.forgotten == ["0"]


async def test_where_there_are_no_other_processes_an_echo_is_there_at_once() -> None:
    with standing_in(InMemoryChannelLayer()):
        await Doorbell().echo()
