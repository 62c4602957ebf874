"""One call to the kernel does for every socket what a call for each would have done.

Where the kernel has no ring for us, as in most containers, the other way is the only one that is used, and the one that is tested.
"""

import os
import random
import resource
import socket
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from operations.servers import express
from operations.servers.ring import ENTRIES, Ring

MORE = ENTRIES + 44  # sockets that one call does not reach
KINDS = ["clear", "full", "nearly full", "closed", "left"]


def offered() -> list[Ring]:
    try:
        return [Ring()]
    except OSError:
        return []


@pytest.fixture(scope="module")
def way() -> Any:
    return next(iter(offered()), express)


class Line:
    """A socket of ours and its other end."""

    def __init__(self, kind: str = "clear") -> None:
        self.ours, self.theirs = socket.socketpair()
        self.ours.setblocking(False)
        self.theirs.setblocking(False)
        self.before = 0
        if kind in ("full", "nearly full"):
            self.before = self.fill()
        if kind == "nearly full":
            # The kernel gives room back by whole buffers.
            while not self.takes_more():
                self.before -= len(self.theirs.recv(4096))
        elif kind == "closed":
            self.ours.close()
        elif kind == "left":
            self.theirs.close()

    def fill(self) -> int:
        size = 0
        while True:
            try:
                size += self.ours.send(b"." * 4096)
            except BlockingIOError:
                return size

    def takes_more(self) -> bool:
        try:
            self.before += self.ours.send(b".")
        except BlockingIOError:
            return False
        return True

    def got(self) -> bytes:
        """What came since it was made."""
        came = b""
        while self.theirs.fileno() != -1:
            try:
                piece = self.theirs.recv(1 << 20)
            except BlockingIOError:
                break
            if not piece:
                break
            came += piece
        return came[self.before :]

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()


def test_many_more_sockets_than_one_call_reaches_get_every_frame_whole_and_in_order(way: Any) -> None:
    lines = [Line() for _ in range(MORE)]
    frames = [os.urandom(random.randrange(1, 900)) for _ in range(40)]
    # Another number each time, so that a call begins at every place of the rings.
    for number, frame in enumerate(frames):
        assert way.put_all(frame, [line.ours for line in lines[: MORE - number]]) == []
    for place, line in enumerate(lines):
        assert line.got() == b"".join(frames[: MORE - place])
        line.close()


@settings(deadline=None, max_examples=60)
@given(kinds=some.lists(some.sampled_from(KINDS), max_size=12), size=some.integers(1, 60_000), before=some.integers(0, ENTRIES))
def test_what_it_tells_and_what_arrives_is_the_same_as_by_a_call_for_each(way: Any, kinds: list[str], size: int, before: int) -> None:
    other = Line()
    assert way.put_all(b"-", [other.ours] * before) == []
    other.close()
    sides = [[Line(kind) for kind in kinds] for _ in range(2)]
    frame = os.urandom(size)
    told = [put_all(frame, [line.ours for line in side]) for put_all, side in zip([way.put_all, express.one_by_one], sides, strict=True)]
    came = [[line.got() for line in side] for side in sides]
    for line in sides[0] + sides[1]:
        line.close()
    assert (told[0], came[0]) == (told[1], came[1])


def test_nobody_is_no_fault(way: Any) -> None:
    assert way.put_all(b"x", []) == []


def test_what_the_kernel_does_not_get_to_is_told_as_not_taken_and_never_sent_later() -> None:
    for ring in offered():
        stop_at_the_third(ring)


def stop_at_the_third(ring: Ring) -> None:
    lines = [Line() for _ in range(6)]
    sockets = [line.ours for line in lines]
    # An entry that no kernel understands ends the call there.
    place = (ring._asked_to[0] + 2) % ENTRIES
    verb = ring._verbs[place]
    ring._verbs[place] = 255
    try:
        assert ring.put_all(b"first", sockets) == [(2, 0), (3, 0), (4, 0), (5, 0)]
    finally:
        ring._verbs[place] = verb
    assert ring.put_all(b"second", sockets) == []
    assert [line.got() for line in lines] == [b"firstsecond"] * 2 + [b"second"] * 4
    for line in lines:
        line.close()


def test_where_the_kernel_gives_none_it_says_so() -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, limits[1]))
    try:
        with pytest.raises(OSError, match=r"Too many open files|not permitted|not implemented"):
            Ring()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_setting_decides_between_one_call_and_one_for_each_and_nothing_else_changes(settings, allowed) -> None:
    settings.EXPRESS_RING = allowed
    express._ring.cache_clear()
    lines = [Line(kind) for kind in KINDS]
    try:
        short = express.put_all(b"x" * 50_000, [line.ours for line in lines])
        by_ring = express._ring() is not None
    finally:
        express._ring.cache_clear()
    told = [index for index, _ in short], short[0][1], short[2:]
    assert (by_ring, told) == (allowed and bool(offered()), ([1, 2, 3, 4], 0, [(3, 0), (4, 0)]))
    for line in lines:
        line.close()
