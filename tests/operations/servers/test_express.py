"""Frames handed over directly arrive whole and in order with all others, whatever the reader does meanwhile."""

import time

import pytest
from websockets.sync.client import connect

from operations.servers import express
from tests.operations.servers import wire
from tests.operations.servers.conftest import SERVERS, running, until

COUNT = 1500


def expected(count: int, size: int) -> list[str]:
    return [f"{number} " + "z" * (number * 977 % size) for number in range(count)]


def test_frames_arrive_in_order_by_both_ways(site):
    before = site.counted()["express"]
    with connect(f"ws://127.0.0.1:{site.port}/numbered?count={COUNT}&size=900", max_size=None) as socket:
        assert [socket.recv(timeout=60) for _ in range(COUNT)] == expected(COUNT, 900)
        socket.send("done")
    assert site.counted()["express"] - before > COUNT // 2


def test_a_reader_that_pauses_gets_everything_in_order(site):
    # A small window and frames of up to 200 kB: most of them are taken in part.
    count, size = 300, 200_000
    with wire.connected(site.port, f"/numbered?count={count}&size={size}", receive_buffer=8192) as line:
        for number, text in enumerate(expected(count, size)):
            if number % 20 == 0:
                time.sleep(0.03)
            assert line.frame() == wire.Frame(wire.TEXT, text.encode())


def test_after_the_end_it_takes_nothing_and_raises_nothing(site):
    with connect(f"ws://127.0.0.1:{site.port}/numbered?count=1&size=2") as socket:
        assert socket.recv(timeout=60) == "0 "
        socket.send("done")
    until(lambda: "after" in site.counted())
    assert site.counted()["after"] is False


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
        self.socket, self.written = Socket(takes), b""
        self.__dict__.update(facts)

    def write(self, data):
        self.written += data


def written(transport, state=3):
    protocol = express.TwistedExpress()
    protocol.transport, protocol.state = transport, state
    protocol.board()
    return protocol.express(b"0123456789")


class AsyncioTransport:
    """What express.py knows of asyncio's transport."""

    def __init__(self, *, takes=100, **facts):
        self._closing, self._buffer, self._sock, self.written = False, b"", Socket(takes), b""
        self.__dict__.update(facts)

    @property
    def socket(self):
        return self._sock

    def write(self, data):
        self.written += data


def written_by_asyncio(transport, *, handshake_complete=True, close_sent=False):
    protocol = express.AsyncioExpress()
    protocol.transport, protocol.handshake_complete, protocol.close_sent = transport, handshake_complete, close_sent
    protocol.board()
    return protocol.express(b"0123456789")


@pytest.mark.parametrize(("kind", "write"), [(Transport, written), (AsyncioTransport, written_by_asyncio)])
def test_what_the_kernel_does_not_take_is_left_to_the_transport(kind, write):
    transport = kind(takes=4)
    assert write(transport)
    assert (transport.socket.taken, transport.written) == (b"0123", b"456789")


@pytest.mark.parametrize(
    ("transport", "write"),
    [
        *((Transport(**facts), written) for facts in ({"TLS": True}, {"dataBuffer": b"x"}, {"_tempDataLen": 1}, {"disconnecting": True}, {"takes": None})),
        *((AsyncioTransport(**facts), written_by_asyncio) for facts in ({"_closing": True}, {"_buffer": b"x"}, {"takes": None})),
    ],
    ids=["tls", "twisted-buffer", "twisted-list", "twisted-closing", "twisted-full", "asyncio-closing", "asyncio-buffer", "asyncio-full"],
)  # fmt: skip
def test_it_takes_nothing_when_it_cannot_take_all(transport, write):
    assert not write(transport)
    assert (transport.socket.taken, transport.written) == (b"", b"")


def test_it_takes_nothing_before_and_after_the_socket_is_open():
    assert [written(Transport(), state) for state in range(5)] == [False, False, False, True, False]
    states = [(False, False), (True, False), (True, True)]
    by_asyncio = [written_by_asyncio(AsyncioTransport(), handshake_complete=complete, close_sent=sent) for complete, sent in states]
    assert by_asyncio == [False, True, False]


def test_a_transport_of_another_kind_sees_every_byte_itself():
    transport = AsyncioTransport()
    del transport._sock
    assert (written_by_asyncio(transport), transport.written) == (False, b"")
