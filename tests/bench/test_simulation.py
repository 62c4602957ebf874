"""Chance from a seed: the same every time, and near to what arithmetic says where arithmetic knows."""

import pytest

from bench.capacity.model import Audience, reached
from bench.capacity.simulation import Return, come_back, let_through, wait_p99


@pytest.mark.parametrize(("readers", "every", "caches"), [(1, 2.0, 1), (100, 2.0, 1), (10_000, 2.0, 1), (5_000, 10.0, 200)])
def test_caches_let_through_what_is_reckoned(readers, every, caches):
    passed = let_through(readers=readers, every=every, caches=caches, seconds=3_000, seed=1)
    assert passed == pytest.approx(reached(Audience(name="", readers=readers, polling=1.0, every=every, caches=caches)), rel=0.05)


def test_the_same_seed_gives_the_same_and_another_another():
    runs = [let_through(readers=10, every=2.0, caches=3, seconds=500, seed=seed) for seed in (1, 1, 2)]
    assert (runs[0] == runs[1], runs[0] == runs[2]) == (True, False)


def test_who_comes_back_to_a_fast_process_does_not_wait():
    back = come_back(readers=100, within=15.0, handshakes=1e9, seed=1)
    assert (back.waiting, back.seconds < 15.0) == (1, True)


def test_who_comes_back_to_a_slow_process_waits_for_all_handshakes():
    back = come_back(readers=1_000, within=0.0, handshakes=100.0, seed=1)
    assert back == Return(pytest.approx(10.0), 1_000)


def test_who_comes_back_takes_turns_unless_too_many_come():
    some, many = [come_back(readers=readers, within=0.0, handshakes=1e9, seed=1, turns=180.0, turn_within=6.0) for readers in (900, 9_000)]
    assert (some, many) == (Return(pytest.approx(5.0), 900), Return(pytest.approx(6.0), 9_000))


def test_a_rare_event_waits_for_nothing_but_its_own_round():
    assert wait_p99(events=1e-6, service=0.2, count=1_000, seed=1) == pytest.approx(0.2)


def test_what_piles_up_goes_out_in_one_round_however_much_it_is():
    # Fifty events in the time of one round: each waits for the end of that round, and for its own.
    assert 0.2 < wait_p99(events=250.0, service=0.2, count=5_000, seed=1) <= 0.4
