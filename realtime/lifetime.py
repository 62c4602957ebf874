"""How long a socket may stay: not without a topic, and not for ever."""

import random
import time

IDLE = 10.0  # seconds without a topic and without anything under way
# Seconds; long enough for any interview. What a socket of weeks may have caught (a rule that changed, a server that is
# to be emptied) ends with it.
LONGEST = 4 * 3600.0
BY_CHANCE = 0.2  # the share of LONGEST by which it is more or less, so that readers who came together do not go together


class Lifetime:
    """One socket's. `with lifetime:` says that something is being done for it. `now` is time.monotonic()."""

    __slots__ = ("_at_work", "_ends", "_idle_since")

    def __init__(self, now: float) -> None:
        self._at_work = False
        self._idle_since = now
        self._ends = now + LONGEST * random.uniform(1 - BY_CHANCE, 1 + BY_CHANCE)  # noqa: S311  nothing secret about it

    def __enter__(self) -> None:
        self._at_work = True

    def __exit__(self, *_error: object) -> None:
        self._at_work = False
        self._idle_since = time.monotonic()

    @property
    def at_work(self) -> bool:
        """Whether something is being done for it."""
        return self._at_work

    def idle(self, now: float, *, joined: bool) -> bool:
        """Whether it has been of no use for too long; `joined` says whether it follows a topic now."""
        if joined or self._at_work:
            self._idle_since = now
        return now - self._idle_since > IDLE

    def over(self, now: float) -> bool:
        """Whether it has lived long enough, and is not in the middle of something."""
        return now >= self._ends and not self._at_work
