"""The log itself: numbers given under the topic's row lock, in the transaction of the change they tell of."""

import json
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

import msgspec
from django.db import connection, transaction
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from realtime.models import Event, Topic, new_epoch

# Half of what may wait for one reader, so that a single event never makes a healthy reader look slow.
EVENT_LIMIT = 128 * 1024  # bytes of data (as JSON) and html together
# What an emptied event is called: the number stays, so that the log stays dense.
GONE = "gone"
# Events of one segment: what over HTTP is one address for ever. Another number would be other contents under old addresses.
SEGMENT = 100

_TOPICS, _EVENTS = Topic._meta.db_table, Event._meta.db_table
# The number is the row lock: whoever comes second waits here until the first has committed or rolled back. Numbers
# therefore become visible in their order, which neither a serial column nor a timestamp can promise.
_NEXT = f"UPDATE {_TOPICS} SET head = head + 1 WHERE name = %s RETURNING id, epoch, head, generation"  # noqa: S608
_FIRST = (
    f"INSERT INTO {_TOPICS} (name, head, epoch, generation) VALUES (%s, 1, %s, 1) "  # noqa: S608
    f"ON CONFLICT (name) DO UPDATE SET head = {_TOPICS}.head + 1 RETURNING id, epoch, head, generation"
)
# Written out, for these two are what an event costs in each process that has readers: a query set is built anew every
# time, which takes longer than the statement.
_INSERT = f"INSERT INTO {_EVENTS} (topic_id, number, kind, data, html, at) VALUES (%s, %s, %s, %s, %s, %s)"  # noqa: S608
_SINCE = (
    f"SELECT event.number, kind, data, html FROM {_EVENTS} event JOIN {_TOPICS} topic ON topic.id = topic_id "  # noqa: S608
    "WHERE name = %s AND event.number > %s ORDER BY event.number LIMIT %s"
)


class OutsideTransaction(RuntimeError):
    """An event was to be written without the change it tells of."""


class EventTooLarge(ValueError):
    """An event that could not be delivered to a healthy reader."""


class Head(NamedTuple):
    """Where a topic stands."""

    epoch: str
    number: int
    generation: int


class Record(NamedTuple):
    """One event as read from the log."""

    number: int
    kind: str
    data: dict[str, Any]
    html: str


# Of a topic on which nothing was ever published: any epoch continues it.
NOWHERE = Head(epoch="", number=0, generation=0)


def append(*, topic: str, kind: str, data: dict[str, Any], html: str) -> Head:
    """Write the next event of a topic and return the head it makes; two statements.

    `data` may hold what msgspec can turn into JSON (UUIDs, dates, dataclasses). Raises OutsideTransaction outside
    an atomic block, EventTooLarge above EVENT_LIMIT bytes.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(
            f"expected to publish {kind!r} on {topic!r} inside the transaction.atomic() of the change it tells of, got no transaction"
        )
    encoded = msgspec.json.encode(msgspec.to_builtins(data, str_keys=True))
    size = len(encoded) + len(html.encode())
    if size > EVENT_LIMIT:
        raise EventTooLarge(f"expected at most {EVENT_LIMIT} bytes for {kind!r} on {topic!r}, got {size}")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [topic])
        rows = cursor.fetchall()
        if not rows:
            # Two transactions may both find nothing: the second then waits for the first and counts on from it.
            cursor.execute(_FIRST, [topic, new_epoch()])
            rows = cursor.fetchall()
        key, epoch, number, generation = rows[0]
        at = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(_INSERT, [key, number, kind, encoded.decode(), html, at])
    return Head(epoch, number, generation)


def heads(topics: Collection[str]) -> dict[str, Head]:
    """Where these topics stand, in one statement; a topic without events is absent."""
    rows = Topic.objects.filter(name__in=topics).values_list("name", "epoch", "head", "generation")
    return {name: Head(epoch, number, generation) for name, epoch, number, generation in rows}


def head(topic: str) -> Head:
    """Where a topic stands, NOWHERE if nothing was published on it."""
    return heads([topic]).get(topic, NOWHERE)


def since(*, topic: str, after: int, limit: int) -> list[Record]:
    """The events after a number in their order, at most `limit`, in one statement.

    The first one is `after + 1` unless the log was pruned beyond it; then there is a hole the caller must notice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [topic, after, limit])
        return [Record(number, kind, json.loads(data), html) for number, kind, data, html in cursor.fetchall()]


