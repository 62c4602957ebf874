"""A lease is over by the clock."""

import time_machine
from django.utils import timezone

from moderation.models import LEASE_SPAN, Lease


def test_a_lease_holds_until_its_time_is_over():
    with time_machine.travel("2010-07-30T15:00:00+08:00", tick=False) as clock:
        lease = Lease(until=timezone.now())
        assert lease.holds is False
        clock.shift(-1)
        assert lease.holds is True


def test_a_lease_of_a_clock_that_is_ahead_holds_nothing():
    with time_machine.travel("2010-07-30T15:00:00+08:00", tick=False) as clock:
        lease = Lease(until=timezone.now() + LEASE_SPAN)
        clock.shift(-LEASE_SPAN)
        assert lease.holds is True
        clock.shift(-3600)
        assert lease.holds is False
