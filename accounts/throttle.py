"""Locks a sign-in after repeated failures, in the database, so that every process knows."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import SignInFailure, User

# Five failures of one account from one address in a quarter of an hour lock this pair for a quarter of an hour:
# strangers elsewhere cannot lock an official out.
FAILURES, WINDOW, LOCK = 5, timedelta(minutes=15), timedelta(minutes=15)
# One address tries many accounts: twenty a minute at the most.
ADDRESS_FAILURES, ADDRESS_WINDOW = 20, timedelta(minutes=1)
KEPT = timedelta(hours=1)


def is_locked(*, username: str, address: str) -> bool:
    """Whether a sign-in of this account from this address is refused now, whatever the password."""
    now = timezone.now()
    if SignInFailure.objects.filter(address=address, at__gt=now - ADDRESS_WINDOW).count() >= ADDRESS_FAILURES:
        return True
    return _counted(username, address, since=now - LOCK) >= FAILURES


def failed(*, username: str, address: str, counted: bool) -> None:
    """Remember a failure; `counted` False for one during the lock, which must not prolong it. Forgets old ones."""
    now = timezone.now()
    SignInFailure.objects.filter(at__lt=now - KEPT).delete()
    SignInFailure.objects.create(account=_key(username), address=address, at=now, counted=counted)


def succeeded(*, username: str, address: str) -> None:
    """Forget the failures of this account from this address."""
    SignInFailure.objects.filter(Q(account=_key(username)) & Q(address=address)).delete()


def _counted(username: str, address: str, *, since: datetime) -> int:
    return SignInFailure.objects.filter(account=_key(username), address=address, at__gt=since, counted=True).count()


def _key(username: str) -> str:
    # Keyed: people type passwords into the wrong field, and this table is in every backup.
    return hmac.new(settings.SECRET_KEY.encode(), User.normalize_username(username).encode(), hashlib.sha256).hexdigest()
