"""Transactions commit in another order than they began in: who reads by the engine's numbers misses nothing, by a serial column much."""

import json
import os
import subprocess
import sys

import pytest

from tests.server import BASE, fresh_database

pytestmark = pytest.mark.fault("T-20")


def written_and_read(url, variant, seconds, chance, folder):
    with fresh_database(url) as database:
        env = {
            **os.environ,
            "DATABASE_URL": database,
            "REDIS_URL": "",
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "settings",
            # One for each writer and reader.
            "DATABASE_POOL_SIZE": "30",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=BASE, env=env, check=True)
        words = (variant, str(seconds), str(chance.randrange(10**6)))
        said = subprocess.run([sys.executable, "-m", "tests.faults.ordering", *words], cwd=BASE, env=env, check=True, capture_output=True)
    return json.loads(said.stdout)


def test_readers_of_the_log_skip_nothing(tmp_path, seconds, chance, postgres, verdict):
    found = written_and_read(postgres.url, "right", seconds, chance, tmp_path)
    violations = {what: found[what] for what in ("skipped", "out_of_order", "holes")}
    verdict(promise="numbers become visible in their order", runs=1, events=found["events"], violations=violations)


def test_the_same_test_finds_a_serial_column_out(tmp_path, seconds, chance, postgres, verdict):
    found = written_and_read(postgres.url, "wrong", min(seconds, 15), chance, tmp_path)
    verdict(
        promise="a serial column is found out",
        runs=1,
        # It is the test that is tested, once.
        events=1,
        violations={"not found out": int(found["skipped"] == 0)},
        written=found["events"],
        skipped=found["skipped"],
    )
