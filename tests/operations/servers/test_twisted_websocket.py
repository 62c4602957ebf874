"""Sockets: what may come in, what may go out, who is cut off, and how they are closed; on both servers."""

import time
from contextlib import suppress

import pytest

from operations.servers import limits
from operations.servers.twisted_websocket import header
from tests.operations.servers import wire
from tests.operations.servers.conftest import SERVERS, keep_sending, running, until

EMPTY = wire.encoded(wire.TEXT)


@pytest.mark.parametrize("code", [1000, 1001, 1009, 1012, 4503])
def test_a_close_arrives_with_its_code_and_reason(site, code):
    with wire.connected(site.port, f"/close?code={code}&reason=why") as line:
        assert line.frame() == wire.Frame(wire.CLOSE, code.to_bytes(2, "big") + b"why")


def test_an_application_that_leaves_ends_the_connection(site):
    with wire.connected(site.port, "/leave") as line:
        assert line.frames() == []


def test_an_application_that_fails_ends_the_connection_and_the_log_says_why(hurried):
    with wire.connected(hurried.port, "/fail") as line:
        assert [frame.opcode for frame in line.frames() if frame.code != 1011] == []
    until(lambda: "the application fails, as it was asked to" in hurried.log.read_text())


def test_compression_is_not_agreed_to(site):
    with wire.Line(site.port) as line:
        head = line.upgrade(headers="Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"sec-websocket-extensions" not in head.lower()


def test_what_goes_out_may_be_larger_than_what_comes_in(site):
    with wire.connected(site.port, f"/large?size={20 * limits.FRAME_BYTES}") as line:
        assert line.frame() == wire.Frame(wire.TEXT, b"y" * 20 * limits.FRAME_BYTES)


@pytest.mark.parametrize(("size", "taken"), [(limits.FRAME_BYTES, True), (limits.FRAME_BYTES + 1, False)])
def test_what_comes_in_has_a_limit(site, size, taken):
    with wire.connected(site.port) as line:
        line.send(wire.encoded(wire.TEXT, b"x" * size))
        answer = line.frame()
    assert answer == wire.Frame(wire.TEXT, b"x" * size) if taken else answer.code == 1009


def test_a_length_of_a_gibibyte_is_refused_at_once(site):
    with wire.connected(site.port) as line:
        line.send(wire.encoded(wire.BINARY, b"x", length=1 << 30))
        assert line.frame().code == 1009


def test_who_still_sends_what_is_refused_sees_why(site):
    with wire.connected(site.port) as line:
        line.send(wire.encoded(wire.BINARY, b"x", length=1 << 30))
        # More than the kernel holds for a server that reads no more.
        for _ in range(256):
            line.send(bytes(1 << 16))
        assert line.frame().code == 1009


def test_a_message_in_many_parts_has_the_same_limit(site):
    with wire.connected(site.port) as line:
        line.send(wire.encoded(wire.TEXT, b"x" * 16_000, fin=False))
        line.send(wire.encoded(wire.CONT, b"x" * 16_000, fin=False))
        assert line.frame().code == 1009


@pytest.mark.parametrize("part", [wire.encoded(wire.TEXT, b"\xed\xa0\x80"), wire.encoded(wire.TEXT, b"\xff", fin=False)])
def test_text_that_is_no_text_is_refused_and_not_logged(site, part):
    before = site.log.read_text()
    with wire.connected(site.port) as line:
        line.send(part)
        assert line.frame().code == 1007
    assert site.log.read_text() == before


def test_who_leaves_in_the_middle_of_a_message_is_let_go_in_good_order(site):
    with wire.connected(site.port) as line:
        line.send(wire.encoded(wire.TEXT, b"half", fin=False) + wire.encoded(wire.CLOSE, b"\x03\xe8"))
        assert [frame.code for frame in line.frames()] == [1000]


@pytest.mark.parametrize("payload", [b"\x03", b"\x03\xec", b"\xff\xff"])
def test_a_close_that_is_none_is_told_so(site, payload):
    with wire.connected(site.port) as line:
        line.send(wire.encoded(wire.CLOSE, payload))
        assert [frame.code for frame in line.frames()] == [1002]


def test_an_application_that_lets_nobody_in_is_given_up(hurried):
    with wire.Line(hurried.port) as line:
        try:
            head = line.upgrade("/late")
        except (EOFError, ConnectionError):
            return
        assert head.startswith(b"HTTP/1.1 403 ")


def test_who_gives_no_sign_of_life_is_cut_off(hurried):
    with wire.connected(hurried.port) as line:
        frames = line.frames()
    assert [frame.opcode for frame in frames if frame.opcode != wire.CLOSE] == [wire.PING]


def test_who_gives_one_stays(hurried):
    with wire.connected(hurried.port) as line:
        for _ in range(3):
            ping = line.frame()
            assert ping.opcode == wire.PING
            line.send(wire.encoded(wire.PONG, ping.payload))
        line.send(wire.encoded(wire.TEXT, b"still here"))
        assert line.frame() == wire.Frame(wire.TEXT, b"still here")


# ── How often ────────────────────────────────────────────────────────────────────────────────────────────────────────
AT_ONCE = int(limits.FRAMES_AT_ONCE)


@pytest.mark.parametrize("opcode", [wire.TEXT, wire.BINARY, wire.PING])
def test_a_burst_of_frames_is_heard(site, opcode):
    payloads = [b"%d" % number for number in range(AT_ONCE)]
    with wire.connected(site.port) as line:
        line.send(b"".join(wire.encoded(opcode, payload) for payload in payloads))
        assert [line.frame().payload for _ in payloads] == payloads


FLOODS = {
    "messages": EMPTY,
    "pings": wire.encoded(wire.PING),
    "pongs": wire.encoded(wire.PONG),
    "large pings": wire.encoded(wire.PING, b"p" * 125),
    "parts of a message": wire.encoded(wire.CONT, fin=False),
}


@pytest.mark.parametrize("frame", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_frames_is_refused_and_not_looked_at(site, frame):
    count, before = 50_000, site.log.read_text()
    with wire.connected(site.port) as line:
        with suppress(ConnectionError):
            line.send(wire.encoded(wire.BINARY, fin=False) * (frame == FLOODS["parts of a message"]) + frame * count)
        *answers, close = line.frames()
    assert close == wire.Frame(wire.CLOSE, limits.FRAMES_CODE.to_bytes(2, "big") + b"too many frames")
    # However slow the machine is, those that came with the first are not.
    assert len(answers) < count // 10
    assert site.log.read_text() == before


def test_a_flood_before_one_is_let_in_is_cut_off(hurried):
    before = hurried.log.read_text()
    with wire.Line(hurried.port) as line:
        with suppress(ConnectionError):
            line.send(line.handshake("/late") + FLOODS["pings"] * 50_000)
        line.everything()
    assert "Traceback" not in hurried.log.read_text()[len(before) :]


# ── The handshake ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("header", "body"),
    [
        (f"Content-Length: {20_000 * len(EMPTY)}", EMPTY * 20_000),
        ("Content-Length: 1", b"x"),
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (20_000 * len(EMPTY), EMPTY * 20_000)),
    ],
    ids=["announced", "one byte", "chunked"],
)
def test_a_handshake_with_a_body_is_refused_and_its_body_is_not_taken_for_frames(site, header, body):
    asked = site.counted()["asked"]
    with wire.Line(site.port) as line:
        line.send(line.handshake(headers=f"{header}\r\n"))
        assert line.answer()[0] == 400
        with suppress(ConnectionError):
            line.send(body)
    assert site.counted()["asked"] == asked


