"""What this process searches texts with: all word lists in use, ready, and at most a second old."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Sum

from moderation.models import Word, WordList
from moderation.screening.findings import Consequence
from moderation.screening.screened import Rules, Screened, screen
from moderation.screening.words import WordList as Listed
from moderation.screening.words import Words

# A change made anywhere must be effective in every process within two seconds; asking costs one small statement.
LOOK_EVERY = 1.0  # seconds
# What follows from findings that stand in no list. Personal data is masked at once in what the public reads, and links
# never become links there: neither needs a hold.
RULES = Rules(personal=Consequence.MARK, links=Consequence.MARK, manners=Consequence.MARK)
# What tells one state of all lists from another.
Signature = tuple[int, int, datetime | None]


@dataclass(frozen=True)
class _Ready:
    signature: Signature
    words: Words


def look(text: str) -> Screened:
    """What screening sees in a cleaned text, by the lists as they are now."""
    return screen(text, words=current(), rules=RULES)


def current() -> Words:
    """The lists in use, ready for searching. The first call after a change builds them: a tenth of a second for 50,000 words."""
    return _here.words()


def forget() -> None:
    """Look anew at the next call, whatever the clock says: for whoever changed a list and wants to see what it does."""
    _here.expire()


class _Here:
    """The lists of this process. One thread builds, the others wait for it: they would build the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready: _Ready | None = None
        self._looked = -LOOK_EVERY

    def expire(self) -> None:
        self._looked = -LOOK_EVERY

    def words(self) -> Words:
        with self._lock:
            now = time.monotonic()
            if self._ready is None or now - self._looked >= LOOK_EVERY:
                signature = _signature()
                if self._ready is None or self._ready.signature != signature:
                    self._ready = _Ready(signature, _build())
                self._looked = now
            return self._ready.words


def _signature() -> Signature:
    row = WordList.objects.aggregate(count=Count("pk"), versions=Sum("version"), latest=Max("changed_at"))
    return row["count"], row["versions"] or 0, row["latest"]


def _build() -> Words:
    listed: dict[object, list[str]] = {}
    innocent: list[str] = []
    for list_id, text, is_innocent in Word.objects.filter(list__enabled=True).values_list("list", "text", "innocent").iterator():
        if is_innocent:
            innocent.append(text)
        else:
            listed.setdefault(list_id, []).append(text)
    lists = [
        Listed(row.name, row.category, Consequence(row.consequence), listed.get(row.pk, []), pinyin=row.pinyin)
        for row in WordList.objects.filter(enabled=True)
    ]
    return Words(lists, innocent=innocent)


_here = _Here()
