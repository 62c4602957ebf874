import socket
from contextlib import closing

import pytest

from operations import heartbeat


@pytest.fixture
def beating():
    heartbeat.beat()
    yield
    heartbeat.forget()


@pytest.mark.django_db
@pytest.mark.usefixtures("beating")
def test_all_parts_there_is_200(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "layer": "ok", "worker": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_without_a_worker_it_is_503_and_says_so(client):
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unready",
        "database": "ok",
        "layer": "ok",
        "worker": "no sign of life: is `manage.py worker` running?",
    }


@pytest.mark.usefixtures("beating")
def test_without_a_database_it_is_503_and_the_reason_is_only_in_the_log(client, caplog):
    # Not marked django_db: the suite itself refuses every statement.
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unready", "database": "failed: see the log", "layer": "ok", "worker": "ok"}
    told = [line.message for line in caplog.records if line.name == "operations.health"]
    assert told == ["health: database failed", "not ready: database: failed: see the log"]


@pytest.mark.django_db
@pytest.mark.usefixtures("beating")
@pytest.mark.parametrize("stands_still", [False, True])
def test_without_the_layer_it_is_503(client, settings, stands_still):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        if not stands_still:
            server.close()
        settings.CHANNEL_LAYERS = {
            "default": {
                "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
                "CONFIG": {"hosts": [f"redis://127.0.0.1:{port}/0?socket_timeout=0.2"]},
            }
        }
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unready", "database": "ok", "layer": "failed: see the log", "worker": "ok"}


def test_only_reading_is_answered(client):
    assert client.post("/healthz").status_code == 405
