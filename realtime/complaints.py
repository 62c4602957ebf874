"""How often the log is told of one trouble: once a minute, however many it befalls."""

import time

EVERY = 60.0  # seconds


class Complaints:
    """Counts what befalls readers by the thousand, when one line says it all."""

    def __init__(self) -> None:
        self._since_last = 0
        self._last = float("-inf")

    def due(self) -> int:
        """One more; returns how many there were since the last that was due, with this one, or 0 if this is not yet due."""
        self._since_last += 1
        now = time.monotonic()
        if now - self._last < EVERY:
            return 0
        count, self._last, self._since_last = self._since_last, now, 0
        return count
