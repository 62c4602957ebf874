"""The index of what was ever answered: which numbers stand for whom, and who has numbers in common with a text."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from moderation import shingles
from moderation.models import Fingerprint, Indexed
from moderation.shingles import COMMON, LOOKED_UP

# Hundreds of thousands of texts: runs of three characters, which are rare, and few of them. A text of 200 characters has one for
# every eight or so of those that count.
SIZE = 3
MOST = 16


def put(texts: Iterable[Indexed]) -> None:
    """These can be found by their texts; those that can already stay as they are.

    Each number lies on a page of its own of a large table: 16 for a text are as many pages to write. For many at once.
    """
    table, rows = _table(), [(number, indexed.pk) for indexed in texts for number in _chosen(indexed)]
    with connection.cursor() as cursor:
        # Written out: by the model it takes five times as long, and an archive has millions of these.
        cursor.executemany(f"INSERT INTO {table} (number, indexed_id) VALUES (%s, %s) ON CONFLICT DO NOTHING", rows)  # noqa: S608 - our own table


def near(told: str) -> list[int]:
    """The keys of Indexed of those who have most in common with a bare text, the best first; CANDIDATES at most.

    One statement, whatever the size of the index: as many look-ups in one B-tree as the text has numbers, of each no
    more than COMMON rows.
    """
    wanted = shingles.chosen(shingles.numbers(told, size=SIZE), LOOKED_UP)
    return shingles.most_in_common(_holders(wanted)) if wanted else []


def _chosen(indexed: Indexed) -> list[int]:
    return shingles.chosen(shingles.numbers(indexed.told, size=SIZE), MOST)


def _table() -> str:
    return connection.ops.quote_name(Fingerprint._meta.db_table)


def _holders(wanted: Sequence[int]) -> Iterable[list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(*(_on_postgresql(wanted) if connection.vendor == "postgresql" else _on_sqlite(wanted)))
        found: dict[int, list[int]] = {}
        for number, holder in cursor.fetchall():
            found.setdefault(number, []).append(holder)
    return found.values()


def _on_postgresql(wanted: Sequence[int]) -> tuple[str, list[Any]]:
    # One part for all numbers, where below each has one that must be planned.
    latest = f"SELECT indexed_id FROM {_table()} WHERE number = wanted.number ORDER BY indexed_id DESC LIMIT {COMMON}"  # noqa: S608 - our own table
    words = f"SELECT wanted.number, latest.indexed_id FROM unnest(%s::bigint[]) AS wanted (number) CROSS JOIN LATERAL ({latest}) AS latest"  # noqa: S608 - as above
    return words, [list(wanted)]


def _on_sqlite(wanted: Sequence[int]) -> tuple[str, list[Any]]:
    # Written out, because on SQLite Django can limit no part of a union.
    table = _table()
    parts = (
        f"SELECT * FROM (SELECT number, indexed_id FROM {table} WHERE number = %s ORDER BY indexed_id DESC LIMIT {COMMON}) AS part{place}"  # noqa: S608 - our own table
        for place, _number in enumerate(wanted)
    )
    return " UNION ALL ".join(parts), list(wanted)
