"""How often one client may speak."""

from dataclasses import dataclass, field

RATE = 10.0  # frames a second
BURST = 20.0  # frames at once


@dataclass(slots=True)
class Allowance:
    """A bucket of `burst` frames that fills at `rate` a second. `now` is any clock that only goes forward."""

    since: float
    rate: float = RATE
    burst: float = BURST
    left: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.burst

    def take(self, now: float) -> bool:
        """Whether one more frame is within the allowance; then it counts."""
        self.left = min(self.burst, self.left + (now - self.since) * self.rate)
        self.since = now
        if self.left < 1:
            return False
        self.left -= 1
        return True

    @property
    def untouched(self) -> bool:
        """Whether the client has been quiet long enough to have the whole burst again."""
        return self.left >= self.burst - 1
