"""System checks for settings that fail late and quietly."""

from typing import Any

import limits
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from accounts.addresses import UNIX_SOCKET, network


@register()
def connections_are_given_back(**_: Any) -> list[CheckMessage]:
    """Refuse CONN_MAX_AGE above 0: under ASGI every request's thread would keep a connection for ever."""
    if settings.DATABASES["default"].get("CONN_MAX_AGE") == 0:
        return []
    return [
        Error(
            f"CONN_MAX_AGE is {settings.DATABASES['default'].get('CONN_MAX_AGE')!r}, expected 0.",
            hint="Under ASGI kept connections leak. Remove conn_max_age from DATABASE_URL.",
            id="operations.E001",
        )
    ]


@register()
def sqlite_locks_at_once(**_: Any) -> list[CheckMessage]:
    """Refuse SQLite's deferred transactions: a reader turning writer fails at once, whatever the timeout."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    if database.get("OPTIONS", {}).get("transaction_mode") == "IMMEDIATE":
        return []
    return [
        Error(
            "SQLite is used without transaction_mode IMMEDIATE.",
            hint="Set OPTIONS['transaction_mode'] = 'IMMEDIATE' in settings.py.",
            id="operations.E002",
        )
    ]


@register()
def proxies_are_addresses(**_: Any) -> list[CheckMessage]:
    """Refuse what is neither an address nor a network among the trusted proxies: it would fail at the first request."""
    return [
        Error(
            f"TRUSTED_PROXIES holds {proxy!r}, expected addresses, networks or {UNIX_SOCKET!r}.",
            hint="For example TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8",
            id="operations.E003",
        )
        for proxy in settings.TRUSTED_PROXIES
        if proxy != UNIX_SOCKET and not _is_network(proxy)
    ]


@register()
def limits_are_readable(**_: Any) -> list[CheckMessage]:
    """Refuse limits of asking that cannot be read: every question would fail."""
    return [
        Error(
            f"{name} holds {limit!r}, expected an amount and a period.",
            hint=f"For example {name}=5/10 minutes,30/day",
            id="operations.E004",
        )
        for name in (f"{what}_LIMITS_PER_{whom}" for what in ("ASK", "SUPPORT", "SIMILAR") for whom in ("VISITOR", "ADDRESS"))
        for limit in getattr(settings, name)
        if not _is_limit(limit)
    ]


@register()
def polling_is_no_load(**_: Any) -> list[CheckMessage]:
    """Refuse an interval of polling that would be a flood, or none: every page without a socket obeys it."""
    if 1 <= settings.POLL_SECONDS <= 300:
        return []
    return [
        Error(
            f"POLL_SECONDS is {settings.POLL_SECONDS!r}, expected 1 to 300 seconds.",
            hint="An answer is kept for one second by caches; asking more often brings nothing new.",
            id="operations.E005",
        )
    ]


def _is_limit(text: str) -> bool:
    try:
        limits.parse(text)
    except ValueError:
        return False
    return True


def _is_network(text: str) -> bool:
    try:
        network(text)
    except ValueError:
        return False
    return True
