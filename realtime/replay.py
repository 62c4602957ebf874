"""Joins past and live without gap or repeat, or says that it cannot."""

from dataclasses import dataclass


class Hole(Exception):
    """The events after a reader's position are no longer in the log: it must reset."""


def can_continue(since: tuple[str, int], *, epoch: str, head: int) -> bool:
    """Whether a reader at `since` can go on from there.

    Under another epoch, or beyond the head (a backup was restored), its numbers mean other events. An empty epoch is a
    reader who came when nothing had been published: number 0 stands before every log.
    """
    if since[0] == "":
        return since[1] == 0
    return since[0] == epoch and since[1] <= head


@dataclass(slots=True)
class Replay:
    """One reader's place in one topic.

    Everything up to `position` has been sent, once. While `live`, new runs are sent as they come; while not, they are
    left alone, for the reader is reading the log and will meet them there. Nothing is ever kept for a reader.
    """

    position: int
    live: bool = False

    def pushed(self, first: int, last: int) -> bool:
        """Whether the run of new events first…last is to be sent now; then it counts as sent."""
        if self.live and first == self.position + 1:
            self.position = last
            return True
        if last > self.position:
            # Part of it sent, or something before it missing: the log has the rest in order.
            self.live = False
        return False

    def past(self, first: int, last: int) -> None:
        """The run first…last was read after `position` and is sent now. Raises Hole if it does not continue it."""
        if first != self.position + 1:
            raise Hole(f"expected event {self.position + 1}, got {first}")
        self.position = last

    def settle(self, head: int) -> bool:
        """Go live if nothing is left to read below the head; whether it did.

        To be called in the same breath as the head was looked at: what is appended later is pushed.
        """
        self.live = self.position >= head
        return self.live

    def fall_behind(self) -> None:
        """Take no pushes until the log has been read up to the head again."""
        self.live = False
