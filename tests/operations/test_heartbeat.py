import time

import pytest

from operations import heartbeat


@pytest.fixture(autouse=True)
def silence():
    heartbeat.forget()
    yield
    heartbeat.forget()


@pytest.fixture
def now(monkeypatch):
    """The monotonic clock, to be set."""
    now = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_before_the_first_beat_there_is_no_age():
    assert heartbeat.age() is None
    assert not heartbeat.is_fresh()


def test_a_beat_is_fresh_until_two_are_missed(now):
    heartbeat.beat()
    assert heartbeat.age() == 0
    now[0] += heartbeat.FRESH_SECONDS
    assert heartbeat.age() == pytest.approx(heartbeat.FRESH_SECONDS)
    assert heartbeat.is_fresh()
    now[0] += 1
    assert not heartbeat.is_fresh()
    heartbeat.beat()
    assert heartbeat.is_fresh()


@pytest.mark.parametrize("hours", [25, 1, -1, -25])
def test_a_clock_that_is_set_or_differs_from_the_workers_says_nothing(time_machine, hours):
    heartbeat.beat()
    assert heartbeat.is_fresh()
    time_machine.move_to(time.time() + hours * 3600)
    assert heartbeat.is_fresh()


@pytest.mark.parametrize("hours", [0, 25, -25])
def test_a_dead_worker_is_missed_whatever_the_clock_says(time_machine, now, hours):
    heartbeat.beat()
    assert heartbeat.is_fresh()
    time_machine.move_to(time.time() + hours * 3600)
    now[0] += heartbeat.FRESH_SECONDS + 1
    assert not heartbeat.is_fresh()


def test_a_worker_that_stopped_is_not_waited_for():
    heartbeat.beat()
    heartbeat.forget()
    assert not heartbeat.is_fresh()
