"""What takes no number: reader counts and passing facts, coalesced, droppable, forgotten."""

from collections.abc import Container, Iterable
from typing import Any

READERS = "readers"
# How long another process is believed about its readers without renewal; it counts them every five seconds.
BELIEVED = 40.0  # seconds
LONGEST = 60.0  # seconds a passing fact may stay true without renewal


class Board:
    """The facts of every topic as this process knows them. `now` is any clock that only goes forward."""

    def __init__(self) -> None:
        self._facts: dict[str, dict[str, Any]] = {}
        self._until: dict[tuple[str, str], float] = {}
        self._counts: dict[str, dict[str, tuple[int, float]]] = {}
        self._due: dict[str, set[str]] = {}

    def tell(self, topic: str, fact: str, value: Any, *, seconds: float, now: float) -> None:
        """A fact holds for so many seconds from now."""
        self._until[topic, fact] = now + min(max(seconds, 0.0), LONGEST)
        self._set(topic, fact, value)

    def count(self, origin: str, counts: dict[str, int], *, now: float) -> None:
        """A process tells how many readers each topic has there."""
        for topic, number in counts.items():
            self._counts.setdefault(topic, {})[origin] = (number, now + BELIEVED)

    def sum_up(self, topics: Iterable[str], *, now: float) -> None:
        """Bring the fact "readers" of these topics up to date."""
        for topic in topics:
            counts = self._counts.get(topic, {})
            for origin in [origin for origin, (_, until) in counts.items() if until <= now]:
                del counts[origin]
            self._set(topic, READERS, sum(number for number, _ in counts.values()))

    def facts(self, topic: str) -> dict[str, Any]:
        """Everything that holds on a topic now, for a reader who just came."""
        return {fact: value for fact, value in self._facts.get(topic, {}).items() if value is not None}

    def due(self, now: float) -> dict[str, dict[str, Any]]:
        """By topic, the facts that changed since the last call; what has passed is null, once."""
        for (topic, fact), until in list(self._until.items()):
            if until <= now:
                del self._until[topic, fact]
                self._set(topic, fact, None)
        due = {topic: {fact: self._facts[topic][fact] for fact in sorted(facts)} for topic, facts in self._due.items()}
        self._due = {}
        for topic, facts in due.items():
            for fact, value in facts.items():
                if value is None:
                    del self._facts[topic][fact]
        return due

    def keep_only(self, topics: Container[str]) -> None:
        """Nobody here reads any other topic: what is known of them is forgotten."""
        for store in (self._facts, self._counts, self._due):
            for topic in [topic for topic in store if topic not in topics]:
                del store[topic]
        for key in [key for key in self._until if key[0] not in topics]:
            del self._until[key]

    def _set(self, topic: str, fact: str, value: Any) -> None:
        facts = self._facts.setdefault(topic, {})
        if facts.get(fact) != value:
            facts[fact] = value
            self._due.setdefault(topic, set()).add(fact)
