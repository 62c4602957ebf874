"""Names of what may be listened to and who may listen, like addresses and views."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

# A key is an identifier or a token: nothing in it can mean something to a database, a log line or an HTML attribute.
_NAME = re.compile(r"([a-z][a-z_]{0,30}):([A-Za-z0-9_-]{1,120})")

TOPICS_LIMIT = 32  # topics one socket may join, and so the most that one page may follow
# Topics that are remembered to be public, so that thousands who come at once are not thousands of questions to the database.
REMEMBERED = 10_000


class Access(Enum):
    """What somebody may do with a topic."""

    NONE = "none"
    PERSONAL = "personal"  # may read it as long as they may: to be asked again
    PUBLIC = "public"


@dataclass(frozen=True)
class TopicPattern:
    """All topics `prefix:<key>`.

    `may_read(caller, key)` is called in a thread and may use the database. It is called at every join and again
    once a minute for as long as the reader stays. `public(key)`, likewise, says that everybody may read it, for
    ever: once true it is not asked again, and caches may keep what the topic says.
    """

    prefix: str
    may_read: Callable[[Any, str], bool]
    public: Callable[[str], bool] | None = None

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
        self._public: dict[str, None] = {}
        for pattern in patterns:
            if self._patterns.setdefault(pattern.prefix, pattern) is not pattern:
                raise ValueError(f"expected one pattern for each prefix, got a second one for {pattern.prefix!r}")

    def find(self, name: str) -> tuple[TopicPattern, str] | None:
        """The pattern a name belongs to and the key in it, or None. It says nothing about who may read."""
        match = _NAME.fullmatch(name)
        pattern = self._patterns.get(match[1]) if match else None
        return (pattern, match[2]) if match and pattern else None

    def is_known_public(self, name: str) -> bool:
        """Whether it was found out before that everybody may read this topic. Asks nobody."""
        return name in self._public

    def access(self, name: str, caller: Callable[[], Any]) -> Access:
        """What `caller()` may do with a topic; it is not called for a public one. In a thread: this may use the database."""
        if name in self._public:
            return Access.PUBLIC
        found = self.find(name)
        if found is None:
            return Access.NONE
        pattern, key = found
        if pattern.public is not None and pattern.public(key):
            if len(self._public) >= REMEMBERED:
                self._public = {}
            self._public[name] = None
            return Access.PUBLIC
        return Access.PERSONAL if pattern.may_read(caller(), key) else Access.NONE
