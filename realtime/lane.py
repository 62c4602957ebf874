"""One reader's place in one topic, by itself or in a convoy."""

from collections.abc import Callable

from realtime.outbox import Express
from realtime.protocol import Dialect
from realtime.replay import Replay


class Lane(Replay):
    """A place in a topic. In a convoy, whose member it is while `express` is set, the convoy knows the position.

    `part()` takes every lane of the reader out of its convoy; whoever sends the reader something else calls that first. The
    other fields are the convoy's: who joined before, the bytes it had carried by then, those from which on the lane must leave.
    """

    __slots__ = ("dialect", "due", "express", "order", "part", "since")

    def __init__(self, position: int, dialect: Dialect, *, part: Callable[[], None]) -> None:
        super().__init__(position)
        self.dialect = dialect
        self.part = part
        self.express: Express | None = None
        self.order = self.since = self.due = 0
