"""Two to eight moderators do something with the same question at the same instant, two thousand times over."""

import json
import os
import subprocess
import sys

import pytest

from tests.server import BASE, fresh_database

# Ten minutes on an idle machine, and hours on one that is not.
pytestmark = [pytest.mark.fault("T-25"), pytest.mark.timeout(4 * 3600)]
QUESTIONS = 2_000


def decided(database, folder, chance):
    env = {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": "",
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "settings",
        # One for each moderator, and one who looks.
        "DATABASE_POOL_SIZE": "12",
    }
    words = (str(QUESTIONS), str(chance.randrange(10**6)))
    said = subprocess.run([sys.executable, "-m", "tests.faults.deciding", *words], cwd=BASE, env=env, check=True, stdout=subprocess.PIPE)
    return json.loads(said.stdout)


def judged(verdict, found, database):
    print("\n".join(found["wrong"][:20]))
    assert found["questions"] == QUESTIONS
    verdict(
        promise=f"of those who decide at once one wins, the others are told who ({database})",
        runs=found["questions"],
        events=found["attempts"],
        violations={
            "wrong": len(found["wrong"]),
            "untold": sum(found["told"].values()) - found["told"]["done"] - found["told"]["conflict"],
        },
        **found["told"],
        raced_seconds=found["seconds"],
    )


def test_of_many_who_decide_at_once_one_wins_on_sqlite(tmp_path, chance, verdict):
    judged(verdict, decided(f"sqlite:///{tmp_path / 'deciding.sqlite3'}", tmp_path, chance), "SQLite")


def test_of_many_who_decide_at_once_one_wins_on_postgresql(tmp_path, chance, postgres, verdict):
    with fresh_database(postgres.url) as database:
        judged(verdict, decided(database, tmp_path, chance), "PostgreSQL")
