"""T-16: processes are told to go, one after another and all at once, and are killed; everybody is back soon and misses nothing."""

import asyncio
import signal
import time

import pytest

from tests.faults.live import broken_promises, interview, of_share, traceback_lines
from tests.faults.netizens import Netizens
from tests.faults.readers import Crowd, quantile
from tests.server import Server

pytestmark = pytest.mark.fault("T-16")

WEBS = 2
EXIT_SECONDS = 10.0
BACK_SECONDS = 60.0


class Deploy:
    """Ends processes and starts them again; `codes` and `took` hold how they ended."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.codes: list[int] = []
        self.took: list[float] = []

    async def end(self, *indices: int) -> None:
        """Tell these processes to go, wait until they have gone, and start others in their places."""
        began = time.monotonic()
        for index in indices:
            self._server.webs[index].send_signal(signal.SIGTERM)
        for index in indices:
            self.codes.append(await asyncio.to_thread(self._server.webs[index].wait, 60))
            self.took.append(time.monotonic() - began)
        await self.start(*indices)

    async def kill(self, *indices: int) -> None:
        """Kill these processes and start others."""
        for index in indices:
            self._server.kill_web(index)
        await self.start(*indices)

    async def start(self, *indices: int) -> None:
        for index in indices:
            self._server.start_web(index, wait=False)
        await asyncio.to_thread(self._server.until_ready, *indices)


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_a_deploy_loses_nothing(*, tmp_path, seconds, chance, postgres, valkey, verdict, web):
    async with (
        interview(tmp_path, chance, database=postgres.url, redis=valkey.url, webs=WEBS, web=web) as (server, author),
        Crowd(server.ports, author.topic, count=of_share(1000), seed=chance.random(), arrive=8) as crowd,
    ):
        deploy = Deploy(server)
        await crowd.come()
        crowd.connected_at.clear()
        writing = asyncio.create_task(author.write_for(3600, per_second=1))
        async with Netizens(server.urls, author.programme, chance, count=10, per_second=5) as netizens:
            steps = [deploy.end(0), deploy.end(1), deploy.end(0, 1), deploy.kill(0, 1)]
            for step in steps:
                began = time.monotonic()
                await step
                await crowd.come(seconds=BACK_SECONDS)
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
            "slow exits": sum(took > EXIT_SECONDS for took in deploy.took),
            "tracebacks": len(faults),
        },
        exit_s=round(max(deploy.took), 1),
        codes=str(deploy.codes),
        closes=str(dict(crowd.closes)),
        back_p50_s=round(quantile(crowd.away, 0.5), 1),
        back_p99_s=round(quantile(crowd.away, 0.99), 1),
        handshakes_in_a_second=crowd.rush,
        receipts=len(netizens.receipts),
        readers=len(crowd.readers),
    )
