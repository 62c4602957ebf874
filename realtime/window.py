"""How much has been sent to a reader that it has not yet confirmed, whatever the server below us buffers."""

# What may be under way to one reader. The log keeps the rest, so this bounds the memory a slow reader can take.
LIMIT = 256 * 1024  # bytes
DEADLINE = 20.0  # seconds from a beat to its answer


class Window:
    """Counts bytes out and takes the reader's word for what arrived.

    A server may accept for ever what nobody reads (daphne does), so only the reader's answer to a beat counts, and
    the number of a beat cannot be guessed.
    """

    # A site has one for every reader: no dictionary, and nothing allocated that most of them never need.
    __slots__ = ("_asked", "_beat_at", "_full_at", "_sent")

    def __init__(self) -> None:
        self._sent = 0
        self._full_at = LIMIT
        self._beat_at = LIMIT // 2
        self._asked: list[tuple[int, int, float]] = []

    def sent(self, size: int) -> None:
        """So many more bytes are under way."""
        self._sent += size

    @property
    def beat_due(self) -> bool:
        """Whether so much went out since the last beat that one should follow now."""
        return self._sent >= self._beat_at

    def asked(self, beat: int, now: float) -> None:
        """A beat went out behind everything sent so far."""
        self._asked.append((beat, self._sent, now))
        self._beat_at = self._sent + LIMIT // 2

    def confirmed(self, beat: int) -> bool:
        """The reader answered this beat; False if it was never asked, or long answered."""
        for index, (number, sent, _) in enumerate(self._asked):
            if number == beat:
                self._full_at = sent + LIMIT
                del self._asked[: index + 1]
                return True
        return False

    @property
    def left(self) -> int:
        """Bytes that can go out before there is something to do: a beat to send, or an answer to wait for."""
        return min(self._beat_at, self._full_at) - self._sent

    @property
    def full(self) -> bool:
        """Whether the reader must confirm something before it gets more."""
        return self._sent >= self._full_at

    @property
    def waiting(self) -> bool:
        """Whether a beat is unanswered."""
        return bool(self._asked)

    def excuse(self, now: float) -> None:
        """Nobody listens to it just now: for its answers the deadline counts from here."""
        self._asked = [(number, sent, now) for number, sent, _ in self._asked]

    def overdue(self, now: float) -> bool:
        """Whether the oldest beat has been unanswered for longer than DEADLINE."""
        return bool(self._asked) and now - self._asked[0][2] > DEADLINE