@pytest.mark.parametrize("name", ["fangtan.html.v1", "fangtan%2Ehtml.v1", "a%2Cb"])
def test_a_subprotocol_is_told_and_answered_as_it_was_written(site, name):
    with wire.Line(site.port) as line:
        head = line.upgrade(headers=f"Sec-WebSocket-Protocol: {name}, other\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        assert f"sec-websocket-protocol: {name}\r\n".encode().lower() in head.lower()


MALFORMED = {
    "another version": (b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Version: 99"),
    "a key that is none": (b"Sec-WebSocket-Key: ", b"Sec-WebSocket-Key: ?"),
    "two keys": (b"Sec-WebSocket-Key: ", b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Key: "),
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_handshake_is_refused_and_not_logged(site, change):
    before = site.log.read_text()
    with wire.Line(site.port) as line:
        line.send(line.handshake().replace(*change))
        assert line.everything().startswith(b"HTTP/1.1 4")
    # The end of the connection is dealt with by now.
    site.counted()
    assert site.log.read_text() == before


def test_a_handshake_that_announces_an_empty_body_is_taken(site):
    with wire.Line(site.port) as line:
        assert line.upgrade(headers="Content-Length: 0\r\n").startswith(b"HTTP/1.1 101 ")


def test_frames_that_come_in_one_piece_with_the_handshake_are_heard(site):
    with wire.Line(site.port) as line:
        line.send(line.handshake() + wire.encoded(wire.TEXT, b"early"))
        line.send(wire.encoded(wire.TEXT, b"later"))
        assert line.until(b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")
        assert [line.frame().payload for _ in range(2)] == [b"early", b"later"]


def test_little_is_held_of_who_speaks_before_it_is_let_in(hurried):
    with wire.Line(hurried.port) as line:
        line.send(line.handshake("/late"))
        sent = 0
        with suppress(ConnectionError):
            while True:
                sent += line.socket.send(wire.encoded(wire.TEXT, b"x" * 16_000))
    # What was taken is with the kernel.
    assert sent < 16 * 1024 * 1024


@pytest.mark.parametrize("more", [b"\r\n\r\n", wire.encoded(wire.TEXT, b"x", rsv=1), b""], ids=["lines", "no frame", "a handshake"])
def test_who_is_not_let_in_is_not_asked_about_twice(hurried, more):
    asked, before = hurried.counted()["asked"], hurried.log.read_text()
    with wire.Line(hurried.port) as line:
        line.send(line.handshake("/late"))
        until(lambda: hurried.counted()["asked"] > asked)
        line.send(more or line.handshake("/late"))
        line.everything()
    assert hurried.counted()["asked"] == asked + 1
    assert "Traceback" not in hurried.log.read_text()[len(before) :]


# ── Who does not read ────────────────────────────────────────────────────────────────────────────────────────────────
def test_little_is_held_for_who_does_not_read(site):
    before, memory = site.counted()["bytes"], site.rss()
    with wire.connected(site.port, "/flood", receive_buffer=4096):
        sent = -1
        while (now := site.counted()["bytes"]) != sent:
            sent = now
            time.sleep(0.3)
        # The rest is with the kernel, which takes some megabytes on its own account.
        assert site.rss() - memory < 4 * 1024 * 1024
    assert sent - before < 16 * 1024 * 1024


def test_who_does_not_read_is_cut_off_and_the_application_learns_of_it(hurried):
    ended = hurried.counted()["ended"]
    with wire.connected(hurried.port, "/flood", receive_buffer=4096) as line:
        until(lambda: hurried.counted()["ended"] > ended)
        line.socket.close()


@pytest.mark.parametrize("server", SERVERS)
def test_little_is_held_of_what_the_application_does_not_take_and_nothing_is_lost(server, tmp_path):
    # Few and large, for a client may not send many.
    count, size = 160, 200_000
    messages = memoryview(wire.encoded(wire.TEXT, b"x" * size) * count)
    with running(server, tmp_path, FRAME_BYTES=str(size)) as site, wire.connected(site.port, "/deaf") as line:
        line.socket.settimeout(2)
        sent = 0
        with suppress(TimeoutError):
            while sent < len(messages):
                sent += line.socket.send(messages[sent : sent + 65_536])
        # What was taken is with the kernel.
        assert sent < 16 * 1024 * 1024
        wire.get(site.port, "/listen")
        line.socket.settimeout(60)
        line.send(messages[sent:])
        line.send(wire.encoded(wire.TEXT, b"end"))
        assert line.frame() == wire.Frame(wire.TEXT, str(size * count).encode())


def test_a_sign_of_life_does_not_help_who_does_not_read(hurried):
    with wire.connected(hurried.port, "/flood", receive_buffer=4096) as line, pytest.raises(ConnectionError):
        keep_sending(line, wire.encoded(wire.PONG, b""))


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 100_000])
def test_an_empty_and_a_large_message_are_messages(site, size):
    with wire.connected(site.port, f"/large?size={size}") as line:
        assert line.frame() == wire.Frame(wire.TEXT, b"y" * size)


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536, 1 << 20])
def test_the_header_is_that_of_one_whole_message(length):
    assert header(wire.BINARY, length) == wire.encoded(wire.BINARY, b"", masked=False, length=length)