def segment(*, topic: str, epoch: str, generation: int, index: int) -> list[Record] | None:
    """The events `index * SEGMENT + 1` to `(index + 1) * SEGMENT` of this epoch and generation, None unless all are there.

    One statement, so that it sees one state of the log: two readings never differ, however much is published and emptied.
    """
    first, last = index * SEGMENT, (index + 1) * SEGMENT
    rows = Event.objects.filter(topic__name=topic, topic__epoch=epoch, topic__generation=generation, number__gt=first, number__lte=last)
    records = [Record(*row) for row in rows.order_by("number").values_list("number", "kind", "data", "html")]
    return records if len(records) == SEGMENT else None


def tail(topic: str) -> tuple[Head, list[Record]]:
    """Where a topic stands and its events after the last full segment, in one statement: neither is ahead of the other."""
    number = F("head") - F("head") % SEGMENT
    rows = list(
        Topic.objects.filter(name=topic)
        .annotate(tail=FilteredRelation("events", condition=Q(events__number__gt=number)))
        .order_by("tail__number")
        .values_list("epoch", "head", "generation", "tail__number", "tail__kind", "tail__data", "tail__html")
    )
    if not rows:
        return NOWHERE, []
    # Without a single event after the last full segment there is one row, and its event is null.
    return Head(*rows[0][:3]), [Record(*row[3:]) for row in rows if row[3] is not None]


def redact(*, topic: str, match: Callable[[dict[str, Any]], bool] | Iterable[int]) -> Head | None:
    """Empty the events whose data match (or whose numbers are given) and raise the generation.

    Afterwards their data and html are nowhere in the log and their kind is GONE; numbers stay. Returns the head with
    the new generation, or None if nothing matched. Takes the topic's lock, like append. Raises OutsideTransaction.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"expected to redact {topic!r} inside a transaction.atomic(), got no transaction")
    # First the lock, then the look: an event that another transaction is about to commit would be overlooked.
    row = Topic.objects.select_for_update().filter(name=topic).first()
    if row is None:
        return None
    events = Event.objects.filter(topic=row).exclude(kind=GONE)
    if callable(match):
        rows = events.values_list("number", "data").iterator(chunk_size=500)
        numbers = [number for number, data in rows if match(data)]
    else:
        numbers = list(events.filter(number__in=list(match)).values_list("number", flat=True))
    if not numbers:
        return None
    for start in range(0, len(numbers), 500):
        events.filter(number__in=numbers[start : start + 500]).update(kind=GONE, data={}, html="")
    row.generation += 1
    row.save(update_fields=["generation"])
    return Head(row.epoch, row.head, row.generation)


def prune(*, topic: str, up_to: int) -> int:
    """Delete the events of a topic up to and including a number; returns how many. Who still needs them is reset."""
    return Event.objects.filter(topic__name=topic, number__lte=up_to).delete()[0]


@transaction.atomic
def begin_epoch() -> int:
    """Give every topic a new epoch; returns how many.

    To be called after a backup was restored: numbers will be given again for other events, and readers who saw the
    first ones must reload instead of continuing.
    """
    # In the order in which transactions take the locks of several topics.
    topics = list(Topic.objects.select_for_update().order_by("name"))
    for topic in topics:
        topic.epoch = new_epoch()
    Topic.objects.bulk_update(topics, ["epoch"], batch_size=500)
    return len(topics)
