"""Who may speak for a client, and how long a body may be."""

import json
import resource

import pytest

from operations.servers import limits
from operations.servers.front import TOO_LARGE, declared, is_forwarded, is_heavy
from tests.operations.servers import wire
from tests.operations.servers.conftest import SERVERS, running

SPOKEN = (
    "X-Forwarded-For: 203.0.113.9",
    "X-Forwarded-Proto: https",
    "X-Real-IP: 203.0.113.9",
    "Forwarded: for=203.0.113.9",
    "Daphne-Root-Path: /evil",
)


def told(site, *headers: str) -> dict[str, str]:
    answer = wire.get(site.port, "/echo", *headers)
    return {"root_path": answer["root_path"], "client": answer["client"][0], **dict(answer["headers"])}


def test_nobody_speaks_for_a_client(site):
    assert told(site, *SPOKEN, "X-Other: stays") == {"root_path": "", "client": "127.0.0.1", "host": "127.0.0.1", "x-other": "stays"}


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(("proxies", "heard"), [("127.0.0.1", True), ("10.0.0.0/8,unix", False)])
def test_a_trusted_proxy_does(server, proxies, heard, tmp_path):
    with running(server, tmp_path, TRUSTED_PROXIES=proxies) as site:
        answer = told(site, *SPOKEN)
    assert answer["client"] == "127.0.0.1"
    assert (answer.get("x-forwarded-for") == "203.0.113.9") is heard
    assert (answer.get("x-forwarded-proto") == "https") is heard
    # uvicorn knows nothing of this header: there it is one like any other.
    assert answer["root_path"] == ("/evil" if heard and server == "daphne" else "")


def post(line: wire.Line, *headers: str) -> None:
    line.send("\r\n".join(["POST /echo HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode())


def test_a_body_of_the_full_size_is_taken(site):
    with wire.Line(site.port) as line:
        post(line, f"Content-Length: {limits.BODY_BYTES}")
        line.send(b"x" * limits.BODY_BYTES)
        status, _, body = line.answer()
    assert (status, json.loads(body)["size"]) == (200, limits.BODY_BYTES)


def test_a_longer_one_is_refused_before_it_comes(site):
    received = site.counted()["received"]
    with wire.Line(site.port) as line:
        post(line, f"Content-Length: {limits.BODY_BYTES + 1}")
        status, _, body = line.answer()
    assert (status, body) == (413, TOO_LARGE)
    assert "提交的内容超过10兆字节，没有收下，什么都没有改变。请返回上一页，缩小图片或文件后再提交。" in TOO_LARGE.decode()
    assert site.counted()["received"] == received


def test_the_answer_is_seen_by_who_goes_on_sending(site):
    with wire.Line(site.port) as line:
        post(line, "Content-Length: 33554432")
        line.send(b"x" * 32 * 1024 * 1024)
        assert line.answer()[0] == 413


def test_a_body_without_a_length_is_refused_as_soon_as_it_is_too_long(site):
    before = site.rss()
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with wire.Line(site.port) as line:
        post(line, "Transfer-Encoding: chunked")
        for _ in range(limits.BODY_BYTES // 0x100000 + 1):
            line.send(chunk)
        assert line.answer()[0] == 413
    assert site.rss() - before < 2 * limits.BODY_BYTES + 8 * resource.getpagesize()


def test_a_chunked_body_below_the_limit_is_taken(site):
    with wire.Line(site.port) as line:
        post(line, "Transfer-Encoding: chunked")
        line.send(b"5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n")
        status, _, body = line.answer()
    assert (status, json.loads(body)["size"]) == (200, 8)


HEAVY = {
    "many": [f"X-Number-{number}: {number}" for number in range(limits.HEADERS)],
    "one that is long": ["X-Long: " + "x" * limits.HEAD_BYTES],
    "one that is longer than what is read at once": ["X-Long: " + "x" * 100_000],
    "several that are long": [f"X-Long-{number}: {'x' * 4000}" for number in range(40)],
}


@pytest.mark.parametrize("headers", HEAVY.values(), ids=HEAVY)
def test_a_heavy_head_is_refused(site, headers):
    with wire.Line(site.port) as line:
        line.send("\r\n".join(["GET /counted HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode())
        assert line.answer()[0] in {400, 431}


@pytest.mark.parametrize("headers", HEAVY.values(), ids=HEAVY)
def test_a_handshake_with_a_heavy_head_is_refused_at_once(site, headers):
    with wire.Line(site.port) as line:
        assert line.upgrade(headers="".join(f"{header}\r\n" for header in headers)).split()[1] in {b"400", b"431"}


def test_an_address_beyond_measure_is_refused(site):
    with wire.Line(site.port) as line:
        line.send(b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert line.answer()[0] in {400, 431}


@pytest.mark.parametrize(
    ("count", "size", "heavy"), [(2, 100, False), (128, 1, False), (129, 1, True), (1, 16_000, False), (2, 8_200, True)]
)
def test_what_is_heavy(count, size, heavy):
    assert is_heavy({"path": "/", "query_string": b"", "headers": [(b"x", b"x" * size)] * count}) is heavy


def test_a_large_response_arrives_whole(site):
    with wire.Line(site.port) as line:
        line.send(b"GET /large?size=3000000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        status, _, body = line.answer()
    assert (status, len(body)) == (200, 3_000_000)


@pytest.mark.parametrize(("value", "length"), [(b"12", 12), (b"-1", 0), (b"abc", 0), (None, 0)])
def test_the_announced_length(value, length):
    headers = [] if value is None else [(b"content-length", value)]
    assert declared({"type": "http", "headers": headers}) == length


@pytest.mark.parametrize(
    ("name", "speaks"),
    [(b"x-forwarded-host", True), (b"daphne-root-path", True), (b"forwarded", True), (b"host", False), (b"x-forward", False)],
)
def test_headers_that_speak_for_others(name, speaks):
    assert is_forwarded(name) is speaks
