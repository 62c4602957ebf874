"""Locks a sign-in after repeated failures, in the database, so that every process knows."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.utils import timezone

from accounts.addresses import sender_of
from accounts.models import SignInFailure, User

# Five failures of one account from one address in a quarter of an hour lock this pair for a quarter of an hour:
# strangers elsewhere cannot lock an official out.
FAILURES, WINDOW, LOCK = 5, timedelta(minutes=15), timedelta(minutes=15)
# One address tries many accounts: twenty a minute at the most.
ADDRESS_FAILURES, ADDRESS_WINDOW = 20, timedelta(minutes=1)
KEPT = timedelta(hours=1)


class Verdict(Enum):
    """What to do with an attempt. FLOODED tells nothing about any account, so no password need be tried for its sake."""

    OPEN = "open"
    LOCKED = "locked"
    FLOODED = "flooded"


@dataclass(frozen=True)
class Attempt:
    """A sign-in that is under way; until succeeded() it stands in the table as a failure."""

    verdict: Verdict
    account: str
    sender: str


def begin(*, username: str, address: str) -> Attempt:
    """Remember an attempt and judge it; forget what is older than an hour.

    Written first, then counted: however many come at once, no more than FAILURES passwords are looked at. An attempt during
    the lock does not prolong it, and one in a flood is not written at all.
    """
    now, account, sender = timezone.now(), _key(username), sender_of(address)
    SignInFailure.objects.filter(at__lt=now - KEPT).delete()
    recent = SignInFailure.objects.filter(address=sender, at__gt=now - ADDRESS_WINDOW)
    if recent.count() >= ADDRESS_FAILURES:
        return Attempt(Verdict.FLOODED, account, sender)
    failure = SignInFailure.objects.create(account=account, address=sender, at=now)
    if not _is_locked(failure):
        return Attempt(Verdict.OPEN, account, sender)
    SignInFailure.objects.filter(pk=failure.pk).update(counted=False)
    return Attempt(Verdict.LOCKED, account, sender)


def succeeded(attempt: Attempt) -> None:
    """Forget the failures of this account from this address."""
    SignInFailure.objects.filter(account=attempt.account, address=attempt.sender).delete()


def _is_locked(failure: SignInFailure) -> bool:
    earlier = SignInFailure.objects.filter(account=failure.account, address=failure.address, counted=True).exclude(pk=failure.pk)
    times = list(earlier.order_by("-at").values_list("at", flat=True)[:FAILURES])
    return len(times) == FAILURES and times[0] - times[-1] < WINDOW and failure.at - times[0] < LOCK


def _key(username: str) -> str:
    # Keyed: people type passwords into the wrong field, and this table is in every backup.
    return hmac.new(settings.SECRET_KEY.encode(), User.normalize_username(username).encode(), hashlib.sha256).hexdigest()
