"""Readers without a socket by the thousand: each asks for the tip at its time, and for the segments it lacks, over a connection of its own."""

import heapq
import random
import select
import socket
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

SEGMENT = 100
SOURCES = 8  # addresses from which readers come: the ports of one pair of addresses end at 28,000
PIECE = 1 << 18


class Odd(Exception):
    """An answer that cannot be read."""


@dataclass
class Tally:
    """What readers have met: answers and bytes by what was asked for, and the milliseconds each event took to each reader."""

    answers: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    ages: list[float] = field(default_factory=list)
    backwards: int = 0  # tips older than what the reader had


class Answer:
    """One answer over HTTP as it comes in: its status and tag, and how much of its body is to come."""

    __slots__ = ("_head", "etag", "left", "status")

    def __init__(self) -> None:
        self._head = b""
        self.status = 0
        self.etag = ""
        self.left = -1

    def take(self, data: bytes) -> bool:
        """Take what came; whether that completes it. Raises Odd if its length is not told, or more came than it has."""
        if self.left < 0:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return False
            self._read(head.decode("latin-1"))
        self.left -= len(data)
        if self.left < 0:
            raise Odd(f"expected the end of the answer, got {-self.left} bytes more")
        return self.left == 0

    def _read(self, head: str) -> None:
        first, *lines = head.split("\r\n")
        fields = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
        self.status = int(first.split()[1])
        self.etag = fields.get("etag", "")
        if self.status == 304:
            self.left = 0
        elif "content-length" in fields:
            self.left = int(fields["content-length"])
        else:
            raise Odd(f"expected a length, got {head!r}")


def places(etag: str) -> tuple[str, int, int]:
    """Epoch, generation and head out of a tip's tag, which saves a reader that only counts from unpacking the body."""
    epoch, generation, head, _every = etag.removeprefix("W/").strip('"').rsplit("-", 3)
    return epoch, int(generation), int(head)


class Reader:
    """One reader, on one connection."""

    __slots__ = ("_answer", "_asked", "_base", "_crowd", "_segments", "etag", "line", "number")

    def __init__(self, crowd: "Crowd") -> None:
        self._crowd = crowd
        self.line: socket.socket | None = None
        self.number = 0
        self.etag = ""
        self._answer = Answer()
        self._asked = ""
        self._base = ""
        self._segments: list[int] = []

    def ask_for_tip(self) -> None:
        """Ask where the topic stands, telling what is known."""
        self._ask("tip", "/tip.json", f"If-None-Match: {self.etag}\r\n" if self.etag else "")

    def readable(self) -> None:
        """Something came in. Raises Odd."""
        assert self.line is not None
        data = self.line.recv(PIECE)
        if not data:
            self._crowd.hang_up(self)
            if self._asked:
                raise Odd(f"expected an answer for the {self._asked}, got the end")
            return
        self._crowd.tally.bytes += len(data)
        if self._answer.take(data):
            self._answered()

    def _ask(self, kind: str, path: str, more: str = "") -> None:
        self._asked, self._answer = kind, Answer()
        line = self.line or self._crowd.connect(self)
        line.send(f"GET {self._crowd.base}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{more}\r\n".encode())

    def _answered(self) -> None:
        answer = self._answer
        self._crowd.tally.answers[f"{self._asked} {answer.status}"] += 1
        if self._asked == "tip" and answer.status == 200:
            self._learn(answer.etag)
        if self._segments:
            self._ask("segment", f"{self._base}/{self._segments.pop(0)}.json")
        else:
            self._asked = ""
            self._crowd.rest(self)

    def _learn(self, etag: str) -> None:
        epoch, generation, head = places(etag)
        new = not self.etag
        self.etag, self._base = etag, f"/{epoch}/{generation}"
        self._crowd.present += new
        if head < self.number:
            self._crowd.tally.backwards += 1
            return
        if not new:
            now = time.monotonic_ns()
            # An event may be here before the publisher has told us when it was committed.
            stamps = [self._crowd.stamps.get(number, now) for number in range(self.number + 1, head + 1)]
            self._crowd.tally.ages.extend((now - stamp) / 1e6 for stamp in stamps)
        self._segments = list(range(self.number // SEGMENT, head // SEGMENT))
        self.number = head


class Crowd:
    """So many readers of one topic, which is read at `base` on a port; each asks `every` so many seconds, as the tips say.

    `stamps` tells of each event when it was committed, in nanoseconds of CLOCK_MONOTONIC.
    """

    def __init__(self, *, port: int, base: str, readers: int, every: float, stamps: Mapping[int, int]) -> None:
        self.base = base
        self.stamps = stamps
        self.tally = Tally()
        self.present = 0  # readers who have had a tip
        self._port = port
        self._every = every
        self._poll = select.epoll()
        self._lines: dict[int, Reader] = {}
        now = time.monotonic()
        # They came at different times, and stay spread.
        self._due = [(now + every * (order + 1) / readers, order, Reader(self)) for order in range(readers)]
        self._count = readers

    def run(self, seconds: float) -> Tally:
        """Let them read for so long; returns what they met. Raises Odd."""
        self.tally = Tally()
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            while self._due and self._due[0][0] <= now:
                heapq.heappop(self._due)[2].ask_for_tip()
            wait = min(until, self._due[0][0] if self._due else until) - time.monotonic()
            for line, _what in self._poll.poll(max(0.0, wait), 1024):
                self._lines[line].readable()
        return self.tally

    def connect(self, reader: Reader) -> socket.socket:
        """Open the reader's connection."""
        line = reader.line = socket.socket()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.bind((f"127.0.0.{2 + len(self._lines) % SOURCES}", 0))
        line.connect(("127.0.0.1", self._port))
        self._lines[line.fileno()] = reader
        self._poll.register(line.fileno(), select.EPOLLIN)
        return line

    def hang_up(self, reader: Reader) -> None:
        """Close the reader's connection, if it has one."""
        if reader.line is not None:
            del self._lines[reader.line.fileno()]
            reader.line.close()
            reader.line = None

    def rest(self, reader: Reader) -> None:
        """The reader has everything: it asks again in its time, a little more or less, as our pages do."""
        self._count += 1
        due = time.monotonic() + self._every * random.uniform(0.9, 1.1)  # noqa: S311
        heapq.heappush(self._due, (due, self._count, reader))

    def close(self) -> None:
        """Everybody goes."""
        for reader in list(self._lines.values()):
            self.hang_up(reader)
        self._poll.close()
