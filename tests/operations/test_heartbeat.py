import pytest

from operations import heartbeat


@pytest.fixture(autouse=True)
def silence():
    heartbeat.forget()
    yield
    heartbeat.forget()


def test_before_the_first_beat_there_is_no_age():
    assert heartbeat.age() is None
    assert not heartbeat.is_fresh()


def test_a_beat_is_fresh_until_two_are_missed(time_machine):
    time_machine.move_to("2010-07-14T15:00:00+08:00", tick=False)
    heartbeat.beat()
    time_machine.shift(heartbeat.FRESH_SECONDS)
    assert heartbeat.age() == heartbeat.FRESH_SECONDS
    assert heartbeat.is_fresh()
    time_machine.shift(1)
    assert not heartbeat.is_fresh()


def test_a_clock_set_back_does_not_make_a_beat_stale(time_machine):
    time_machine.move_to("2010-07-14T15:00:00+08:00", tick=False)
    heartbeat.beat()
    time_machine.shift(-3600)
    assert heartbeat.age() == 0


def test_a_worker_that_stopped_is_not_waited_for():
    heartbeat.beat()
    heartbeat.forget()
    assert not heartbeat.is_fresh()
