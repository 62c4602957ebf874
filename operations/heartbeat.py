"""The worker's sign of life, kept where both the worker and the web processes can see it."""

import time

from huey.contrib.djhuey import HUEY

KEY = "fangtan.heartbeat"
# The worker writes once a minute; one beat may be late behind a long task.
FRESH_SECONDS = 150


def beat() -> None:
    """Say that the worker is alive now."""
    HUEY.storage.put_data(KEY, str(time.time()).encode("ascii"))


def forget() -> None:
    """Say that the worker has stopped, so that nobody waits for it until the last beat is stale."""
    HUEY.storage.pop_data(KEY)


def age() -> float | None:
    """Return the seconds since the last beat, or None if there was none."""
    value = HUEY.storage.peek_data(KEY)
    return max(0.0, time.time() - float(value)) if isinstance(value, bytes) else None


def is_fresh() -> bool:
    """Say whether a worker has been alive lately."""
    seconds = age()
    return seconds is not None and seconds <= FRESH_SECONDS
