"""The index of similar questions: which numbers stand for whom, and who has numbers in common with a text."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from django.db import connection

from interview.models import Programme
from moderation import shingles
from moderation.models import Fingerprint, Indexed

# Of a number that stands for more questions than this only the latest are looked at: it says little about any of them.
COMMON = 200
# How many numbers of a text are looked up, and how many questions that have most of them are told.
LOOKED_UP = 96
CANDIDATES = 200


@dataclass(frozen=True)
class Shelf:
    """One part of the index: runs of `size` characters, told from those of other parts by `salt`, `most` for each question."""

    size: int
    salt: int
    most: int


# Hundreds of thousands of texts: longer runs, which are rarer, and fewer of them. A text of 200 characters has one for every
# eight or so of those that count.
ANSWERED = Shelf(size=3, salt=0, most=16)


def asked_in(programme: Programme) -> Shelf:
    """The questions of one programme: thousands at the most, so that pairs of characters tell them apart, in any order."""
    return Shelf(size=2, salt=programme.pk.int & (1 << 63) - 1, most=48)


def put(texts: Iterable[Indexed], shelf: Shelf) -> None:
    """These can be found on the shelf by their texts; those that stand there already stay as they are."""
    table, rows = _table(), [(number, indexed.pk) for indexed in texts for number in _chosen(indexed, shelf)]
    with connection.cursor() as cursor:
        # Written out: by the model it takes five times as long, and an archive has millions of these.
        cursor.executemany(f"INSERT INTO {table} (number, indexed_id) VALUES (%s, %s) ON CONFLICT DO NOTHING", rows)  # noqa: S608 - our own table


def clear(indexed: Indexed) -> None:
    """Nothing finds the question any more."""
    Fingerprint.objects.filter(indexed=indexed).delete()


def near(told: str, shelf: Shelf) -> list[int]:
    """The keys of Indexed of those who have most in common with a bare text, the best first; CANDIDATES at most.

    One statement, whatever the size of the index: as many look-ups in one B-tree as the text has numbers, of each no
    more than COMMON rows.
    """
    wanted = shingles.chosen(shingles.numbers(told, size=shelf.size, salt=shelf.salt), LOOKED_UP)
    if not wanted:
        return []
    found: defaultdict[int, float] = defaultdict(float)
    for holders in _holders(wanted):
        # What stands for few says more about each of them.
        weight = 1 / (1 + len(holders))
        for holder in holders:
            found[holder] += weight
    return nlargest(CANDIDATES, found, key=lambda holder: (found[holder], holder))


def _chosen(indexed: Indexed, shelf: Shelf) -> list[int]:
    return shingles.chosen(shingles.numbers(indexed.told, size=shelf.size, salt=shelf.salt), shelf.most)


def _table() -> str:
    return connection.ops.quote_name(Fingerprint._meta.db_table)


def _holders(wanted: Iterable[int]) -> Iterable[list[int]]:
    # Written out, because on SQLite Django can limit no part of a union.
    table = _table()
    parts = (
        f"SELECT * FROM (SELECT number, indexed_id FROM {table} WHERE number = %s ORDER BY indexed_id DESC LIMIT {COMMON}) AS part{place}"  # noqa: S608 - our own table
        for place, _number in enumerate(wanted)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), list(wanted))
        found: dict[int, list[int]] = {}
        for number, holder in cursor.fetchall():
            found.setdefault(number, []).append(holder)
    return found.values()
