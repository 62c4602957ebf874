"""The only way in: append now, ring on commit."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import transaction

from realtime import log
from realtime.doorbell import doorbell
from realtime.hints import Hint


class Position(NamedTuple):
    """A place in a topic's log; numbers are only comparable under the same epoch."""

    epoch: str
    number: int


def publish(*, topic: str, kind: str, data: dict[str, Any], html: str = "") -> int:
    """Append an event in the current transaction and return its number; readers learn of it after the commit.

    `html` is what pages apply by the law of fragments, `data` what programs read. A transaction that publishes on
    several topics takes their locks in the order of the calls: always the same order, or PostgreSQL ends one of two
    crossing transactions. Raises log.OutsideTransaction, log.EventTooLarge.
    """
    head = log.append(topic=topic, kind=kind, data=data, html=str(html))
    _ring_on_commit(_moved(topic, head))
    return head.number


def position(topic: str) -> Position:
    """Where a topic stands now. A page reads it before its content: what falls between comes again, not never."""
    head = log.head(topic)
    return Position(head.epoch, head.number)


def positions(topics: Iterable[str]) -> dict[str, Position]:
    """Where several topics stand now, in one statement; each is answered, also one on which nothing was ever published."""
    names = list(topics)
    found = log.heads(names)
    return {name: Position(head.epoch, head.number) for name in names for head in [found.get(name, log.NOWHERE)]}


def redact(*, topic: str, match: Callable[[dict[str, Any]], bool] | Iterable[int]) -> None:
    """Empty the events of a topic whose data match, or whose numbers are given, in the current transaction.

    After the commit no reader gets their data or html any more, from whatever number it asks. What pages already
    show is taken away by an event of the caller. Raises log.OutsideTransaction.
    """
    head = log.redact(topic=topic, match=match)
    if head is not None:
        _ring_on_commit(_moved(topic, head))


def pulse(*, topic: str, fact: str, value: Any, seconds: float = 5.0) -> None:
    """Tell the readers of a topic something that passes, such as who is typing; it may be lost.

    It takes no number, is written nowhere and goes out at most once a second. After `seconds` without renewal the
    readers are told that the fact is null.
    """
    _ring_on_commit(Hint(passages={(topic, fact): (value, seconds)}))


def _moved(topic: str, head: log.Head) -> Hint:
    return Hint(moved={topic: (head.number, head.generation)})


def _ring_on_commit(hint: Hint) -> None:
    # Robust: what follows a commit must not look like its failure. A function, for Django names it in its log line.
    def ring() -> None:
        doorbell.ring(hint)

    transaction.on_commit(ring, robust=True)
