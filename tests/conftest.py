"""What every test may ask for: see tests/server.py and tests/browser.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from moderation import vocabulary
from realtime.doorbell import doorbell
from realtime.hints import Hint

TESTS = Path(__file__).resolve().parent
pytest_plugins = ["tests.server", "tests.browser"]

# What neither database nor layer can change: plain Python, files, and servers and commands that bring their own SQLite. There, what
# does not ask for the database is marked "once", and left out when the suite runs on the second set of servers.
ONCE = (
    "archive/test_shelf.py",
    "bench/",
    "interview/test_pictures.py",
    "moderation/screening/",
    "moderation/test_lexicon.py",
    "moderation/test_shingles.py",
    "operations/servers/",
    "operations/test_bootstrap.py",
    "operations/test_serve_command.py",
    "operations/test_supervisor.py",
    "organisations/test_table.py",
    "realtime/test_admission.py",
    "realtime/test_asyncapi.py",
    "realtime/test_protocol.py",
    "realtime/test_replay.py",
    "realtime/test_session.py",
    "rehearsal/test_script.py",
    "test_commands.py",
    "test_docs.py",
    "test_layout.py",
    "test_look.py",
    "test_translations.py",
)
# Who asks for one of these talks to the database or the layer.
SETS = {"db", "transactional_db", "server", "own_server"}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what is run once; whoever talks to a database or a layer runs on both sets. Long files come first."""
    for item in items:
        asks = item.get_closest_marker("django_db") or SETS & set(getattr(item, "fixturenames", ()))
        if item.path.relative_to(TESTS).as_posix().startswith(ONCE) and not asks:
            item.add_marker("once")
    yield
    # What needs no test database waits for browsers, servers and programs, or reckons for long. At the end no process shall be left
    # alone with it.
    short = {item.path for item in items if item.get_closest_marker("django_db")}
    items.sort(key=lambda item: item.path in short)


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


@pytest.fixture
def heard() -> Iterator[list[Hint]]:
    """What the bell of this process rings with from now on."""
    hints: list[Hint] = []
    doorbell.listen(hints.append)
    yield hints
    doorbell.forget(hints.append)
