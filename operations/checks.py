"""System checks for settings that fail late and quietly."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


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
