"""In order, at once while the server takes it, and nobody waits for a slow one."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from realtime.outbox import LIMIT, Message, Outbox
from realtime.protocol import Frame


class Server:
    """A server's end of a socket, which can be held shut or break."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.broken = self.polite = self.short_way = False
        self.sent: list[object] = []
        self.told: list[str] = []
        self.drained, self.broke = asyncio.Event(), asyncio.Event()
        self.outbox = Outbox(self.send, drained=lambda: self.tell("drained", self.drained), broken=lambda: self.tell("broken", self.broke))

    def tell(self, word: str, event: asyncio.Event) -> None:
        self.told.append(word)
        event.set()

    async def send(self, message: Message) -> None:
        if self.polite:
            await asyncio.sleep(0)
        await self.open.wait()
        if self.broken:
            raise ConnectionError("gone")
        self.sent.append(message.get("text", "close"))

    def write(self, wire: bytes) -> bool:
        """The short way in, as long as it is not shut."""
        if self.short_way:
            self.sent.append(f"express {wire[2:].decode()}")
        return self.short_way

    is_clear = True

    socket = None

    def put_all(self, wire: bytes, sockets: Sequence[Any]) -> list[tuple[int, int]]:
        raise AssertionError("an outbox writes")

    def rest(self, piece: bytes) -> None:
        raise AssertionError("an outbox writes")

    def watch(self, before: Callable[[], object] | None) -> None:
        raise AssertionError("an outbox does not watch")


def frame(text: int) -> Frame:
    return Frame(str(text).encode())


@pytest.fixture
async def server() -> Server:
    return Server()


async def test_a_message_goes_out_at_once(server: Server) -> None:
    server.outbox.send(frame(1))
    assert (server.sent, server.outbox.busy, server.told) == (["1"], False, [])


async def test_messages_to_a_slow_socket_keep_their_order_and_nobody_waits(server: Server) -> None:
    server.outbox.send(frame(1))
    server.open.clear()
    for text in (2, 3, 4):
        server.outbox.send(frame(text))
    assert (server.sent, server.outbox.busy) == (["1"], True)
    server.open.set()
    await server.drained.wait()
    assert (server.sent, server.outbox.busy) == (["1", "2", "3", "4"], False)
    server.outbox.send(frame(5))
    assert server.sent == ["1", "2", "3", "4", "5"]


async def test_a_server_that_only_yields_is_waited_for_too(server: Server) -> None:
    server.polite = True
    server.outbox.send(frame(1))
    assert server.outbox.busy
    await server.drained.wait()
    assert server.sent == ["1"]


async def test_too_much_waiting_breaks_it(server: Server) -> None:
    server.open.clear()
    for text in range(LIMIT + 2):
        server.outbox.send(frame(text))
    assert server.told == ["broken"]
    server.open.set()
    await asyncio.sleep(0)
    server.outbox.send(frame(99))
    assert server.sent == []


async def test_a_socket_that_is_gone_is_noticed_at_once(server: Server) -> None:
    server.broken = True
    server.outbox.send(frame(1))
    server.outbox.send(frame(2))
    assert server.told == ["broken"]


async def test_a_socket_that_goes_while_we_wait_is_noticed(server: Server) -> None:
    server.open.clear()
    server.outbox.send(frame(1))
    server.broken = True
    server.open.set()
    await server.broke.wait()
    assert server.sent == []


async def test_a_shut_outbox_sends_nothing_more(server: Server) -> None:
    server.open.clear()
    server.outbox.send(frame(1))
    server.outbox.send(frame(2))
    server.outbox.shut()
    server.open.set()
    await asyncio.sleep(0.01)
    assert (server.sent, server.told, server.outbox.busy) == ([], [], False)


async def test_the_short_way_is_taken_where_it_is_open_and_the_long_one_otherwise(server: Server) -> None:
    outbox = Outbox(server.send, express=server, drained=lambda: None, broken=lambda: None)
    for text, short in ((1, True), (2, False), (3, True)):
        server.short_way = short
        outbox.send(frame(text))
    outbox.close(1000)
    assert server.sent == ["express 1", "2", "express 3", "close"]


async def test_nothing_overtakes_what_waits_by_the_short_way(server: Server) -> None:
    outbox = Outbox(server.send, express=server, drained=lambda: server.tell("drained", server.drained), broken=lambda: None)
    server.open.clear()
    outbox.send(frame(1))
    server.short_way = True
    outbox.send(frame(2))
    server.open.set()
    await server.drained.wait()
    outbox.send(frame(3))
    assert server.sent == ["1", "2", "express 3"]
    outbox.shut()
    outbox.send(frame(4))
    assert server.sent == ["1", "2", "express 3"]
