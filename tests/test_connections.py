"""Sockets are counted on real servers: refused above the limit, let in again when others have gone, however they went; and wait their turn."""

import asyncio
import socket
import time

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from tests.server import Server, running

LIMIT = 3


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def narrow(request, tmp_path_factory):
    with running(tmp_path_factory.mktemp(request.param), web=request.param, extra={"CONNECTIONS_PER_ADDRESS": str(LIMIT)}) as server:
        yield server
        assert server.errors() == []


async def opened(server: Server) -> ClientConnection:
    return await connect(server.url.replace("http", "ws") + "/ws/", origin=Origin(server.url), ping_interval=None)


async def admitted(server: Server) -> list[ClientConnection]:
    """Open as many as there may be, as soon as the server has seen the others go."""
    connections: list[ClientConnection] = []
    async with asyncio.timeout(30):
        while len(connections) < LIMIT:
            try:
                connections.append(await opened(server))
            except InvalidStatus:
                await asyncio.sleep(0.1)
    return connections


def told(server: Server) -> list[str]:
    return [line for line in server.log.read_text(encoding="utf-8").splitlines() if "CONNECTIONS_PER_ADDRESS" in line]


async def test_one_too_many_is_refused_and_told_of_once(narrow):
    connections = await admitted(narrow)
    before = len(told(narrow))
    for _ in range(5):
        with pytest.raises(InvalidStatus, match="403"):
            await opened(narrow)
    for connection in connections:
        await connection.close()
    lines = told(narrow)
    # Another test may have been told of a little earlier, or more than a minute ago.
    assert before <= len(lines) <= before + 1
    assert "3 sockets are open from 127.0.0.1" in lines[0]


@pytest.mark.parametrize("how", ["closed", "aborted"])
async def test_who_has_gone_counts_no_more(narrow, how):
    for _ in range(3):
        for connection in await admitted(narrow):
            if how == "aborted":
                connection.transport.abort()
            else:
                await connection.close()
    for connection in await admitted(narrow):
        await connection.close()


def test_handshakes_that_are_cut_off_count_no_more(narrow):
    host, port = narrow.url.removeprefix("http://").split(":")
    lines = [
        "GET /ws/ HTTP/1.1",
        f"Host: {host}:{port}",
        f"Origin: {narrow.url}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    for cut in range(40):
        with socket.create_connection((host, int(port))) as line:
            line.sendall("\r\n".join(lines).encode() + b"\r\n" * (2 if cut % 2 else 1))
            time.sleep(0.002 * (cut % 5))

    async def admit() -> None:
        for connection in await admitted(narrow):
            await connection.close()

    asyncio.run(admit())


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_who_leaves_while_waiting_for_its_turn_is_no_fault_and_nobody_who_waits_keeps_the_server_from_ending(tmp_path, web):
    with running(tmp_path, web=web, extra={"HANDSHAKES_PER_SECOND": "1"}) as server:
        coming = [asyncio.create_task(opened(server)) for _ in range(30)]
        done, waiting = await asyncio.wait(coming, return_when=asyncio.FIRST_COMPLETED)
        impatient = list(waiting)[:10]
        for task in impatient:
            task.cancel()
        await asyncio.gather(*impatient, return_exceptions=True)
        assert await asyncio.to_thread(server.stop) == [0, 0]
        ends = await asyncio.gather(*coming, return_exceptions=True)
        assert len([end for end in ends if isinstance(end, ClientConnection)]) >= len(done)
        assert server.errors() == []
