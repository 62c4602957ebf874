"""A script: who takes part in an interview, what is asked, how it is decided, what is answered, and when."""

import codecs
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from interview.models import Question
from interview.models.programme import LONGEST_MINUTES
from interview.text import INTAKE_LIMIT, NICKNAME_LIMIT, TooLong, clean, clean_line

# In a file of messages: every ninth is declined and every seventh left unanswered, so that each fate is rehearsed.
DECLINE_EVERY = 9
LEAVE_EVERY = 7
# Seconds between two messages, from being asked to being answered.
MESSAGE_EVERY = 20
ANSWER_AFTER = 60

# What the columns hold; whether the words themselves are acceptable is for the server to say.
Title = Annotated[str, Meta(min_length=1, max_length=120)]
Name = Annotated[str, Meta(min_length=1, max_length=40)]
Post = Annotated[str, Meta(max_length=80)]
Words = Annotated[str, Meta(max_length=INTAKE_LIMIT)]
# From half a year before the opening to a day after it; nothing that is no number.
Seconds = Annotated[float, Meta(ge=-180 * 86_400, le=86_400)]


class BadScript(ValueError):
    """The file is no script; the text says where and what was expected."""


class Person(Struct, forbid_unknown_fields=True, frozen=True):
    """Somebody with a seat."""

    name: Name


class ScriptGuest(Struct, forbid_unknown_fields=True, frozen=True):
    """A guest; `key` is what the turns call them, `unit` an organisation's name."""

    key: str
    name: Name
    post: Post
    unit: str = ""


class Asked(Struct, tag_field="kind", tag="question", forbid_unknown_fields=True, frozen=True):
    """A netizen asks at `at` seconds from the opening; without `answer_at` an approved question stays owed."""

    at: Seconds
    text: Words
    decision: str
    nickname: str = ""
    reason: str = ""
    words: str = ""
    answer_at: Seconds | None = None
    answer_by: str = ""
    answer: Words = ""


class Said(Struct, tag_field="kind", tag="remark", forbid_unknown_fields=True, frozen=True):
    """The host, or the guest of that key, speaks."""

    at: Seconds
    by: str
    text: Words


class Message(Struct, frozen=True):
    """One line of a file of messages; what else stands in it is not needed."""

    text: str
    nick: str | None = None
    reply: str | None = None


class Script(Struct, forbid_unknown_fields=True, frozen=True):
    """One interview from the first question asked in advance to the closing words."""

    title: Title
    topic: Title
    unit: Title
    host: Person
    guests: list[ScriptGuest]
    turns: list[Asked | Said]
    introduction: Annotated[str, Meta(max_length=4000)] = ""
    minutes: Annotated[int, Meta(ge=1, le=LONGEST_MINUTES)] = 60
    start: datetime | None = None
    editor: Person = field(default_factory=lambda: Person(name="编辑"))
    stenographer: Person = field(default_factory=lambda: Person(name="速录员"))
    moderators: Annotated[list[Person], Meta(min_length=1)] = field(default_factory=lambda: [Person(name="审核员")])

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
    for complaint in _complaints(script):
        raise BadScript(f"{path.name}: {complaint}")
    return script


def from_messages(path: Path) -> Script:
    """A script of a file of messages, one JSON object a line with `nick`, `text` and `reply`. Raises BadScript.

    Each message is a netizen's question and its reply the guest's answer; every DECLINE_EVERYth is declined, every
    LEAVE_EVERYth (of the others) approved and left unanswered.
    """
    turns = []
    for number, message in enumerate(_messages(path), start=1):
        at = number * MESSAGE_EVERY
        nickname = clean_line(message.nick or "")[:NICKNAME_LIMIT]
        asked = Asked(at=at, nickname=nickname, text=message.text, decision="approve")
        if number % DECLINE_EVERY == 0:
            words = "这个问题不属于本期的主题，请向12345反映。"
            turns.append(msgspec.structs.replace(asked, decision="decline", reason="off_topic", words=words))
        elif number % LEAVE_EVERY == 0 or not clean(message.reply or ""):
            turns.append(asked)
        else:
            turns.append(msgspec.structs.replace(asked, answer_at=at + ANSWER_AFTER, answer_by="guest", answer=message.reply or ""))
    if not turns:
        raise BadScript(f"{path.name}: expected at least one message, got none")
    return interview(title=f"演练：{path.stem}"[:120], topic="按留言文件演练", asked=turns)


def interview(*, title: str, topic: str, asked: Iterable[Asked]) -> Script:
    """The script of a rehearsal that is only about its questions: one host, who says good day, and one guest, called `guest`."""
    return Script(
        title=title,
        topic=topic,
        introduction="演练一次完整的访谈。",
        unit="演练单位",
        host=Person(name="演练主持"),
        guests=[ScriptGuest(key="guest", name="演练嘉宾", post="演练单位负责人")],
        turns=[Said(at=0, by="host", text="各位网友好，访谈现在开始。"), *asked],
    )


def _messages(path: Path) -> Iterator[Message]:
    for number, line in enumerate(path.read_bytes().removeprefix(codecs.BOM_UTF8).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            message = msgspec.json.decode(line.decode(), type=Message)
            text, _nick, _reply = [clean(words or "") for words in (message.text, message.nick, message.reply)]
        except (msgspec.DecodeError, UnicodeDecodeError, TooLong) as error:
            got = f"{error} characters" if isinstance(error, TooLong) else error
            raise BadScript(f"{path.name}: line {number}: expected a JSON object with text, nick and reply, got: {got}") from None
        if not text:
            raise BadScript(f"{path.name}: line {number}: expected a text, got none")
        yield message


def _complaints(script: Script) -> Iterator[str]:
    keys = {guest.key for guest in script.guests}
    for key, times in Counter(["host", *(guest.key for guest in script.guests)]).items():
        if times > 1:
            yield f"expected every guest to have a key of their own, other than host, got {key!r} twice"
    for place, turn in enumerate(script.turns, start=1):
        complaint = _said(turn, keys) if isinstance(turn, Said) else _asked(turn, keys)
        if complaint:
            yield f"turn {place}: {complaint}"


def _said(turn: Said, keys: set[str]) -> str:
    return "" if turn.by in keys | {"host"} else f"expected by = host or one of {sorted(keys)}, got {turn.by!r}"


def _asked(turn: Asked, keys: set[str]) -> str:
    if turn.decision not in {"approve", "decline", "wait"}:
        return f"expected decision = approve, decline or wait, got {turn.decision!r}"
    if turn.decision == "decline" and turn.reason not in Question.Reason.values:
        return f"expected reason to be one of {Question.Reason.values}, got {turn.reason!r}"
    if turn.answer_at is None:
        return ""
    if turn.decision != "approve":
        return f"expected no answer to a question that has decision = {turn.decision}"
    if turn.answer_by not in keys or not turn.answer or turn.answer_at < turn.at:
        return f"expected an answer by one of {sorted(keys)}, not before the question"
    return ""
