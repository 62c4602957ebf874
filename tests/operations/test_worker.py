"""The worker is tried as it runs: a process of its own, beside a web server."""

import signal
import time

import httpx
import pytest


def health(server):
    return httpx.get(f"{server.url}/healthz").json()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_shows_that_it_lives_and_when_it_has_stopped(own_server, number):
    assert health(own_server)["worker"] == "ok"
    worker = own_server.worker
    worker.send_signal(number)
    assert worker.wait(60) == 0
    assert health(own_server)["worker"] == "no sign of life: is `manage.py worker` running?"
    assert own_server.errors() == []


def test_a_sign_of_life_lost_with_its_storage_comes_back_by_itself(own_server):
    own_server.manage("shell", "-c", "from operations import heartbeat; heartbeat.forget()")
    deadline = time.monotonic() + 120
    while health(own_server)["worker"] != "ok" and time.monotonic() < deadline:
        time.sleep(0.5)
    assert health(own_server)["worker"] == "ok"
    assert own_server.errors() == []
