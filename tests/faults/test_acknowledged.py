"""Who was told a number has asked: through kill -9 of the process that told it, cut lines and crashes of the database."""

import asyncio
import statistics
import time

import pytest

from tests.faults import ledger
from tests.faults.netizens import Netizens
from tests.server import running

pytestmark = pytest.mark.fault("T-01")


def judged(netizens, stored, verdict, *, promise, breaks, up):
    verdict(
        promise=promise,
        runs=breaks,
        events=len(netizens.receipts) + netizens.counts["retries answered"],
        violations=netizens.broken(stored.questions) | stored.broken(),
        acknowledged=len(netizens.receipts),
        lines_cut=netizens.counts["cut"],
        sent_again=netizens.counts["again"],
        retries_compared=netizens.counts["retries answered"],
        other_bodies=netizens.counts["other body"] + netizens.counts["other visitor"],
        # Of what they would: 20, less when a core is busy with it, for each is sent twice and more.
        acknowledged_a_second=round(len(netizens.receipts) / up, 1),
        seconds_up=round(up),
        median_ms=round(1000 * statistics.median(netizens.waits)),
        faults=str(dict(netizens.faults)),
    )


def pause(chance, seconds):
    """Five to fifteen seconds, or their share of a shorter test."""
    return max(2.0, chance.uniform(seconds / 24, seconds / 8))


async def test_on_sqlite_what_was_acknowledged_is_there_once(tmp_path, seconds, chance, verdict):
    kills, up = 0, 0.0
    with running(tmp_path / "data", database="", extra={"REDIS_URL": "", **ledger.UNLIMITED}) as server:
        stage = ledger.make(server)
        async with Netizens(server.urls, stage.programme, chance, count=40, per_second=20) as netizens:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                up += (quiet := pause(chance, seconds))
                await asyncio.sleep(quiet)
                server.kill_web()
                kills += 1
                await asyncio.to_thread(server.start_web)
        stored = ledger.read(server, stage)
    judged(netizens, stored, verdict, promise="acknowledged questions, SQLite", breaks=kills, up=up)


async def test_on_postgresql_what_was_acknowledged_is_there_once(tmp_path, seconds, chance, postgres, valkey, verdict):
    breaks, up = 0, 0.0
    with running(tmp_path / "data", webs=2, database=postgres.url, extra={"REDIS_URL": valkey.url, **ledger.UNLIMITED}) as server:
        stage = ledger.make(server)
        async with Netizens(server.urls, stage.programme, chance, count=40, per_second=20) as netizens:
            started = time.monotonic()
            crashes = [started + seconds * part for part in (0.25, 0.5, 0.75)]
            while time.monotonic() < started + seconds:
                up += (quiet := pause(chance, seconds))
                await asyncio.sleep(quiet)
                index = chance.randrange(2)
                server.kill_web(index)
                await asyncio.sleep(chance.uniform(0, 1))
                if crashes and time.monotonic() > crashes[0]:
                    crashes.pop(0)
                    await asyncio.to_thread(postgres.restart, "immediate")
                    breaks += 1
                await asyncio.to_thread(server.start_web, index)
                breaks += 1
        stored = ledger.read(server, stage)
    judged(netizens, stored, verdict, promise="acknowledged questions, PostgreSQL", breaks=breaks, up=up)
