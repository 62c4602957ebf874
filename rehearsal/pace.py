"""Script time: seconds from the opening, faster or slower than the clock on the wall."""

import asyncio
import time


class Pace:
    """Waits until script seconds; at `speed` 60 a minute of the script takes a second, at 0 nothing is waited for."""

    def __init__(self, speed: float, *, begun: float = 0.0) -> None:
        """`begun`: how many script seconds have passed already."""
        self.speed = speed
        self._begun = begun / speed if speed else 0.0
        self.open()

    def open(self) -> None:
        """The interview opens now, or goes on where it had begun."""
        self._zero = time.monotonic() - self._begun

    async def until(self, at: float) -> None:
        """Return at script second `at`; at once when it is past or before the opening."""
        if self.speed and at > 0:
            await asyncio.sleep(max(0.0, self._zero + at / self.speed - time.monotonic()))
