"""What every test may ask for: see tests/server.py and tests/browser.py."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from moderation import vocabulary

pytest_plugins = ["tests.server", "tests.browser"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The test database, which PostgreSQL drops at the end only if no thread still has a connection to it."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def lists_as_they_are() -> None:
    """No test searches with the word lists of another, which were rolled back within the second."""
    vocabulary.forget()


@pytest.fixture(autouse=True)
def language_of_the_site() -> Iterator[None]:
    """Every test starts in the language of the site: the test client leaves behind the one its last request asked for."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
