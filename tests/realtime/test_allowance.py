"""Twenty at once, ten a second."""

from hypothesis import given
from hypothesis import strategies as some

from realtime.allowance import BURST, RATE, Allowance


def test_a_burst_is_allowed_and_one_more_is_not() -> None:
    allowance = Allowance(since=0.0)
    assert [allowance.take(0.0) for _ in range(21)] == [True] * 20 + [False]


def test_a_larger_one_holds_more_and_fills_faster() -> None:
    allowance = Allowance(since=0.0, rate=100.0, burst=200.0)
    assert [allowance.take(0.0) for _ in range(201)] == [True] * 200 + [False]
    assert [allowance.take(0.02) for _ in range(3)] == [True, True, False]


def test_it_fills_with_time_and_not_beyond_the_burst() -> None:
    allowance = Allowance(since=0.0)
    for _ in range(20):
        allowance.take(0.0)
    assert [allowance.take(0.1), allowance.take(0.1)] == [True, False]
    assert [allowance.take(1000.0) for _ in range(21)] == [True] * 20 + [False]


def test_who_was_quiet_is_untouched() -> None:
    allowance = Allowance(since=0.0)
    for _ in range(5):
        allowance.take(0.0)
    assert not allowance.untouched
    allowance.take(10.0)
    assert allowance.untouched


@given(some.lists(some.floats(0, 3), max_size=200))
def test_never_more_than_the_burst_and_the_rate(pauses: list[float]) -> None:
    allowance, now, taken = Allowance(since=0.0), 0.0, 0
    for pause in pauses:
        now += pause
        taken += allowance.take(now)
        assert taken <= BURST + RATE * now + 1e-6
