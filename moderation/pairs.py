"""Who of one programme has most in common with a text, by the pairs of characters: in the memory of each process, read on from the table."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from threading import Lock
from uuid import UUID

from django.db import connection

from interview.models import Programme
from moderation import shingles
from moderation.models import Indexed

# A programme has thousands of questions at the most: pairs tell them apart, in any order.
SIZE = 2
# Pairs kept of each question.
MOST = 48
# Programmes kept, those first that were asked about last; one of 3,000 questions takes some megabytes.
KEPT = 16


class _Shelf:
    """The questions of one programme up to the key `last`: which numbers stand for whom."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.last = 0
        self.holders: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        for key, told in rows:
            self.last = key
            for number in shingles.chosen(shingles.numbers(told, size=SIZE), MOST):
                self.holders[number].append(key)


_shelves: OrderedDict[UUID, _Shelf] = OrderedDict()
_lock = Lock()


def near(programme: Programme, told: str) -> list[int]:
    """The keys of Indexed of those who have most in common with a bare text, the best first; CANDIDATES at most.

    One statement, which reads what came since the last one. A key may be of a row that is there no more.
    """
    wanted = shingles.chosen(shingles.numbers(told, size=SIZE), shingles.LOOKED_UP)
    if not wanted:
        return []
    shelf = _shelf_of(programme.pk)
    with shelf.lock:
        newer = _read_on(shelf, programme)
        return shingles.most_in_common(
            [*shelf.holders.get(number, ())[-shingles.COMMON :], *newer.holders.get(number, ())] for number in wanted
        )


def keep_up(programme: Programme) -> None:
    """Read what came, so that the next search finds little that is new. To be called after a commit."""
    shelf = _shelf_of(programme.pk)
    with shelf.lock:
        _read_on(shelf, programme)


def _read_on(shelf: _Shelf, programme: Programme) -> _Shelf:
    """Put what is newer on the shelf; on one of its own, which is returned, what may still be rolled back, and its keys given again."""
    newer = _Shelf()
    # Keys grow in the order of commits: a programme's questions are written under its lock, and a changed text has a new row.
    rows = Indexed.objects.filter(programme=programme, pk__gt=shelf.last).order_by("pk").values_list("pk", "told")
    (newer if connection.in_atomic_block else shelf).add(rows)
    return newer


def _shelf_of(programme: UUID) -> _Shelf:
    with _lock:
        shelf = _shelves.setdefault(programme, _Shelf())
        _shelves.move_to_end(programme)
        while len(_shelves) > KEPT:
            _shelves.popitem(last=False)
    return shelf
