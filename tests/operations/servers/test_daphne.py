"""How both servers end: every socket closed in good order, running requests answered, in time, with 0."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.operations.servers import wire
from tests.operations.servers.conftest import SERVERS, running, until
from tests.server import free_port


def closing(line: wire.Line) -> int | None:
    """The code a line is closed with; where the machine is slow, pings come before."""
    while (frame := line.frame()).opcode != wire.CLOSE:
        pass
    return frame.code


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_closes_every_socket_in_good_order_and_ends_well(server, number, tmp_path):
    with running(server, tmp_path) as site:
        lines = [wire.connected(site.port) for _ in range(20)]
        site.process.send_signal(number)
        assert [closing(line) for line in lines] == [1012] * 20
        for line in lines:
            line.send(wire.encoded(wire.CLOSE, b"\x03\xf4"))
            line.socket.close()
        assert site.process.wait(60) == 0
        assert site.log.read_text() == ""


@pytest.mark.parametrize("server", SERVERS)
def test_a_request_that_is_running_is_answered_first(server, tmp_path):
    with running(server, tmp_path) as site, ThreadPoolExecutor() as threads:
        slow = threads.submit(wire.get, site.port, "/slow?seconds=2")
        until(lambda: site.counted()["slow"] == 1)
        assert site.stop() == 0
        assert "ended" in slow.result()


def refuses(port):
    try:
        wire.Line(port).socket.close()
    except ConnectionRefusedError:
        return True
    return False


def is_turned_away(line):
    """Whether a socket that asks to be let in is not, or is closed in good order."""
    try:
        accepted = line.upgrade().startswith(b"HTTP/1.1 101 ")
    except (EOFError, ConnectionError):
        return True
    return not accepted or [frame.code for frame in line.frames()] == [1012]


@pytest.mark.parametrize("server", SERVERS)
def test_who_was_let_in_just_before_the_end_and_speaks_after_it_does_not_stay(server, tmp_path):
    with running(server, tmp_path) as site, ThreadPoolExecutor() as threads, wire.Line(site.port) as late:
        slow = threads.submit(wire.get, site.port, "/slow?seconds=2")
        until(lambda: site.counted()["slow"] == 1)
        site.process.terminate()
        until(lambda: refuses(site.port))
        assert is_turned_away(late)
        late.socket.close()
        assert "ended" in slow.result()
        assert site.process.wait(60) == 0


@pytest.mark.parametrize("server", SERVERS)
def test_it_ends_in_time_whatever_holds_it(server, tmp_path):
    with running(server, tmp_path, HURRIED="yes") as site, ThreadPoolExecutor() as threads:
        held = [wire.connected(site.port, path, receive_buffer=4096) for path in ("/flood", "/echo")]
        slow = threads.submit(lambda: wire.Line(site.port).__enter__())
        slow.result().send(b"GET /slow?seconds=600 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        until(lambda: site.counted()["slow"] == 1)
        # It waits a minute for the end, and the slow one would take ten.
        assert site.stop() == 0
        for line in [*held, slow.result()]:
            line.socket.close()


@pytest.mark.parametrize("server", SERVERS)
def test_the_port_is_free_again_at_once(server, tmp_path):
    port = free_port()
    for _ in range(2):
        with running(server, tmp_path, port=port, HURRIED="yes") as site, wire.connected(site.port) as line:
            line.send(wire.encoded(wire.TEXT, b"here"))
            assert line.frame().payload == b"here"
            assert site.stop() == 0


def test_a_subprotocol_nobody_offered_ends_its_own_socket_and_spoils_no_end(tmp_path):
    with running("daphne", tmp_path) as site, wire.connected(site.port) as other:
        with wire.Line(site.port) as line:
            line.send(line.handshake("/echo?choose=another"))
            assert line.everything() == b""
        until(lambda: "protocol accepted must be from the list client sent" in site.log.read_text())
        site.process.terminate()
        assert [frame.code for frame in other.frames()] == [1012]
        assert site.process.wait(60) == 0


def test_what_twisted_cannot_handle_is_told_once_a_minute_and_in_words(tmp_path):
    with running("daphne", tmp_path) as site:
        for _ in range(2):
            wire.get(site.port, "/loose")
        until(lambda: "what nobody catches" in site.log.read_text())
        site.stop()
        [told] = [line for line in site.log.read_text().splitlines() if "Twisted: " in line]
        assert "timed call" in told
        assert "{" not in told
