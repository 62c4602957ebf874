"""What a reader of the fault tests has before it: the entries that came, and the place in the log up to which they did."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

import msgspec

_ELEMENT = re.compile(r'<p id="([^"]+)"[^>]*?(data-gone)?>([^<]*)</p>')


class Change(msgspec.Struct):
    """What one event does to a page: `text` None takes the entry away, `entry` None changes nothing."""

    number: int
    entry: str | None
    text: str | None
    at: float


@lru_cache(maxsize=512)
def understood(payload: bytes) -> dict[str, Any]:
    """What the server said. Everybody gets the same bytes, so they are understood once; whoever takes it must not change it."""
    said: dict[str, Any] = msgspec.json.decode(payload)
    if "events" in said:
        said["changes"] = [_change(event) for event in said["events"]]
    return said


def _change(event: list[Any]) -> Change:
    number, _kind, data, *html = event
    at = data.get("at", 0.0)
    if not html:
        return Change(number, data.get("id"), data.get("text"), at)
    found = _ELEMENT.search(html[0])
    if found is None:
        return Change(number, None, None, at)
    return Change(number, found[1], None if found[2] else found[3], at)


class Page:
    """One reader's page. `counts` is told of epochs that were not the page's own."""

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts
        self.entries: dict[str, str] = {}
        self.epoch, self.number = "", 0

    def forget(self) -> None:
        """Begin anew, with nothing."""
        self.entries, self.epoch, self.number = {}, "", 0

    def follows(self, epoch: str) -> None:
        """What comes now is of this epoch."""
        if self.epoch not in {"", epoch}:
            self._counts["foreign epochs"] += 1
        self.epoch = epoch

    def apply(self, changes: Sequence[Change]) -> list[Change] | None:
        """Do what the changes after the own number say, and return them; None, with nothing done, if something before them is missing."""
        fresh = [change for change in changes if change.number > self.number]
        if [change.number for change in fresh] != list(range(self.number + 1, self.number + 1 + len(fresh))):
            return None
        for change in fresh:
            if change.text is not None and change.entry is not None:
                self.entries[change.entry] = change.text
            elif change.entry is not None:
                self.entries.pop(change.entry, None)
        self.number += len(fresh)
        return fresh


class Company(Protocol):
    """Those a reader reads with: they have one topic, and count together. See tests/faults/readers.py."""

    counts: Counter[str]
    closes: Counter[int]
    latencies: list[float]
    connected_at: dict[int, list[float]]
    returns: list[tuple[float, float]]
    delivered: int
    door: asyncio.Event

    @property
    def topic(self) -> str: ...

    @property
    def ports(self) -> Sequence[int]: ...

    @property
    def cut_every(self) -> float: ...

    def absence(self, chance: random.Random) -> tuple[float, bool]: ...
