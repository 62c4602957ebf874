"""In order, at once while the server takes it, and nobody waits for a slow one."""

import asyncio

import pytest

from realtime.outbox import LIMIT, Message, Outbox


class Server:
    """A server's end of a socket, which can be held shut or break."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.broken = False
        self.sent: list[object] = []
        self.told: list[str] = []
        self.drained, self.broke = asyncio.Event(), asyncio.Event()
        self.outbox = Outbox(self.send, drained=lambda: self.tell("drained", self.drained), broken=lambda: self.tell("broken", self.broke))

    def tell(self, word: str, event: asyncio.Event) -> None:
        self.told.append(word)
        event.set()

    async def send(self, message: Message) -> None:
        await asyncio.sleep(0) if message.get("polite") else None
        await self.open.wait()
        if self.broken:
            raise ConnectionError("gone")
        self.sent.append(message["text"])


@pytest.fixture
async def server() -> Server:
    return Server()


async def test_a_message_goes_out_at_once(server: Server) -> None:
    server.outbox.put({"text": 1})
    assert (server.sent, server.outbox.busy, server.told) == ([1], False, [])


async def test_messages_to_a_slow_socket_keep_their_order_and_nobody_waits(server: Server) -> None:
    server.outbox.put({"text": 1})
    server.open.clear()
    for text in (2, 3, 4):
        server.outbox.put({"text": text})
    assert (server.sent, server.outbox.busy) == ([1], True)
    server.open.set()
    await server.drained.wait()
    assert (server.sent, server.outbox.busy) == ([1, 2, 3, 4], False)
    server.outbox.put({"text": 5})
    assert server.sent == [1, 2, 3, 4, 5]


async def test_a_server_that_only_yields_is_waited_for_too(server: Server) -> None:
    server.outbox.put({"text": 1, "polite": True})
    assert server.outbox.busy
    await server.drained.wait()
    assert server.sent == [1]


async def test_too_much_waiting_breaks_it(server: Server) -> None:
    server.open.clear()
    for text in range(LIMIT + 2):
        server.outbox.put({"text": text})
    assert server.told == ["broken"]
    server.open.set()
    await asyncio.sleep(0)
    server.outbox.put({"text": "more"})
    assert server.sent == []


async def test_a_socket_that_is_gone_is_noticed_at_once(server: Server) -> None:
    server.broken = True
    server.outbox.put({"text": 1})
    server.outbox.put({"text": 2})
    assert server.told == ["broken"]


async def test_a_socket_that_goes_while_we_wait_is_noticed(server: Server) -> None:
    server.open.clear()
    server.outbox.put({"text": 1})
    server.broken = True
    server.open.set()
    await server.broke.wait()
    assert server.sent == []


async def test_a_shut_outbox_sends_nothing_more(server: Server) -> None:
    server.open.clear()
    server.outbox.put({"text": 1})
    server.outbox.put({"text": 2})
    server.outbox.shut()
    server.open.set()
    await asyncio.sleep(0.01)
    assert (server.sent, server.told, server.outbox.busy) == ([], [], False)
