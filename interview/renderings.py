"""What a programme's page shows to everybody alike, rendered once while its stage stands where it stands."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from interview import entries, questions
from interview.models import Entry, Programme, Question
from interview.models.entry import place
from interview.transcript import Position

# Whatever changes these lists is told on the stage. What is told there of nobody, as the new name of an enterprise, is seen so
# many seconds later at the latest.
SECONDS = 30
# A whole list is of use until the next event, and to nobody for long.
LIST_SECONDS = 5

# What is looked up of each row to know whether it still looks as it did. What is not among it has SECONDS.
_OF_ENTRY = ("revision", "withdrawn_at", "text", "question__edited_at", "guest__portrait")
_OF_QUESTION = ("supports", "state", "text", "edited_at", "put_to__name")

T = TypeVar("T")
Version = tuple[Any, ...]
# One thread renders, others who want the same find it done.
_rendering = threading.Lock()


class Row(NamedTuple):
    """An element as it looked at `at` (seconds of the monotonic clock), when what was looked up of it was `version`."""

    version: Version
    at: float
    html: SafeString


@dataclass(frozen=True)
class Transcript:
    """The entries in the order they are read in, as HTML, and how many of them are answers."""

    entries: list[SafeString]
    answered: int


def transcript(programme: Programme, position: Position, *, newest_first: bool) -> Transcript:
    """The transcript as it was at the position of the stage, or later."""

    def render() -> Transcript:
        known = programme.entries.order_by("position").values_list("pk", "position", "kind", *_OF_ENTRY)
        versions: dict[UUID, Version] = {key: tuple(version) for key, *version in known}
        rows = _rows("entries", programme, versions, lambda keys: map(_entry, entries.of(programme).filter(pk__in=keys)))
        # Sorting keeps equals in their order, so a question stays above its answer.
        ordered = sorted(rows, key=lambda key: place(*versions[key][:2]), reverse=newest_first)
        return Transcript([rows[key] for key in ordered], sum(versions[key][1] == Entry.Kind.ANSWER for key in rows))

    return _kept(("transcript", newest_first), programme, position, render)


def waiting(programme: Programme, position: Position) -> list[tuple[str, SafeString]]:
    """The waiting questions by number: the id of each element, and the element, as they were at that position or later."""
    found = questions.waiting(programme)
    # How many want the same is told in passing and moves no position.
    versions: dict[UUID, Version] = {key: tuple(version) for key, *version in found.values_list("pk", *_OF_QUESTION)}

    def render() -> list[tuple[str, SafeString]]:
        what = f"waiting/{programme.hides_supports}"
        rows = _rows(what, programme, versions, lambda keys: map(_question, found.filter(pk__in=keys)))
        return [(f"waiting-{key}", html) for key, html in rows.items()]

    return _kept(("waiting", [(str(key), version[0]) for key, version in versions.items()]), programme, position, render)


def _entry(entry: Entry) -> tuple[UUID, SafeString]:
    return entry.pk, render_to_string(entry.partial, {"entry": entry})


def _question(question: Question) -> tuple[UUID, SafeString]:
    return question.pk, render_to_string("interview/waiting_question.html", {"question": question})


def _rows(
    what: str,
    programme: Programme,
    versions: dict[UUID, Version],
    render: Callable[[list[UUID]], Iterable[tuple[UUID, SafeString]]],
) -> dict[UUID, SafeString]:
    """One element for each version, in their order; rendered are those that look otherwise than when the list was last rendered."""
    key, now = _key("rows", what, programme.pk), time.monotonic()
    before: dict[UUID, Row] = cache.get(key) or {}
    known = {pk: row for pk, row in before.items() if now - row.at < SECONDS and row.version == versions.get(pk)}
    fresh = render([pk for pk in versions if pk not in known]) if len(known) < len(versions) else ()
    known |= {pk: Row(versions[pk], now, html) for pk, html in fresh}
    cache.set(key, known, SECONDS)
    # What was taken away since is not among the fresh.
    return {pk: known[pk].html for pk in versions if pk in known}


def _kept(what: tuple[object, ...], programme: Programme, position: Position, render: Callable[[], T]) -> T:
    if not position.epoch:
        # Nothing was published yet, and there is no telling when that changes.
        return render()
    key = _key(what, programme.pk, position)
    found: T | None = cache.get(key)
    if found is None:
        with _rendering:
            found = cache.get(key)
            if found is None:
                found = render()
                cache.set(key, found, LIST_SECONDS)
    return found


def _key(*told: object) -> str:
    return hashlib.sha256(repr((*told, translation.get_language())).encode()).hexdigest()
