"""All that the archive says of one programme, read once: every file of the folder is written from the same edition."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Count, Prefetch
from django.db.models.fields.files import FieldFile

from interview import entries, questions, transcript
from interview.models import Entry, Guest, Programme, Question
from interview.states import UNDECIDED, QuestionState
from interview.transcript import Position

log = logging.getLogger(__name__)

# Where the pictures of a folder are, as its page names them.
PICTURES = "pictures/"


@dataclass(frozen=True)
class Counts:
    """How many questions came and what became of them."""

    received: int
    answered: int
    owed: int
    declined: int
    withdrawn: int
    unscreened: int


@dataclass(frozen=True)
class Edition:
    """One programme as the public may read it, at one position of its stage."""

    programme: Programme
    position: Position
    guests: list[Guest]
    entries: list[Entry]
    owed: list[Question]
    counts: Counts
    # Names of the uploaded files that the page shows.
    pictures: list[str]

    @property
    def hosts(self) -> list[str]:
        """Those who spoke as host, in the order of their first words."""
        return list(dict.fromkeys(entry.speaker for entry in self.entries if entry.voice == Entry.Voice.HOST and entry.speaker))

    @property
    def began_at(self) -> datetime:
        return self.programme.opened_at or self.programme.planned_start

    @property
    def changed_at(self) -> datetime:
        """When its words last changed, by the times of the entries themselves."""
        moments = [self.programme.closed_at or self.began_at]
        for entry in self.entries:
            moments += [moment for moment in (entry.at, entry.revised_at, entry.withdrawn_at) if moment]
        return max(moments)


def gather(programme: Programme) -> Edition:
    """Read the programme as it is now; the number of statements does not grow with its entries, questions or guests."""
    # The position first: what comes after it makes this edition stale, not wrong without anybody noticing.
    position = transcript.position(programme)
    people = Guest.objects.select_related("organisation").prefetch_related("seats")
    row = Programme.objects.select_related("unit").prefetch_related(Prefetch("guests", queryset=people)).get(pk=programme.pk)
    # Oldest first; equals keep their order, so that an answer in writing stands under its question (Entry.order).
    rows = sorted(entries.of(row), key=lambda entry: entry.order)
    guests = list(row.guests.all())
    files = [row.cover, *(guest.portrait for guest in guests), *(entry.guest.portrait for entry in rows if entry.guest)]
    return Edition(
        programme=row,
        position=position,
        guests=guests,
        entries=rows,
        owed=list(questions.waiting(row)),
        counts=_count(row),
        pictures=_existing(files),
    )


def _count(programme: Programme) -> Counts:
    states = dict(programme.questions.order_by().values_list("state").annotate(Count("pk")))
    state = QuestionState
    return Counts(
        received=sum(states.values()),
        answered=states.get(state.ANSWERED, 0),
        owed=states.get(state.OWED, 0) + states.get(state.APPROVED, 0),
        declined=states.get(state.DECLINED, 0),
        withdrawn=states.get(state.WITHDRAWN, 0),
        unscreened=sum(states.get(undecided, 0) for undecided in UNDECIDED),
    )


def _existing(files: Sequence[FieldFile]) -> list[str]:
    names = sorted({file.name for file in files if file.name})
    lost = {name for name in names if not default_storage.exists(name)}
    if lost:
        log.warning("archived without pictures that are gone from MEDIA_ROOT: %s", ", ".join(sorted(lost)))
    for file in files:
        # The page then shows the initial, not a broken picture.
        if file.name in lost:
            file.name = None
    return [name for name in names if name not in lost]
