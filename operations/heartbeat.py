"""The worker's sign of life, kept where both the worker and the web processes can see it."""

import secrets
import time

from huey.contrib.djhuey import HUEY

KEY = "fangtan.heartbeat"
# The worker writes once a minute; one beat may be late behind a long task.
FRESH_SECONDS = 150

# The newest beat this process has seen, and when it saw it first.
_newest: tuple[bytes | None, float] = (None, 0.0)


def beat() -> None:
    """Say that the worker is alive now."""
    # No time: the clock of the worker's machine is not that of whoever looks, and either may be set.
    HUEY.storage.put_data(KEY, secrets.token_bytes(8))


def forget() -> None:
    """Say that the worker has stopped, so that nobody waits for it until the last beat is stale."""
    HUEY.storage.pop_data(KEY)


def age() -> float | None:
    """Return for how many seconds this process has known the last beat, or None if there is none.

    A beat that is seen for the first time is new, however old it is: a worker that died unseen is missed FRESH_SECONDS later.
    """
    global _newest  # noqa: PLW0603  what a process has seen is one thing for all its threads
    value = HUEY.storage.peek_data(KEY)
    if not isinstance(value, bytes):
        return None
    now = time.monotonic()
    if value != _newest[0]:
        _newest = value, now
    return now - _newest[1]


def is_fresh() -> bool:
    """Say whether a worker has been alive lately."""
    seconds = age()
    return seconds is not None and seconds <= FRESH_SECONDS
