"""Names of what may be listened to and who may listen, like addresses and views."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

# A key is an identifier or a token: nothing in it can mean something to a database, a log line or an HTML attribute.
_NAME = re.compile(r"([a-z][a-z_]{0,30}):([A-Za-z0-9_-]{1,120})")


@dataclass(frozen=True)
class TopicPattern:
    """All topics `prefix:<key>`.

    `may_read(caller, key)` is called in a thread and may use the database. It is called at every join and again
    once a minute for as long as the reader stays, unless `recheck` is false: then who was let in once stays in,
    which suits topics that are open to everyone.
    """

    prefix: str
    may_read: Callable[[Any, str], bool]
    recheck: bool = True

    def name(self, key: str) -> str:
        """The full name of the topic with this key; raises ValueError if no reader could ever ask for it."""
        name = f"{self.prefix}:{key}"
        if not _NAME.fullmatch(name):
            raise ValueError(f"expected a topic name like prefix:key of letters, digits, - and _, got {name!r}")
        return name


class TopicTable:
    """Every topic that can be joined here; what it does not know does not exist."""

    def __init__(self, patterns: Iterable[TopicPattern]) -> None:
        self._patterns: dict[str, TopicPattern] = {}
        for pattern in patterns:
            if self._patterns.setdefault(pattern.prefix, pattern) is not pattern:
                raise ValueError(f"expected one pattern for each prefix, got a second one for {pattern.prefix!r}")

    def find(self, name: str) -> tuple[TopicPattern, str] | None:
        """The pattern a name belongs to and the key in it, or None. It says nothing about who may read."""
        match = _NAME.fullmatch(name)
        pattern = self._patterns.get(match[1]) if match else None
        return (pattern, match[2]) if match and pattern else None
