"""How much has been sent to a reader that it has not yet confirmed, whatever the server below us buffers."""

from collections import deque

# What may be under way to one reader. The log keeps the rest, so this bounds the memory a slow reader can take.
LIMIT = 256 * 1024  # bytes
DEADLINE = 20.0  # seconds from a beat to its answer


class Window:
    """Counts bytes out and takes the reader's word for what arrived.

    A server may accept for ever what nobody reads (daphne does), so only the reader's answer to a beat counts, and
    the number of a beat cannot be guessed.
    """

    def __init__(self) -> None:
        self._sent = 0
        self._confirmed = 0
        self._asked: deque[tuple[int, int, float]] = deque()

    def sent(self, size: int) -> None:
        """So many more bytes are under way."""
        self._sent += size

    def asked(self, beat: int, now: float) -> None:
        """A beat went out behind everything sent so far."""
        self._asked.append((beat, self._sent, now))

    def confirmed(self, beat: int) -> bool:
        """The reader answered this beat; False if it was never asked, or long answered."""
        for index, (number, sent, _) in enumerate(self._asked):
            if number == beat:
                self._confirmed = sent
                for _ in range(index + 1):
                    self._asked.popleft()
                return True
        return False

    @property
    def full(self) -> bool:
        """Whether the reader must confirm something before it gets more."""
        return self._sent - self._confirmed >= LIMIT

    @property
    def waiting(self) -> bool:
        """Whether a beat is unanswered."""
        return bool(self._asked)

    @property
    def wants_beat(self) -> bool:
        """Whether so much went out since the last beat that one should follow now."""
        return self._sent - (self._asked[-1][1] if self._asked else self._confirmed) >= LIMIT // 2

    def overdue(self, now: float) -> bool:
        """Whether the oldest beat has been unanswered for longer than DEADLINE."""
        return bool(self._asked) and now - self._asked[0][2] > DEADLINE
