"""A script: who takes part in an interview, what is asked, how it is decided, what is answered, and when."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from interview.models import Question
from interview.text import NICKNAME_LIMIT, clean, clean_line

# In a file of messages: every ninth is declined and every seventh left unanswered, so that each fate is rehearsed.
DECLINE_EVERY = 9
LEAVE_EVERY = 7
# Seconds between two messages, from being asked to being answered.
MESSAGE_EVERY = 20
ANSWER_AFTER = 60


class BadScript(ValueError):
    """The file is no script; the text says where and what was expected."""


class Person(Struct, forbid_unknown_fields=True, frozen=True):
    """Somebody with a seat."""

    name: str


class ScriptGuest(Struct, forbid_unknown_fields=True, frozen=True):
    """A guest; `key` is what the turns call them, `unit` an organisation's name."""

    key: str
    name: str
    post: str
    unit: str = ""


class Asked(Struct, tag_field="kind", tag="question", forbid_unknown_fields=True, frozen=True):
    """A netizen asks at `at` seconds from the opening; without `answer_at` an approved question stays owed."""

    at: float
    text: str
    decision: str
    nickname: str = ""
    reason: str = ""
    words: str = ""
    answer_at: float | None = None
    answer_by: str = ""
    answer: str = ""


class Said(Struct, tag_field="kind", tag="remark", forbid_unknown_fields=True, frozen=True):
    """The host, or the guest of that key, speaks."""

    at: float
    by: str
    text: str


class Script(Struct, forbid_unknown_fields=True, frozen=True):
    """One interview from the first question asked in advance to the closing words."""

    title: str
    topic: str
    unit: str
    host: Person
    guests: list[ScriptGuest]
    turns: list[Asked | Said]
    introduction: str = ""
    minutes: int = 60
    start: datetime | None = None
    stenographer: Person = field(default_factory=lambda: Person(name="速录员"))
    moderators: list[Person] = field(default_factory=lambda: [Person(name="审核员")])

    @property
    def asked(self) -> list[Asked]:
        """The questions, in the order of their turns."""
        return [turn for turn in self.turns if isinstance(turn, Asked)]

    @property
    def said(self) -> list[Said]:
        """The remarks, in the order of their turns."""
        return [turn for turn in self.turns if isinstance(turn, Said)]


def read(path: Path) -> Script:
    """The script in a TOML file. Raises BadScript."""
    try:
        script = msgspec.toml.decode(path.read_bytes(), type=Script)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadScript(f"{path.name}: {error}") from None
    for place, complaint in _complaints(script):
        raise BadScript(f"{path.name}: turn {place}: {complaint}")
    return script


def from_messages(path: Path) -> Script:
    """A script of a file of messages, one JSON object a line with `nick`, `text` and `reply`. Raises BadScript.

    Each message is a netizen's question and its reply the guest's answer; every DECLINE_EVERYth is declined, every
    LEAVE_EVERYth (of the others) approved and left unanswered.
    """
    turns: list[Asked | Said] = [Said(at=0, by="host", text="各位网友好，访谈现在开始。")]
    for number, message in enumerate(_messages(path), start=1):
        at = number * MESSAGE_EVERY
        nickname = clean_line(str(message.get("nick", "")))[:NICKNAME_LIMIT]
        asked = {"at": at, "nickname": nickname, "text": str(message["text"])}
        if number % DECLINE_EVERY == 0:
            turns.append(Asked(**asked, decision="decline", reason="off_topic", words="这个问题不属于本期的主题，请向12345反映。"))
        elif number % LEAVE_EVERY == 0 or not clean(str(message.get("reply", ""))):
            turns.append(Asked(**asked, decision="approve"))
        else:
            turns.append(Asked(**asked, decision="approve", answer_at=at + ANSWER_AFTER, answer_by="guest", answer=str(message["reply"])))
    return Script(
        title=f"演练：{path.stem}",
        topic="按留言文件演练",
        introduction="用留言文件演练一次完整的访谈。",
        unit="演练单位",
        host=Person(name="演练主持"),
        guests=[ScriptGuest(key="guest", name="演练嘉宾", post="演练单位负责人")],
        turns=turns,
    )


def _messages(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                message = json.loads(line)
            except json.JSONDecodeError as error:
                raise BadScript(f"{path.name}: line {number}: expected a JSON object, got {error}") from None
            if not isinstance(message, dict) or not clean(str(message.get("text", ""))):
                raise BadScript(f"{path.name}: line {number}: expected an object with a text")
            yield message


def _complaints(script: Script) -> Iterator[tuple[int, str]]:
    keys = {guest.key for guest in script.guests}
    for place, turn in enumerate(script.turns, start=1):
        if isinstance(turn, Said):
            if turn.by not in keys | {"host"}:
                yield place, f"expected by = host or one of {sorted(keys)}, got {turn.by!r}"
        elif turn.decision not in {"approve", "decline", "wait"}:
            yield place, f"expected decision = approve, decline or wait, got {turn.decision!r}"
        elif turn.decision == "decline" and turn.reason not in Question.Reason.values:
            yield place, f"expected reason to be one of {Question.Reason.values}, got {turn.reason!r}"
        elif turn.answer_at is not None and (turn.answer_by not in keys or not turn.answer or turn.answer_at < turn.at):
            yield place, f"expected an answer by one of {sorted(keys)}, not before the question"
