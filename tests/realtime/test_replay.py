"""Under every interleaving of appending, pushing, losing, reading and pausing a reader gets 1, 2, 3 … once each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from realtime.replay import Hole, Replay, can_continue


class Reading:
    """A log, the pushes on their way, and a reader who is somewhere in between.

    Each step is what a process does without letting others run; any order of steps may happen.
    """

    def __init__(self, head: int, since: int) -> None:
        self.head = head
        self.pushes: list[tuple[int, int]] = []
        self.replay = Replay(since)
        self.read: int | None = None
        self.received = list(range(1, since + 1))

    def append(self, count: int) -> None:
        self.pushes.append((self.head + 1, self.head + count))
        self.head += count

    def push(self, _count: int) -> None:
        if self.pushes:
            first, last = self.pushes.pop(0)
            if self.replay.pushed(first, last):
                self.received += range(first, last + 1)

    def lose(self, _count: int) -> None:
        if self.pushes:
            self.pushes.pop(0)

    def repeat(self, _count: int) -> None:
        if self.pushes:
            self.pushes.insert(0, self.pushes[0])

    def begin(self, _count: int) -> None:
        if not self.replay.live and self.read is None:
            self.read = self.replay.position

    def finish(self, count: int) -> None:
        if self.read is None:
            return
        after, self.read = self.read, None
        assert after == self.replay.position, "only reading moves a reader who is not live"
        last = min(self.head, after + count)
        if last > after:
            self.replay.past(after + 1, last)
            self.received += range(after + 1, last + 1)
        self.replay.settle(self.head)

    def pause(self, _count: int) -> None:
        self.replay.fall_behind()

    def check(self) -> None:
        assert self.received == list(range(1, self.replay.position + 1))


STEPS = [Reading.append, Reading.push, Reading.lose, Reading.repeat, Reading.begin, Reading.finish, Reading.pause]


@settings(max_examples=2000)
@given(
    head=some.integers(0, 5),
    behind=some.integers(0, 5),
    steps=some.lists(some.tuples(some.sampled_from(STEPS), some.integers(1, 4)), max_size=40),
)
def test_no_interleaving_loses_or_repeats_an_event(head: int, behind: int, steps: list) -> None:
    reading = Reading(head, max(0, head - behind))
    for step, count in steps:
        step(reading, count)
        reading.check()
    # When nothing more happens the reader reads what is left, and has everything.
    reading.pause(0)
    while not reading.replay.live:
        reading.begin(0)
        reading.finish(3)
        reading.check()
    assert reading.received == list(range(1, reading.head + 1))


def test_a_live_reader_who_missed_a_push_reads_it() -> None:
    replay = Replay(3, live=True)
    assert not replay.pushed(5, 6)
    assert (replay.live, replay.position) == (False, 3)


def test_a_push_that_was_read_already_changes_nothing() -> None:
    replay = Replay(6, live=True)
    assert not replay.pushed(5, 6)
    assert (replay.live, replay.position) == (True, 6)


def test_a_push_of_which_half_was_read_sends_the_reader_back_to_the_log() -> None:
    replay = Replay(5, live=True)
    assert not replay.pushed(5, 6)
    assert (replay.live, replay.position) == (False, 5)


def test_a_hole_in_the_past_is_said_and_not_jumped_over() -> None:
    replay = Replay(3)
    with pytest.raises(Hole, match="expected event 4, got 6"):
        replay.past(6, 9)
    assert replay.position == 3


@pytest.mark.parametrize(
    ("since", "head", "continues"),
    [
        (("e", 0), 5, True),
        (("e", 5), 5, True),
        (("e", 6), 5, False),
        (("f", 3), 5, False),
        (("", 0), 5, True),
        (("", 1), 5, False),
        (("", 0), 0, True),
    ],
)
def test_only_a_place_in_this_very_log_continues_it(since: tuple[str, int], head: int, continues: bool) -> None:
    assert can_continue(since, epoch="e", head=head) is continues
