"""Everything at once on one SQLite file: writers, a command, a backup, a long look; and processes that die in a transaction."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress

import pytest

from tests.faults import ledger
from tests.faults.netizens import Netizens
from tests.server import BASE, running

pytestmark = pytest.mark.fault("T-15")

SQLITE = {"REDIS_URL": "", **ledger.UNLIMITED}
WRITERS, PER_SECOND = 8, 30
WRITE_MS = 500
DEATHS = 50
WAL_LIMIT = 64 * 1024 * 1024
HOLES = """
SELECT count(*) FROM realtime_topic t
WHERE head <> (SELECT count(*) FROM realtime_event e WHERE e.topic_id = t.id)
   OR head <> (SELECT coalesce(max(number), 0) FROM realtime_event e WHERE e.topic_id = t.id)
"""


def is_whole(path):
    """Whether a database file is what it should be: by SQLite's own examination, and every log dense."""
    with closing(sqlite3.connect(path, timeout=20)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)] and connection.execute(HOLES).fetchone() == (0,)


def look_for(path, seconds):
    """Read in one transaction for so long; whether everything stayed as it was when it began."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as connection:
        connection.execute("BEGIN")
        before = connection.execute("SELECT count(*) FROM realtime_event").fetchall()
        time.sleep(seconds)
        return before == connection.execute("SELECT count(*) FROM realtime_event").fetchall()


def back_up(path, copy):
    """Make a backup while everybody writes; whether it is whole."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as connection:
        connection.execute("VACUUM INTO ?", [str(copy)])
    return is_whole(copy)


def start(server, *words):
    command = (sys.executable, "-m", "tests.faults.committing", *map(str, words))
    return subprocess.Popen(command, cwd=BASE, env=server.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


async def largest(file, stop):
    """The most bytes the file had until `stop`."""
    most = 0
    while not stop.is_set():
        with suppress(FileNotFoundError):
            most = max(most, file.stat().st_size)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.2)
    return most


async def test_writers_backup_and_a_long_look_wait_for_each_other(tmp_path, seconds, chance, verdict):
    backups = []
    with running(tmp_path / "data", database="", extra=SQLITE) as server:
        file = server.folder / "fangtan.sqlite3"
        stage = ledger.make(server)
        stop = asyncio.Event()
        watching = asyncio.create_task(largest(file.with_name(f"{file.name}-wal"), stop))
        async with Netizens(server.urls, stage.programme, chance, count=8, per_second=5) as netizens:
            writing = start(server, "write", WRITERS, seconds, PER_SECOND, chance.randrange(10**6))
            looking = asyncio.create_task(asyncio.to_thread(look_for, file, min(60.0, seconds / 2)))
            end = time.monotonic() + seconds
            commands = 0
            while time.monotonic() < end:
                await asyncio.to_thread(server.manage, "grant_role", stage.moderator, "editor", *["--withdraw"] * (commands % 2))
                commands += 1
                backups.append(await asyncio.to_thread(back_up, file, tmp_path / f"backup-{len(backups)}.sqlite3"))
                await asyncio.sleep(seconds / 12)
            steady = await looking
            said, _ = await asyncio.to_thread(writing.communicate)
        stop.set()
        wal = await watching
        stored = ledger.read(server, stage)
        locked = server.log.read_text().count("database is locked")
        whole = is_whole(file)
    found = json.loads(said)
    verdict(
        promise="nobody is locked out, SQLite",
        runs=len(backups) + commands + 1,
        events=found["written"] + len(netizens.receipts) + commands,
        violations={
            "locked": found["locked"] + locked,
            "other errors": found["other"] + netizens.faults.total(),
            "broken backups": backups.count(False),
            "broken file": int(not whole),
            "the long look moved": int(not steady),
            "write-ahead log above 64 MiB": int(wal > WAL_LIMIT),
        }
        | netizens.broken(stored.questions)
        | stored.broken(),
        aims={"p99_ms": (found["p99"], WRITE_MS)},
        longest_ms=found["longest"],
        wal_mib=round(wal / 2**20, 1),
    )


async def test_fifty_deaths_in_a_transaction_leave_a_whole_file(tmp_path, chance, verdict):
    committed, whole = [], []
    with running(tmp_path / "data", database="", extra=SQLITE) as server:
        file = server.folder / "fangtan.sqlite3"
        stage = ledger.make(server)
        async with Netizens(server.urls, stage.programme, chance, count=5, per_second=3) as netizens:
            dying = start(server, "die", DEATHS, chance.randrange(10**6))
            while line := await asyncio.to_thread(dying.stdout.readline):
                if line != "died\n":
                    committed.append(line.split()[1:])
                    continue
                whole.append(await asyncio.to_thread(is_whole, file))
                dying.stdin.write("\n")
                dying.stdin.flush()
            code = await asyncio.to_thread(dying.wait)
            dying.stdin.close()
            dying.stdout.close()
        stored = ledger.read(server, stage)
        locked = server.log.read_text().count("database is locked")
    there = {(topic, number) for topic, (_head, numbers) in stored.logs.items() for number in numbers}
    verdict(
        promise="deaths in a transaction, SQLite",
        runs=len(whole),
        events=len(committed) + len(netizens.receipts),
        violations={
            "broken file": whole.count(False),
            "deaths that did not happen": DEATHS - len(whole) + code,
            "committed and lost": len({(topic, int(number)) for topic, number in committed} - there),
            "committed twice": len(committed) - len({tuple(row) for row in committed}),
            "locked": locked,
        }
        | netizens.broken(stored.questions)
        | stored.broken(),
    )
