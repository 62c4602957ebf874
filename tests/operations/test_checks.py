import pytest
from django.conf import settings

from operations.checks import (
    connections_are_given_back,
    limits_are_readable,
    polling_is_no_load,
    proxies_are_addresses,
    sqlite_locks_at_once,
)


def test_our_settings_pass():
    checks = (connections_are_given_back, limits_are_readable, polling_is_no_load, proxies_are_addresses, sqlite_locks_at_once)
    assert [error for check in checks for error in check()] == []


def test_kept_connections_are_refused(monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "CONN_MAX_AGE", 60)
    assert [error.id for error in connections_are_given_back()] == ["operations.E001"]


def test_deferred_sqlite_transactions_are_refused(monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {})
    assert [error.id for error in sqlite_locks_at_once()] == ["operations.E002"]


def test_a_number_of_proxies_is_refused(monkeypatch):
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32", "unix", "1", "proxy.example"])
    assert [error.msg.split(",")[0] for error in proxies_are_addresses()] == [
        "TRUSTED_PROXIES holds '1'",
        "TRUSTED_PROXIES holds 'proxy.example'",
    ]


def test_a_limit_that_cannot_be_read_is_refused(monkeypatch):
    monkeypatch.setattr(settings, "ASK_LIMITS_PER_VISITOR", ["1/10 seconds", "often"])
    monkeypatch.setattr(settings, "ASK_LIMITS_PER_ADDRESS", ["60"])
    assert [error.msg for error in limits_are_readable()] == [
        "ASK_LIMITS_PER_VISITOR holds 'often', expected an amount and a period.",
        "ASK_LIMITS_PER_ADDRESS holds '60', expected an amount and a period.",
    ]


@pytest.mark.parametrize("seconds", [0.0, -1.0, 0.9, 301.0, float("nan"), float("inf")])
def test_polling_too_often_or_never_is_refused(monkeypatch, seconds):
    monkeypatch.setattr(settings, "POLL_SECONDS", seconds)
    assert [error.id for error in polling_is_no_load()] == ["operations.E005"]
