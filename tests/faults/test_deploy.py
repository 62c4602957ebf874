"""T-16: processes are told to go, one after another and all at once, and are killed; everybody is back soon and misses nothing."""

import asyncio
import signal
import socket
import time
from contextlib import suppress

import pytest

from tests.faults.live import broken_promises, interview, of_share, traceback_lines
from tests.faults.netizens import Netizens
from tests.faults.readers import Crowd
from tests.server import Server

pytestmark = pytest.mark.fault("T-16")

WEBS = 2
EXIT_SECONDS = 10.0
BACK_SECONDS = 10.0
RUSH = 200  # handshakes one process answers in a second
POLLING = 0.05
ENOUGH = 120.0  # seconds in which all are back, whatever the machine


class Deploy:
    """Ends processes and starts them again; `codes` and `exits` hold how they ended, `starts` how long it took until one served."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.codes: list[int] = []
        self.exits: list[float] = []
        self.starts: list[float] = []

    async def end(self, *indices: int) -> float:
        """Tell these processes to go, wait until they have gone, and start others in their places; when there was one to go to."""
        began = time.monotonic()
        for index in indices:
            self._server.webs[index].send_signal(signal.SIGTERM)
        for index in indices:
            self.codes.append(await asyncio.to_thread(self._server.webs[index].wait, 60))
            self.exits.append(time.monotonic() - began)
        return await self._start(began, indices)

    async def kill(self, *indices: int) -> float:
        """Kill these processes and start others; when there was one to go to."""
        began = time.monotonic()
        for index in indices:
            self._server.kill_web(index)
        return await self._start(began, indices)

    async def _start(self, began: float, indices: tuple[int, ...]) -> float:
        start = time.monotonic()
        for index in indices:
            self._server.start_web(index, wait=False)
        if len(indices) == WEBS:
            await asyncio.to_thread(_until_taken, self._server.ports)
            began = time.monotonic()
        await asyncio.to_thread(self._server.until_ready, *indices)
        self.starts.append(time.monotonic() - start)
        return began


def _until_taken(ports: list[int]) -> None:
    """Wait until one of these ports takes connections."""
    deadline = time.monotonic() + ENOUGH
    while time.monotonic() < deadline:
        for port in ports:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on any of {ports}")


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_a_deploy_loses_nothing(*, tmp_path, seconds, chance, postgres, valkey, verdict, web):
    async with (
        interview(tmp_path, chance, database=postgres.url, redis=valkey.url, webs=WEBS, web=web) as (server, author),
        Crowd(server.ports, author.topic, count=of_share(1000), seed=chance.random(), arrive=8, polling=POLLING) as crowd,
    ):
        deploy, back = Deploy(server), {}
        await crowd.come()
        started = time.monotonic()
        writing = asyncio.create_task(author.write_for(3600, per_second=1))
        async with Netizens(server.urls, author.programme, chance, count=10, per_second=5) as netizens:
            steps = {"one": deploy.end(0), "the other": deploy.end(1), "both": deploy.end(0, 1), "both killed": deploy.kill(0, 1)}
            for name, step in steps.items():
                began = time.monotonic()
                served = await step
                await crowd.come(seconds=ENOUGH)
                back[name] = crowd.away(0.99, since=served)
                await asyncio.sleep(max(0.0, seconds / len(steps) - (time.monotonic() - began)))
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await author.write()
        await crowd.reach(author.number)
        promises = await broken_promises(netizens, server, author)
        faults = traceback_lines(server.log)
    print(*faults[:3], sep="\n")
    verdict(
        promise=f"a deploy, or a kill, loses nothing ({web})",
        runs=len(steps),
        events=crowd.delivered + len(netizens.receipts),
        violations={
            **crowd.lost(author),
            **promises,
            "exit codes": sum(code != 0 for code in deploy.codes),
            "tracebacks": len(faults),
        },
        aims={
            "back_p99_s": (max(back.values()), BACK_SECONDS),
            "handshakes_in_a_second": (crowd.rush(since=started), RUSH),
            "exit_s": (round(max(deploy.exits), 1), EXIT_SECONDS),
        },
        codes=str(deploy.codes),
        closes=str(dict(crowd.closes)),
        back_p99_after=str(back),
        away_p50_s=crowd.away(0.5),
        away_p99_s=crowd.away(0.99),
        start_s=round(max(deploy.starts), 1),
        receipts=len(netizens.receipts),
        readers=len(crowd.readers),
    )
