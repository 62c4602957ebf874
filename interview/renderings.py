"""What a programme's page shows to everybody alike, rendered once while its stage stands where it stands."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from interview import entries, questions
from interview.models import Entry, Programme
from interview.transcript import Position

# Whatever changes these lists is told on the stage. What is told there of nobody, as the new name of an enterprise, is seen so
# many seconds later at the latest.
SECONDS = 30

T = TypeVar("T")
# One thread renders, others who want the same find it done.
_rendering = threading.Lock()


@dataclass(frozen=True)
class Transcript:
    """The entries in the order they are read in, as HTML, and how many of them are answers."""

    entries: list[SafeString]
    answered: int


def transcript(programme: Programme, position: Position, *, newest_first: bool) -> Transcript:
    """The transcript as it was at the position of the stage, or later."""

    def render() -> Transcript:
        rows = list(entries.of(programme))
        # Sorting keeps equals in their order, so a question stays above its answer (Entry.order).
        ordered = sorted(rows, key=lambda entry: entry.order, reverse=newest_first)
        answers = sum(entry.kind == Entry.Kind.ANSWER for entry in rows)
        return Transcript([render_to_string(entry.partial, {"entry": entry}) for entry in ordered], answers)

    return _kept(("transcript", newest_first), programme, position, render)


def waiting(programme: Programme, position: Position) -> list[tuple[str, SafeString]]:
    """The waiting questions by number: the id of each element, and the element, as they were at that position or later."""
    rows = questions.waiting(programme)
    # How many want the same is told in passing and moves no position.
    supports = tuple(rows.values_list("number", "supports"))

    def render() -> list[tuple[str, SafeString]]:
        return [(f"waiting-{row.pk}", render_to_string("interview/waiting_question.html", {"question": row})) for row in rows]

    return _kept(("waiting", supports), programme, position, render)


def _kept(what: tuple[object, ...], programme: Programme, position: Position, render: Callable[[], T]) -> T:
    if not position.epoch:
        # Nothing was published yet, and there is no telling when that changes.
        return render()
    told = (programme.pk, position, translation.get_language(), what)
    key = hashlib.sha256(repr(told).encode()).hexdigest()
    found: T | None = cache.get(key)
    if found is None:
        with _rendering:
            found = cache.get(key)
            if found is None:
                found = render()
                cache.set(key, found, SECONDS)
    return found
