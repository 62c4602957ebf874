"""A request must come on, and a response must be read; on both servers."""

import time

import pytest

from tests.operations.servers import wire
from tests.operations.servers.conftest import keep_sending, until

# The deadlines are a second or two here. A connection that the server does not end is a TimeoutError of `everything()`.
HEAD = b"POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.mark.parametrize(
    "begun", [b"", b"GET", HEAD, HEAD + b"Content-Length: 100\r\n\r\nabc", HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"]
)
def test_a_request_that_does_not_go_on_is_given_up(hurried, begun):
    with wire.Line(hurried.port) as line:
        line.send(begun)
        line.everything()


@pytest.mark.parametrize("begun", [HEAD, HEAD + b"Content-Length: 100000\r\n\r\n"])
def test_a_byte_now_and_then_does_not_help(hurried, begun):
    with wire.Line(hurried.port) as line:
        line.send(begun)
        with pytest.raises(ConnectionError):
            keep_sending(line, b"x")


def test_a_connection_between_two_requests_is_kept_for_a_while(hurried):
    with wire.Line(hurried.port) as line:
        # Longer than IDLE_SECONDS altogether, and far from it each time.
        for _ in range(5):
            line.send(b"GET /counted HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert line.answer()[0] == 200
            time.sleep(1)
        line.everything()


def test_a_second_request_that_does_not_go_on_is_given_up(hurried):
    with wire.Line(hurried.port) as line:
        line.send(b"GET /counted HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert line.answer()[0] == 200
        line.send(HEAD)
        line.everything()


def test_a_request_may_be_answered_later_than_any_deadline(hurried):
    with wire.Line(hurried.port) as line:
        line.send(b"GET /slow?seconds=4 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert line.answer()[0] == 200


def test_a_response_nobody_reads_is_cut_off(hurried):
    answered = hurried.counted()["answered"]
    with wire.Line(hurried.port, receive_buffer=4096) as line:
        line.send(b"GET /large?size=30000000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        until(lambda: hurried.counted()["answered"] > answered)
        assert len(line.everything()) < 30_000_000


@pytest.mark.parametrize("how", ["", "fail=yes"], ids=["leaves", "fails"])
def test_an_application_without_an_answer_is_answered_for(hurried, how):
    with wire.Line(hurried.port) as line:
        line.send(f"GET /leave?{how} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert line.answer()[0] == 500


@pytest.mark.parametrize("how", ["half=yes", "half=yes&fail=yes"], ids=["leaves", "fails"])
def test_half_an_answer_ends_the_connection(hurried, how):
    with wire.Line(hurried.port) as line:
        line.send(f"GET /leave?{how} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert not line.everything().endswith(b"\r\n0\r\n\r\n")
