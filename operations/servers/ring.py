"""One system call that sends a frame to many sockets: Linux' io_uring."""

import ctypes
import mmap
import os
from array import array
from collections.abc import Sequence
from socket import socket, socketpair
from typing import Any

ENTRIES = 256  # sockets served by one call

# From <linux/io_uring.h>; both calls have the same number on every architecture that matters to us.
_SETUP, _ENTER = 425, 426
_ENTRIES_AT = 0x10000000  # where the file of a ring has its entries
_ENTRY, _ANSWER = 64, 16  # bytes
_SEND = 26
_AT_ONCE = 0x40 | 0x4000  # MSG_DONTWAIT: an entry is answered within the call; MSG_NOSIGNAL
_WITH_ANSWERS = 1
_ROUND = 1 << 32  # the kernel counts in 32 bits


class _Offsets(ctypes.Structure):
    """Where the parts of a ring lie, in bytes."""

    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("head", "tail", "mask", "entries", "lost", "answers", "places", "reserved")),
        ("address", ctypes.c_uint64),
    )


class _Parameters(ctypes.Structure):
    """What a pair of rings is asked for with, and what the kernel answers."""

    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("entries", "answers", "flags", "processor", "idle", "features", "workers")),
        ("reserved", ctypes.c_uint32 * 3),
        ("asking", _Offsets),
        ("answering", _Offsets),
    )


class Ring:
    """A pair of rings in memory shared with the kernel: what is asked of it, and how it went. For one thread, for the life of a process.

    Nothing is ever under way in it between two calls: a socket that does not take a frame at once is answered so.
    """

    def __init__(self) -> None:
        """Raises OSError where there is none for us: before Linux 5.6, on other systems, and where it is forbidden."""
        self._call: Any = ctypes.CDLL(None, use_errno=True).syscall
        parameters = _Parameters()
        self._file = self._call(_SETUP, ctypes.c_uint(ENTRIES), ctypes.byref(parameters))
        if self._file < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        asking, answering = parameters.asking, parameters.answering
        size = max(asking.places + parameters.entries * 4, answering.answers + parameters.answers * _ANSWER)
        rings = memoryview(mmap.mmap(self._file, size))
        counters = rings[: size // 4 * 4].cast("I")
        self._asked_from, self._asked_to, self._answered_from, self._answered_to = (
            counters[place // 4 : place // 4 + 1] for place in (asking.head, asking.tail, answering.head, answering.tail)
        )
        answers = rings[answering.answers :][: parameters.answers * _ANSWER]
        self._places, self._results = answers.cast("Q")[:: _ANSWER // 8], answers.cast("i")[2 :: _ANSWER // 4]
        entries = memoryview(mmap.mmap(self._file, ENTRIES * _ENTRY, offset=_ENTRIES_AT))
        words, longs = entries.cast("i"), entries.cast("Q")
        self._files, self._lengths, self._addresses = words[1 :: _ENTRY // 4], words[6 :: _ENTRY // 4], longs[2 :: _ENTRY // 8]
        # What is the same in all entries, for ever. The order of the entries is that of their places.
        self._verbs = entries[::_ENTRY]
        self._verbs[:] = bytes([_SEND]) * ENTRIES
        words[7 :: _ENTRY // 4] = array("i", [_AT_ONCE]) * ENTRIES
        longs[4 :: _ENTRY // 8] = array("Q", range(ENTRIES))
        counters[asking.places // 4 :][:ENTRIES] = array("I", range(ENTRIES))
        self._try()

    def put_all(self, frame: bytes, sockets: Sequence[socket]) -> list[tuple[int, int]]:
        """Hand each socket a frame; returns (index, bytes taken) of those that did not take it whole: 0 if full, closed or gone."""
        short = []
        for start in range(0, len(sockets), ENTRIES):
            short += [(start + index, taken) for index, taken in self._put(frame, sockets[start : start + ENTRIES])]
        return short

    def _put(self, frame: bytes, sockets: Sequence[socket]) -> list[tuple[int, int]]:
        count, size = len(sockets), len(frame)
        first, answered = self._asked_to[0], self._answered_from[0]
        _write(self._files, first, array("i", [connection.fileno() for connection in sockets]))
        _write(self._lengths, first, array("i", [size]) * count)
        _write(self._addresses, first, array("Q", [ctypes.cast(ctypes.c_char_p(frame), ctypes.c_void_p).value or 0]) * count)
        self._asked_to[0] = (first + count) % _ROUND
        self._enter(count, count)
        # What the kernel did not get to is taken back, and its sockets took nothing.
        asked = (self._asked_from[0] - first) % _ROUND
        self._asked_to[0] = self._asked_from[0]
        while (self._answered_to[0] - answered) % _ROUND < asked:
            self._enter(0, asked)
        results = _read(self._results, answered, asked)
        self._answered_from[0] = self._answered_to[0]
        if results.count(size) == count:
            return []
        # Still there: answers come within a call alone.
        taken = dict(zip(_read(self._places, answered, asked), results, strict=True))
        amounts = [max(0, taken.get((first + index) % ENTRIES, 0)) for index in range(count)]
        return [(index, amount) for index, amount in enumerate(amounts) if amount < size]

    def _enter(self, asked: int, answers: int) -> None:
        # How many were asked, and why no more, is told by the rings.
        self._call(_ENTER, self._file, ctypes.c_uint(asked), ctypes.c_uint(answers), _WITH_ANSWERS, None, ctypes.c_size_t(0))

    def _try(self) -> None:
        ours, theirs = socketpair()
        with ours, theirs:
            if self.put_all(b"x", [ours]) or theirs.recv(1) != b"x":
                raise OSError("this kernel's io_uring does not send")


def _write(column: memoryview, place: int, values: "array[int]") -> None:
    """Fill a column of a ring from a place on, which counts on for ever."""
    place %= len(column)
    until_end = min(len(values), len(column) - place)
    column[place : place + until_end] = memoryview(values)[:until_end]
    column[: len(values) - until_end] = memoryview(values)[until_end:]


def _read(column: memoryview, place: int, count: int) -> list[int]:
    place %= len(column)
    until_end = min(count, len(column) - place)
    return column[place : place + until_end].tolist() + column[: count - until_end].tolist()
