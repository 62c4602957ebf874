"""How often one client may speak."""

from dataclasses import dataclass

RATE = 10.0  # frames a second
BURST = 20.0  # frames at once


@dataclass(slots=True)
class Allowance:
    """A bucket of BURST frames that fills at RATE a second. `now` is any clock that only goes forward."""

    since: float
    left: float = BURST

    def take(self, now: float) -> bool:
        """Whether one more frame is within the allowance; then it counts."""
        self.left = min(BURST, self.left + (now - self.since) * RATE)
        self.since = now
        if self.left < 1:
            return False
        self.left -= 1
        return True

    @property
    def untouched(self) -> bool:
        """Whether the client has been quiet long enough to have the whole burst again."""
        return self.left >= BURST - 1
