"""The short way to a reader who is up to date: all that is looked at for an event and a reader, in one place of memory."""

from realtime.outbox import Express
from realtime.protocol import Dialect
from realtime.replay import Replay


class Lane(Replay):
    """One reader's place in one topic, and the short way there.

    An event for a thousand readers meets the memory of each of them cold, so what is touched counts for more than what is
    done. While the lane is open, `write` hands a frame to the socket, and `sent` are the bytes that went so and that the
    reader's window does not know of yet; from `due` on it has to. Whatever else is sent to the reader closes its lanes first.
    """

    __slots__ = ("dialect", "due", "sent", "write")

    def __init__(self, position: int, dialect: Dialect) -> None:
        super().__init__(position)
        self.dialect = dialect
        self.write: Express | None = None
        self.sent = 0
        self.due = 0

    def open(self, write: Express, *, due: int) -> None:
        """From now on frames may go this way, until `due` bytes have."""
        self.write = write
        self.due = due

    def close(self) -> int:
        """Nothing goes this way any more; returns the bytes that did since it was opened or counted."""
        self.write = None
        sent, self.sent = self.sent, 0
        return sent
