from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts import throttle
from accounts.models import SignInFailure
from accounts.throttle import ADDRESS_FAILURES, FAILURES, KEPT, LOCK, Verdict

OPEN, LOCKED, FLOODED = Verdict.OPEN, Verdict.LOCKED, Verdict.FLOODED


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def verdicts(times, *, username="li", address="192.0.2.1"):
    return [throttle.begin(username=username, address=address).verdict for _ in range(times)]


@pytest.mark.django_db
def test_the_sixth_attempt_is_locked_and_its_neighbours_are_not(clock):
    assert verdicts(FAILURES + 2) == [OPEN] * FAILURES + [LOCKED] * 2
    assert verdicts(1, username="wang") == [OPEN]
    assert verdicts(1, address="192.0.2.2") == [OPEN]


@pytest.mark.django_db
def test_the_lock_lasts_its_time_from_the_last_failure_and_no_attempt_prolongs_it(clock):
    for _ in range(FAILURES):
        assert verdicts(1) == [OPEN]
        clock.shift(timedelta(minutes=3))
    clock.shift(LOCK - timedelta(minutes=3, seconds=1))
    assert verdicts(1) == [LOCKED]
    clock.shift(timedelta(seconds=1))
    assert verdicts(1) == [OPEN]


@pytest.mark.django_db
def test_failures_far_apart_do_not_lock(clock):
    for _ in range(3 * FAILURES):
        assert verdicts(1) == [OPEN]
        clock.shift(timedelta(minutes=4))


@pytest.mark.django_db
def test_after_the_lock_five_more_are_free_and_then_it_locks_again(clock):
    verdicts(FAILURES)
    clock.shift(LOCK)
    assert verdicts(FAILURES + 1) == [OPEN] * FAILURES + [LOCKED]


@pytest.mark.django_db
def test_success_forgets_the_failures_of_this_account_from_this_address_only(clock):
    verdicts(FAILURES, username="wang")
    verdicts(FAILURES - 1)
    throttle.succeeded(throttle.begin(username="li", address="192.0.2.1"))
    assert verdicts(FAILURES) == [OPEN] * FAILURES
    assert verdicts(1, username="wang") == [LOCKED]


@pytest.mark.django_db
def test_every_spelling_is_the_same_account(clock):
    found = [throttle.begin(username=name, address="192.0.2.1").verdict for name in ("li", "LI", " li ", "ｌｉ", "Li", "li")]
    assert found == [OPEN] * 5 + [LOCKED]


@pytest.mark.django_db
def test_an_address_floods_until_its_minute_is_over_and_a_flood_is_not_stored(clock):
    flood = [throttle.begin(username=f"user{number}", address="192.0.2.1").verdict for number in range(ADDRESS_FAILURES + 30)]
    assert flood == [OPEN] * ADDRESS_FAILURES + [FLOODED] * 30
    assert SignInFailure.objects.count() == ADDRESS_FAILURES
    clock.shift(timedelta(minutes=1))
    assert verdicts(1) == [OPEN]


@pytest.mark.django_db
def test_a_household_of_ipv6_addresses_is_one_sender(clock):
    found = [throttle.begin(username="li", address=f"2001:db8:1:2::{number}").verdict for number in range(FAILURES + 1)]
    assert found == [OPEN] * FAILURES + [LOCKED]
    assert verdicts(1, address="2001:db8:1:3::1") == [OPEN]


@pytest.mark.django_db
def test_old_failures_are_forgotten(clock):
    verdicts(3)
    clock.shift(KEPT + timedelta(seconds=1))
    verdicts(1, username="wang")
    assert SignInFailure.objects.count() == 1


@pytest.mark.django_db
def test_what_was_typed_as_username_is_not_stored():
    verdicts(1, username="a password in the wrong field")
    assert "password" not in str(SignInFailure.objects.values())


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_no_more_than_the_lock_allows():
    together = Barrier(12)

    def guess(number):
        try:
            together.wait()
            return throttle.begin(username="li", address="192.0.2.1").verdict
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(guess, range(12)))
    assert found.count(OPEN) <= FAILURES
    assert set(found) <= {OPEN, LOCKED}
