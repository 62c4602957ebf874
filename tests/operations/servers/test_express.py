"""Frames handed over directly arrive whole and in order with all others, whatever the reader does meanwhile."""

import time
from types import SimpleNamespace

import pytest
from websockets.sync.client import connect

from operations.servers import express
from tests.operations.servers import wire
from tests.operations.servers.conftest import SERVERS, running, until

COUNT = 1500


def expected(count: int, size: int) -> list[str]:
    return [f"{number} " + "z" * (number * 977 % size) for number in range(count)]


@pytest.mark.parametrize("way", ["write", "put"])
def test_frames_arrive_in_order_by_both_ways(site, way):
    before = site.counted()["express"]
    with connect(f"ws://127.0.0.1:{site.port}/numbered?count={COUNT}&size=900&way={way}", max_size=None) as socket:
        assert [socket.recv(timeout=60) for _ in range(COUNT)] == expected(COUNT, 900)
        socket.send("done")
    assert site.counted()["express"] - before > COUNT // 2


@pytest.mark.parametrize("way", ["write", "put"])
def test_a_reader_that_pauses_and_asks_for_signs_of_life_gets_everything_in_order(site, way):
    # A small window and frames of up to 200 kB: most of them are taken in part, and answers to pings come between them.
    count, size = 300, 200_000
    with wire.connected(site.port, f"/numbered?count={count}&size={size}&way={way}", receive_buffer=8192) as line:
        for number, text in enumerate(expected(count, size)):
            if number % 20 == 0:
                line.send(wire.encoded(wire.PING, b"%d" % number))
                time.sleep(0.03)
            while (got := line.frame()).opcode == wire.PONG:
                pass
            assert got == wire.Frame(wire.TEXT, text.encode())


def test_after_the_end_it_takes_nothing_and_raises_nothing(site):
    with connect(f"ws://127.0.0.1:{site.port}/numbered?count=1&size=2") as socket:
        assert socket.recv(timeout=60) == "0 "
        socket.send("done")
    until(lambda: "after" in site.counted())
    assert site.counted()["after"] is False


@pytest.mark.parametrize("server", SERVERS)
def test_without_the_kernels_ring_frames_arrive_in_order_all_the_same(server, tmp_path):
    with running(server, tmp_path, EXPRESS_RING="false") as site:
        with connect(f"ws://127.0.0.1:{site.port}/numbered?count=200&size=900&way=put", max_size=None) as socket:
            assert [socket.recv(timeout=60) for _ in range(200)] == expected(200, 900)
            socket.send("done")
        assert site.counted()["express"] > 100


@pytest.mark.parametrize("server", SERVERS)
def test_a_setting_takes_the_offer_away_and_nothing_else_changes(server, tmp_path):
    with running(server, tmp_path, EXPRESS_FRAMES="false") as site:
        with connect(f"ws://127.0.0.1:{site.port}/numbered?count=200&size=900") as socket:
            assert [socket.recv(timeout=60) for _ in range(200)] == expected(200, 900)
        assert site.counted()["express"] == 0


class Socket:
    def __init__(self, takes):
        self.takes, self.taken = takes, b""

    def send(self, data):
        if self.takes is None:
            raise BlockingIOError
        self.taken += data[: self.takes]
        return len(self.taken)


class Transport:
    """What express.py knows of Twisted's transport."""

    def __init__(self, *, takes=100, **facts):
        self.TLS, self.dataBuffer, self.offset, self._tempDataLen, self.disconnecting, self.connected = False, b"", 0, 0, False, 1
        self.socket = self.connection = Socket(takes)
        self.written = b""
        self.__dict__.update(facts)

    def write(self, data):
        self.written += data


def offered(transport, state=3):
    return express.TwistedExpress.of(SimpleNamespace(transport=transport, state=state))


class AsyncioTransport:
    """What express.py knows of asyncio's transport."""

    def __init__(self, *, takes=100, **facts):
        self._closing, self._buffer, self.written = False, b"", b""
        self._sock = self.connection = Socket(takes)
        self.__dict__.update(facts)

    def write(self, data):
        self.written += data


def offered_by_asyncio(transport, *, handshake_complete=True, close_sent=False):
    return express.AsyncioExpress.of(SimpleNamespace(transport=transport, handshake_complete=handshake_complete, close_sent=close_sent))


KINDS = pytest.mark.parametrize(
    ("kind", "offer"), [(Transport, offered), (AsyncioTransport, offered_by_asyncio)], ids=["twisted", "asyncio"]
)


@KINDS
def test_what_the_kernel_does_not_take_is_left_to_the_transport(kind, offer):
    transport = kind(takes=4)
    assert offer(transport).write(b"0123456789")
    assert (transport.connection.taken, transport.written) == (b"0123", b"456789")


@pytest.mark.parametrize(
    ("transport", "offer"),
    [
        *((Transport(**facts), offered) for facts in ({"dataBuffer": b"x"}, {"_tempDataLen": 1}, {"disconnecting": True}, {"takes": None})),
        *((AsyncioTransport(**facts), offered_by_asyncio) for facts in ({"_closing": True}, {"_buffer": b"x"}, {"takes": None})),
    ],
    ids=["twisted-buffer", "twisted-list", "twisted-closing", "twisted-full", "asyncio-closing", "asyncio-buffer", "asyncio-full"],
)  # fmt: skip
def test_it_takes_nothing_when_it_cannot_take_all(transport, offer):
    assert not offer(transport).write(b"0123456789")
    assert (transport.connection.taken, transport.written) == (b"", b"")


def test_it_is_clear_only_while_the_socket_is_open():
    assert [offered(Transport(), state).is_clear for state in range(5)] == [False, False, False, True, False]
    states = [(False, False), (True, False), (True, True)]
    by_asyncio = [
        offered_by_asyncio(AsyncioTransport(), handshake_complete=complete, close_sent=sent).is_clear for complete, sent in states
    ]
    assert by_asyncio == [False, True, False]


@KINDS
def test_who_watches_is_told_before_anything_else_goes_out(kind, offer):
    transport, told = kind(takes=4), []
    way = offer(transport)
    way.watch(lambda: told.append(transport.written))
    transport.write(b"ping")
    way.socket.send(b"0123456789")
    way.rest(b"456789")
    way.watch(None)
    transport.write(b"close")
    assert (told, transport.written) == ([b"", b"ping"], b"ping456789close")


def test_a_transport_that_must_see_every_byte_itself_has_no_offer():
    foreign = AsyncioTransport()
    del foreign._sock
    assert (offered(Transport(TLS=True)), offered_by_asyncio(foreign)) == (None, None)
