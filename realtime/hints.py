"""What one process tells the others: that topics moved, and what passes; losing it costs a delay, never an event."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Hint:
    """A bundle of hints. What comes later about the same thing replaces what came before.

    `moved`: topic → (number, generation). `passages`: (topic, fact) → (value, seconds it stays true).
    `readers`: topic → how many read it in the telling process.
    """

    moved: dict[str, tuple[int, int]] = field(default_factory=dict)
    passages: dict[tuple[str, str], tuple[Any, float]] = field(default_factory=dict)
    readers: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.moved or self.passages or self.readers)

    def absorb(self, later: "Hint") -> None:
        """Take over a later bundle. Heads only go up: commits may ring in another order than they happened."""
        for topic, head in later.moved.items():
            self.moved[topic] = max(head, self.moved.get(topic, head))
        self.passages.update(later.passages)
        self.readers.update(later.readers)

    def message(self) -> dict[str, Any]:
        """As a dictionary every channel layer can carry."""
        return {
            "moved": [[topic, *head] for topic, head in self.moved.items()],
            "passages": [[*key, *passage] for key, passage in self.passages.items()],
            "readers": [[topic, count] for topic, count in self.readers.items()],
        }

    @classmethod
    def read(cls, message: dict[str, Any]) -> "Hint":
        """From such a dictionary; raises ValueError, TypeError or KeyError if it is none."""
        return cls(
            moved={topic: (number, generation) for topic, number, generation in message["moved"]},
            passages={(topic, fact): (value, seconds) for topic, fact, value, seconds in message["passages"]},
            readers=dict(message["readers"]),
        )
