"""Both servers that docs/operations.md offers carry the application: pages, sockets, limits and a clean end."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from realtime.log import EVENT_LIMIT
from realtime.protocol import FRAME_LIMIT, CloseCode
from tests.journeys.people import gather
from tests.server import running


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def either(request, tmp_path_factory):
    with running(tmp_path_factory.mktemp(request.param), web=request.param) as server:
        yield server
        assert server.errors() == []


def test_pages_are_served(either):
    assert httpx.get(f"{either.url}/healthz").json() == {"status": "ok", "database": "ok", "layer": "ok", "worker": "ok"}
    assert httpx.get(f"{either.url}/").status_code == 200


def test_a_socket_opens_to_our_own_pages(either):
    with connect(either.url.replace("http", "ws") + "/ws/", origin=either.url) as socket:
        socket.ping().wait(10)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
def test_a_socket_does_not_open_to_others(either, origin):
    with pytest.raises(InvalidStatus, match="403"), connect(either.url.replace("http", "ws") + "/ws/", origin=origin):
        pass


@pytest.mark.parametrize("size", [FRAME_LIMIT + 1, 1024 * 1024])
def test_a_frame_that_is_too_long_closes_the_socket(either, size):
    with connect(either.url.replace("http", "ws") + "/ws/", origin=either.url) as socket:
        socket.send("x" * size)
        with pytest.raises(ConnectionClosed):
            list(socket)  # the engine may say why before it closes
        assert socket.protocol.close_code in {1006, 1009, CloseCode.TOO_LARGE}


PUBLISH = """
from django.db import transaction
from realtime.publishing import publish
with transaction.atomic():
    print(publish(topic="{topic}", kind="large", data={{}}, html='"' * {size}))
"""


def test_the_largest_event_reaches_a_reader(either):
    # Every character of it is escaped on its way: the frame is twice as large as the event.
    size = EVENT_LIMIT - 1024
    topic = f"stage:{gather(either, 'large').programme}"
    with connect(either.url.replace("http", "ws") + "/ws/", origin=either.url, max_size=None) as socket, ThreadPoolExecutor() as threads:
        socket.send(json.dumps({"op": "join", "ref": 1, "topic": topic}))
        assert heard(socket)["op"] == "ok"
        publishing = threads.submit(either.manage, "shell", "--no-imports", "-c", PUBLISH.format(topic=topic, size=size))
        frame = heard(socket)
        number = int(publishing.result())
    assert (frame["op"], frame["events"]) == ("events", [[number, "large", {}, '"' * size]])


def heard(socket: ClientConnection) -> dict[str, Any]:
    """The next frame that does not come by the clock."""
    while (frame := json.loads(socket.recv(timeout=60)))["op"] in {"beat", "pulse"}:
        if frame["op"] == "beat":
            socket.send(json.dumps({"op": "still", "beat": frame["beat"]}))
    return frame


def test_the_log_is_read_over_http(either):
    address = f"{either.url}/log/stage:{gather(either, 'plain').programme}/tip.json"
    with httpx.Client() as http:
        tip = http.get(address)
        assert (tip.status_code, tip.headers["Vary"], "Set-Cookie" in tip.headers) == (200, "Accept-Encoding", False)
        nothing_new = http.get(address, headers={"If-None-Match": tip.headers["ETag"]})
        assert (nothing_new.status_code, nothing_new.content) == (304, b"")
        assert (http.head(address).content, http.post(address).status_code) == (b"", 405)
        # One connection for all of it: no answer left anything behind.
        assert http.get(address).json() == tip.json()


def test_a_host_that_is_not_ours_is_refused(either):
    assert httpx.get(f"{either.url}/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
def test_both_processes_end_well_and_start_again(tmp_path, web):
    with running(tmp_path / "data", web=web) as server:
        assert server.stop() == [0, 0]
        server.start()
        assert httpx.get(f"{server.url}/healthz").status_code == 200
