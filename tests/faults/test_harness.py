"""The harness itself: several web processes, each killed and back; PostgreSQL and Valkey that come back with what they had."""

import httpx
import psycopg
import pytest
import redis

from tests.server import running

pytestmark = pytest.mark.fault("T-00")


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def test_what_is_killed_comes_back(tmp_path, postgres, valkey, verdict):
    with running(tmp_path / "data", webs=2, database=postgres.url, extra={"REDIS_URL": valkey.url}) as server:
        server.kill_web(1)
        assert [answers(url) for url in server.urls] == [True, False]
        server.start_web(1)
        postgres.restart("immediate")
        server.until_ready()
        assert [answers(url) for url in server.urls] == [True, True]
        postgres.kill()
        with pytest.raises(psycopg.OperationalError):
            postgres.connect()
        postgres.start()
        server.until_ready()
        with postgres.connect() as connection:
            names = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'server_%'").fetchone()
        assert names == (1,)
        valkey.kill()
        with pytest.raises(redis.exceptions.ConnectionError):
            redis.Redis.from_url(valkey.url).ping()
        valkey.start()
        assert redis.Redis.from_url(valkey.url).ping()
    verdict(promise="the harness breaks and mends what it says", runs=1, events=4)
