"""A command dies while it migrates and while it prunes a log: run once more it does the rest, and nobody mends anything."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

from tests.faults.points import EXIT_CODE, MIGRATING, PRUNING
from tests.server import BASE, fresh_database

pytestmark = pytest.mark.fault("T-02")

# What a command does, in a process that knows the points.
_BEGIN = "import tests.faults.crashing\nfrom django.core.management import call_command\nfrom realtime import log, publishing\n"
_MIGRATE = "call_command('migrate', verbosity=0)"
_TABLES = """
import json
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
with connection.cursor() as cursor:
    names = sorted(connection.introspection.table_names(cursor))
    tables = {name: sorted(column.name for column in connection.introspection.get_table_description(cursor, name)) for name in names}
    keys = {name: sorted(connection.introspection.get_constraints(cursor, name)) for name in names}
print(json.dumps([tables, keys, sorted(map(list, MigrationRecorder(connection).applied_migrations()))]))
"""
_PUBLISH = """
from django.db import transaction
with transaction.atomic():
    for _ in range({count}):
        publishing.publish(topic="pruned:1", kind="pruned", data={{}})
"""
_PRUNE = "log.prune(topic='pruned:1', up_to=20)"
_NUMBERS = "print(log.head('pruned:1').number, *(record.number for record in log.since(topic='pruned:1', after=0, limit=100)))"


class Shell:
    """Runs programs on one database, each in a process of its own that ends where it is told."""

    def __init__(self, folder, database_url):
        folder.mkdir()
        self.file = folder / "point"
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.crashing_settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'fangtan.sqlite3'}",
            "REDIS_URL": "",
            "FAULT_FILE": str(self.file),
        }

    def run(self, program):
        """What it prints; fails the test if it fails."""
        done = self._done(program)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def die_at(self, point, program):
        """The exit code of a process that dies there."""
        self.file.write_text(point)
        try:
            return self._done(program).returncode
        finally:
            self.file.unlink()

    def _done(self, program):
        return subprocess.run([sys.executable, "-c", _BEGIN + program], cwd=BASE, env=self.env, capture_output=True, text=True, check=False)


def _migrated(shell):
    shell.run(_MIGRATE)
    return json.loads(shell.run(_TABLES))


def _play(verdict, databases, *, promise):
    """`databases` makes one more empty database, and returns what runs programs on it."""
    wrong, left, runs = [], 0, 0
    whole = databases()
    right = _migrated(whole)
    for point in MIGRATING:
        shell = databases()
        code = shell.die_at(point, _MIGRATE)
        runs += 1
        if code != EXIT_CODE:
            wrong.append((point, code))
        left += _migrated(shell) != right
    whole.run(_PUBLISH.format(count=30))
    numbers = list(range(1, 31))
    for point in PRUNING:
        code = whole.die_at(point, _PRUNE)
        runs += 1
        numbers = numbers[20:] if point == "after commit" else numbers
        if code != EXIT_CODE or whole.run(_NUMBERS).split() != [str(number) for number in (30, *numbers)]:
            wrong.append((point, code))
    whole.run(_PRUNE)
    whole.run(_PUBLISH.format(count=1))
    if whole.run(_NUMBERS).split() != [str(number) for number in (31, *numbers, 31)]:
        wrong.append("the log goes on otherwise")
    verdict(promise=promise, runs=runs, events=runs, violations={"commands": len(wrong), "tables that differ": left}, wrong=str(wrong))


def test_on_sqlite_a_command_that_died_is_run_once_more(tmp_path, verdict):
    _play(verdict, lambda: Shell(tmp_path / str(len(list(tmp_path.iterdir()))), ""), promise="crash points of commands, SQLite")


def test_on_postgresql_a_command_that_died_is_run_once_more(tmp_path, postgres, verdict):
    with ExitStack() as made:

        def another():
            return Shell(tmp_path / str(len(list(tmp_path.iterdir()))), made.enter_context(fresh_database(postgres.url)))

        _play(verdict, another, promise="crash points of commands, PostgreSQL")
