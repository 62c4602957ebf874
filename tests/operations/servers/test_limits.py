"""Deadlines: for who does not read, and for who does not send."""

import asyncio

import pytest

from operations.servers import limits
from operations.servers.limits import Arrival, Gate


@pytest.fixture
def hurry(monkeypatch):
    for name in ("WRITE_SECONDS", "HEAD_SECONDS", "BODY_SECONDS"):
        monkeypatch.setattr(limits, name, 0.05)


async def test_a_gate_that_stays_shut_cuts_off(hurry):
    cut = asyncio.Event()
    gate = Gate(cut.set)
    gate.shut()
    assert gate.is_shut
    await asyncio.wait_for(cut.wait(), 10)


async def test_a_gate_that_opens_lets_all_pass_and_cuts_nobody_off(hurry):
    calls = []
    gate = Gate(lambda: calls.append("cut"))
    gate.shut()
    gate.shut()
    passing = [asyncio.create_task(gate.passed()) for _ in range(3)]
    await asyncio.sleep(0)
    assert [task.done() for task in passing] == [False] * 3
    gate.open()
    await asyncio.gather(*passing)
    await asyncio.sleep(0.1)
    assert (gate.is_shut, calls) == (False, [])


async def test_who_waits_at_a_gate_that_shuts_again_goes_on_waiting():
    gate = Gate(lambda: None)
    gate.shut()
    passing = asyncio.create_task(gate.passed())
    await asyncio.sleep(0)
    gate.open()
    gate.shut()
    await asyncio.sleep(0)
    assert not passing.done()
    gate.open()
    await passing


async def test_a_cancelled_wait_harms_nobody_else():
    gate = Gate(lambda: None)
    gate.shut()
    first, second = (asyncio.create_task(gate.passed()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    gate.open()
    await second
    assert first.cancelled() or first.cancelling()


async def test_headers_that_do_not_end_are_late(hurry):
    late = asyncio.Event()
    arrival = Arrival(late.set)
    arrival.head()
    arrival.received += 1_000_000
    arrival.head()
    await asyncio.wait_for(late.wait(), 10)


async def test_a_request_that_is_complete_is_not_late(hurry):
    calls = []
    arrival = Arrival(lambda: calls.append("late"))
    arrival.head()
    arrival.body()
    arrival.done()
    await asyncio.sleep(0.1)
    assert calls == []


@pytest.mark.parametrize(("brought", "excused", "is_late"), [(0, False, True), (limits.BODY_PROGRESS, False, False), (0, True, False)])
async def test_a_body_must_come_on_unless_nobody_reads_it(monkeypatch, brought, excused, is_late):
    calls = []
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    arrival = Arrival(lambda: calls.append("late"), excused=lambda: excused)
    arrival.body()
    arrival.received += brought
    arrival.body()
    # The first look comes soon, and the second never.
    monkeypatch.setattr(limits, "BODY_SECONDS", 60.0)
    await asyncio.sleep(0.08)
    assert (calls == ["late"]) is is_late
    arrival.done()


def test_a_socket_may_send_ten_frames_for_each_message_it_may_send():
    allowance = limits.frames(0.0)
    assert [allowance.take(0.0) for _ in range(201)] == [True] * 200 + [False]
    assert sum(allowance.take(1.0) for _ in range(201)) == 100
