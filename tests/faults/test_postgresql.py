"""PostgreSQL crashes, stands still, has no connection left, takes no writing, has no time: nobody is told a number for nothing."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from rehearsal.browser import Browser
from rehearsal.reader import Reader
from tests.faults import ledger
from tests.faults.author import Author
from tests.faults.live import of_share, serving
from tests.faults.netizens import Netizens
from tests.faults.readers import Crowd

pytestmark = pytest.mark.fault("T-14")

CRASHES = 5
RECOVERY_SECONDS = 10.0
POLLING = 0.1
# A thread of every kind, and those of the server and its libraries.
THREADS_LIMIT = 60


async def crash(postgres, seconds):
    await asyncio.to_thread(postgres.restart, "immediate")


async def stand_still(postgres, seconds):
    postgres.pause()
    await asyncio.sleep(min(20.0, seconds / 6))
    postgres.resume()


async def take_all_connections(postgres, seconds):
    """Others take every connection there is; ours are ended, and find no place."""
    foreign = []
    end = time.monotonic() + min(15.0, seconds / 6)
    while time.monotonic() < end:
        with suppress(psycopg.OperationalError):
            while True:
                foreign.append(await asyncio.to_thread(postgres.connect))
        mine = [connection.info.backend_pid for connection in foreign]
        foreign[0].execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'server_%%' AND NOT pid = ANY(%s)", [mine]
        )
        await asyncio.sleep(0.05)
    for connection in foreign:
        connection.close()


def order(postgres, *statements):
    with postgres.connect() as connection:
        for statement in (*statements, "SELECT pg_reload_conf()"):
            connection.execute(statement)


async def forbid_writing(postgres, seconds):
    order(postgres, "ALTER SYSTEM SET default_transaction_read_only = on")
    await asyncio.sleep(min(15.0, seconds / 6))
    order(postgres, "SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only")


async def give_no_time(postgres, seconds):
    order(postgres, "ALTER SYSTEM SET statement_timeout = '1ms'")
    await asyncio.sleep(min(15.0, seconds / 6))
    order(postgres, "SET statement_timeout = 0", "ALTER SYSTEM RESET statement_timeout")


FAULTS = [*[crash] * CRASHES, stand_still, take_all_connections, forbid_writing, give_no_time]


def idle_in_transaction(postgres):
    with postgres.connect() as connection:
        [(count,)] = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '2 seconds'"
        ).fetchall()
    return count


def threads(process):
    """How many threads a process has now."""
    return len(list(Path(f"/proc/{process.pid}/task").iterdir()))


async def recovered(netizens, author, crowd):
    """Seconds until ten that asked after the fault have their receipts, and everybody with a socket reads what was published after it."""
    began = time.monotonic()

    async def read():
        await author.do("reconnect")
        await crowd.hear(await author.write())
        return time.monotonic() - began

    return max(await asyncio.gather(netizens.heard(since=began, by=10), read()))


async def test_no_number_is_told_for_nothing(tmp_path, seconds, chance, postgres, valkey, verdict):
    readers, recoveries, most_threads = of_share(300), {}, 0
    async with serving(tmp_path, database=postgres.url, redis=valkey.url) as server:
        stage = await asyncio.to_thread(ledger.make, server)
        pids = [process.pid for process in server.webs]
        async with (
            Author(server, chance, programme=stage.programme) as author,
            Crowd(server.ports, author.topic, count=readers, seed=chance.random(), polling=POLLING) as crowd,
            Browser(server.url) as browser,
        ):
            await crowd.come()
            await browser.sign_in(stage.moderator, stage.password)
            async with Reader(server.url, [stage.inbox], cookie=browser.cookie) as reader:
                async with Netizens(server.urls, stage.programme, chance, count=20, per_second=10) as netizens:
                    # The author, who is none of ours, has no database to write to while it is broken.
                    await author.write_for(2, per_second=2)
                    for fault in FAULTS:
                        await fault(postgres, seconds)
                        most_threads = max(most_threads, *map(threads, server.webs))
                        took = await recovered(netizens, author, crowd)
                        recoveries[fault.__name__] = max(took, recoveries.get(fault.__name__, 0.0))
                        await author.write_for(seconds / 60, per_second=2)
                stored = await asyncio.to_thread(ledger.read, server, stage)
                await reader.until(lambda: len(reader.logs[stage.inbox].events) >= len(stored.arrived), seconds=20)
                heard = [event.data["question"] for event in reader.logs[stage.inbox].events]
            await crowd.reach(author.number)
        idle = idle_in_transaction(postgres)
        still = [process.pid for process in server.webs if process.poll() is None] == pids
    answered_otherwise = {code: count for code, count in netizens.faults.items() if code not in {"503 Retry-After", "failed", "busy"}}
    verdict(
        promise="no false acknowledgement, PostgreSQL",
        runs=len(FAULTS),
        events=len(netizens.receipts) + netizens.counts["retries answered"] + netizens.faults.total() + crowd.delivered,
        violations=crowd.lost(author)
        | netizens.broken(stored.questions)
        | stored.broken()
        | {
            "refused without 503 and Retry-After": sum(answered_otherwise.values()),
            "idle in transaction": idle,
            "processes lost": int(not still),
            "moderator's log": int(heard != stored.arrived),
            "too many threads": int(most_threads > THREADS_LIMIT),
        },
        aims={"recovery_s": (round(max(recoveries.values()), 1), RECOVERY_SECONDS)},
        recoveries=str({name: round(took, 1) for name, took in recoveries.items()}),
        threads=most_threads,
        faults=str(dict(netizens.faults)),
        readers=readers,
        closed=sum(crowd.closes.values()),
    )
