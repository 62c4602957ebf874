from django.conf import settings

from operations.checks import connections_are_given_back, sqlite_locks_at_once


def test_our_settings_pass():
    assert [*connections_are_given_back(), *sqlite_locks_at_once()] == []


def test_kept_connections_are_refused(monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "CONN_MAX_AGE", 60)
    assert [error.id for error in connections_are_given_back()] == ["operations.E001"]


def test_deferred_sqlite_transactions_are_refused(monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {})
    assert [error.id for error in sqlite_locks_at_once()] == ["operations.E002"]
