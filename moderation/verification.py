"""Whether the record is as it was written: every row, every order, every end, against itself and against the anchors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from moderation import anchors, audit
from moderation.anchors import Anchor
from moderation.models import Chain, Record

# Rows read at once: a million rows must not stand in memory together.
CHUNK = 2_000


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a chain, at which number, in a sentence for whoever has to find out why."""

    chain: str
    number: int
    what: str


@dataclass(frozen=True)
class Verified:
    """What was looked at and what was found; sound is a record without flaws."""

    chains: int
    records: int
    anchors: int
    flaws: list[Flaw]


def verify() -> Verified:
    """Read every record and every anchor. Raises anchors.Unreadable, OSError."""
    marks: dict[str, dict[int, Anchor]] = {}
    for anchor in anchors.read():
        marks.setdefault(anchor.chain, {})[anchor.number] = anchor
    ends = {chain.key: chain for chain in Chain.objects.order_by("key")}
    flaws = [Flaw(key, max(marks[key]), "the chain is gone, but anchors speak of it") for key in sorted(marks.keys() - ends.keys())]
    count = 0
    for key, end in ends.items():
        reader = _Reader(end, marks.get(key, {}))
        flaws += reader.read(Record.objects.filter(chain=key).order_by("number").iterator(chunk_size=CHUNK))
        count += reader.count
    return Verified(len(ends), count, sum(map(len, marks.values())), flaws)


class _Reader:
    """Reads one chain from its first record to its end."""

    def __init__(self, end: Chain, marks: dict[int, Anchor]) -> None:
        self._end = end
        self._marks = marks
        self._digest = ""
        self.count = 0

    def read(self, rows: Iterable[Record]) -> Iterator[Flaw]:
        number = 0
        for row in rows:
            self.count += 1
            if row.number != number + 1:
                yield self._flaw(row.number, f"expected record {number + 1}, got {row.number}: rows were removed or renumbered")
            number = row.number
            yield from self._look_at(row)
            self._digest = row.digest
        yield from self._look_at_end(number)

    def _look_at(self, row: Record) -> Iterator[Flaw]:
        if row.previous != self._digest:
            yield self._flaw(row.number, "it does not follow the record before it: a row was changed, swapped, inserted or removed here")
        if audit.digest(row) != row.digest:
            yield self._flaw(row.number, "its digest is not that of its columns: the row was changed")
        mark = self._marks.get(row.number)
        if mark is not None and mark.digest != row.digest:
            yield self._flaw(row.number, f"{mark.file}, line {mark.line}, has another digest, of {mark.at}: the chain was rewritten")

    def _look_at_end(self, number: int) -> Iterator[Flaw]:
        if (number, self._digest) != (self._end.number, self._end.digest):
            yield self._flaw(
                number, f"the chain ends at {self._end.number} by its own account: its tail was cut off, or rows were added past it"
            )
        for mark in self._marks.values():
            if mark.number > number:
                yield self._flaw(number, f"{mark.file}, line {mark.line}, knows record {mark.number}, of {mark.at}: the tail was cut off")

    def _flaw(self, number: int, what: str) -> Flaw:
        return Flaw(self._end.key, number, what)
