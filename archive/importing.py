"""Interviews held before this system, taken over from a record: its words, its people and its times."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import CharField, Model
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Answer, Entry, Guest, Programme, Question
from interview.seats import must
from interview.states import ProgrammeState, QuestionState
from interview.text import clean, clean_line
from organisations.models import Organisation
from realtime.commands import Refused

# From these and the record's key come the tokens of imported questions: the same record gives the same rows.
_TOKENS = UUID("6b8f3f5e-5d1c-4f0a-9a51-6f1f0a4f2c11")


@dataclass(frozen=True)
class ImportedGuest:
    """Somebody who answered; `key` names them within the record."""

    key: str
    name: str
    post: str
    organisation: Organisation | None = None


@dataclass(frozen=True)
class ImportedRemark:
    """What the host (no guest) or a guest said."""

    at: datetime
    text: str
    guest: str | None = None


@dataclass(frozen=True)
class ImportedAnswer:
    """What was answered, by a guest on air or (no guest) by the unit in writing."""

    at: datetime
    text: str
    guest: str | None = None


@dataclass(frozen=True)
class ImportedQuestion:
    """What a netizen asked and what became of it: answered, declined with a reason, or (neither) still owed."""

    received_at: datetime
    text: str
    nickname: str = ""
    answer: ImportedAnswer | None = None
    reason: str = ""
    reason_words: str = ""


ImportedTurn = ImportedRemark | ImportedQuestion


@dataclass(frozen=True)
class ImportedProgramme:
    """One past interview. `key` names the record for ever: importing it again finds the same programme."""

    key: str
    title: str
    topic: str
    unit: Organisation
    opened_at: datetime
    host: str = ""
    introduction: str = ""
    planned_minutes: int = 60
    closed_at: datetime | None = None
    announced_at: datetime | None = None
    guests: list[ImportedGuest] = field(default_factory=list)
    turns: list[ImportedTurn] = field(default_factory=list)


@transaction.atomic
def import_transcript(record: ImportedProgramme, *, by: User) -> Programme:
    """The interview of the record, ended, marked as imported, and ready for portal.publish; the same record again is the same.

    Times are those of the record, not the server's: this is the one door through which that is so, and everything behind
    it says so. Questions are numbered in the order they were received, entries in the order they were said; a question
    stands directly before its answer. Nobody is told: readers were not there. Raises Refused (forbidden, invalid).
    """
    must(is_editor(by), "只有编辑可以导入访谈。")
    known = Programme.objects.filter(imported_from=record.key).first()
    if known is not None:
        return known
    _check(record)
    asked = sorted((turn for turn in record.turns if isinstance(turn, ImportedQuestion)), key=lambda turn: turn.received_at)
    programme = Programme.objects.create(
        state=ProgrammeState.ENDED,
        title=clean_line(record.title),
        topic=clean_line(record.topic),
        introduction=clean(record.introduction),
        unit=record.unit,
        planned_start=record.opened_at,
        planned_minutes=record.planned_minutes,
        announced_at=record.announced_at,
        opened_at=record.opened_at,
        closed_at=record.closed_at or _end(record),
        created_by=by,
        questions_received=len(asked),
        imported_from=record.key,
    )
    guests = {
        guest.key: Guest.objects.create(
            programme=programme, name=clean_line(guest.name), post=clean_line(guest.post), organisation=guest.organisation, order=order
        )
        for order, guest in enumerate(record.guests)
    }
    questions = {id(turn): _question(programme, turn, number) for number, turn in enumerate(asked, start=1)}
    Question.objects.bulk_create(questions.values())
    answers = {id(turn): _answer(turn.answer, questions[id(turn)], guests, by=by) for turn in asked if turn.answer}
    Answer.objects.bulk_create(answers.values())
    entries: list[Entry] = []
    for turn in _in_order(record.turns):
        if isinstance(turn, ImportedRemark):
            entries.append(_remark(turn, record, guests, by=by))
        else:
            entries += _exchange(questions[id(turn)], answers[id(turn)])
    for position, entry in enumerate(entries, start=1):
        entry.programme, entry.position = programme, position
    Entry.objects.bulk_create(entries)
    programme.entries_published = len(entries)
    programme.save(update_fields=["entries_published"])
    return programme


def _check(record: ImportedProgramme) -> None:
    keys = [guest.key for guest in record.guests]
    unknown = sorted({key for key in _speakers(record.turns) if key not in keys})
    if not record.key or len(set(keys)) != len(keys) or unknown:
        raise Refused("invalid", _("记录不完整：缺少编号，嘉宾重复，或发言人不在嘉宾之中（%s）。") % "、".join(unknown))
    naive = [moment for moment in _moments(record) if moment.tzinfo is None]
    if naive:
        raise Refused("invalid", _("记录里的时间没有写时区：%s。") % naive[0].isoformat())
    reasons = {turn.reason for turn in record.turns if isinstance(turn, ImportedQuestion)} - {"", *Question.Reason.values}
    if reasons:
        raise Refused("invalid", _("不认识的未采用原因：%s。") % "、".join(sorted(reasons)))
    if any(isinstance(turn, ImportedQuestion) and turn.answer and turn.reason for turn in record.turns):
        raise Refused("invalid", _("一条提问不能既已答复又未采用。"))
    if any(not clean(text) for text in _texts(record.turns)):
        raise Refused("invalid", _("记录里有空白的发言、提问或答复。"))
    for name, limit, words in _limited(record):
        if len(words) > limit:
            raise Refused("invalid", _("记录里的%(name)s最多%(limit)s字：%(words)s…") % {"name": name, "limit": limit, "words": words[:20]})


def _speakers(turns: Iterable[ImportedTurn]) -> Iterator[str]:
    for turn in turns:
        key = turn.guest if isinstance(turn, ImportedRemark) else turn.answer.guest if turn.answer else None
        if key is not None:
            yield key


def _texts(turns: Iterable[ImportedTurn]) -> Iterator[str]:
    for turn in turns:
        yield turn.text
        if isinstance(turn, ImportedQuestion) and turn.answer:
            yield turn.answer.text


def _limited(record: ImportedProgramme) -> Iterator[tuple[str, int, str]]:
    """What is stored in columns of a fixed width: its name, how many characters it may have, and what was given."""
    fields: list[tuple[str, type[Model], str, str]] = [
        (_("编号"), Programme, "imported_from", record.key),
        (_("标题"), Programme, "title", record.title),
        (_("主题"), Programme, "topic", record.topic),
        (_("主持人"), Entry, "speaker", record.host),
    ]
    for guest in record.guests:
        fields += [(_("嘉宾姓名"), Guest, "name", guest.name), (_("嘉宾职务"), Guest, "post", guest.post)]
    for turn in record.turns:
        if isinstance(turn, ImportedQuestion):
            fields += [(_("昵称"), Question, "nickname", turn.nickname), (_("未采用说明"), Question, "reason_words", turn.reason_words)]
    for name, model, column, words in fields:
        yield name, cast("CharField", model._meta.get_field(column)).max_length or 0, words


def _moments(record: ImportedProgramme) -> Iterator[datetime]:
    yield from (moment for moment in (record.opened_at, record.closed_at, record.announced_at) if moment)
    for turn in record.turns:
        yield turn.at if isinstance(turn, ImportedRemark) else turn.received_at
        if isinstance(turn, ImportedQuestion) and turn.answer:
            yield turn.answer.at


def _end(record: ImportedProgramme) -> datetime:
    return record.opened_at + timedelta(minutes=record.planned_minutes)


def _in_order(turns: Iterable[ImportedTurn]) -> list[ImportedTurn]:
    """Those that stand on the transcript, by when they were said there."""
    said: list[tuple[datetime, ImportedTurn]] = [(turn.at, turn) for turn in turns if isinstance(turn, ImportedRemark)]
    said += [(turn.answer.at, turn) for turn in turns if isinstance(turn, ImportedQuestion) and turn.answer]
    return [turn for _at, turn in sorted(said, key=lambda pair: pair[0])]


def _question(programme: Programme, turn: ImportedQuestion, number: int) -> Question:
    state = QuestionState.ANSWERED if turn.answer else QuestionState.DECLINED if turn.reason else QuestionState.OWED
    return Question(
        programme=programme,
        number=number,
        label=programme.label(number),
        client_token=uuid5(_TOKENS, f"{programme.imported_from}#{number}"),
        origin=Question.Origin.BEFORE if turn.received_at < programme.planned_start else Question.Origin.LIVE,
        nickname=clean_line(turn.nickname),
        text=clean(turn.text),
        visitor="",
        state=state,
        reason=turn.reason,
        reason_words=clean_line(turn.reason_words),
        received_at=turn.received_at,
        answered_at=turn.answer.at if turn.answer else None,
    )


def _answer(said: ImportedAnswer, question: Question, guests: dict[str, Guest], *, by: User) -> Answer:
    guest = guests[said.guest] if said.guest else None
    return Answer(
        question=question,
        guest=guest,
        organisation=None if guest else question.programme.unit,
        mode=Answer.Mode.LIVE if guest else Answer.Mode.WRITTEN,
        text=clean(said.text),
        by=by,
        at=said.at,
    )


def _remark(turn: ImportedRemark, record: ImportedProgramme, guests: dict[str, Guest], *, by: User) -> Entry:
    guest = guests[turn.guest] if turn.guest else None
    return Entry(
        kind=Entry.Kind.REMARK,
        voice=Entry.Voice.GUEST if guest else Entry.Voice.HOST,
        speaker=guest.name if guest else clean_line(record.host) or "主持人",
        post=guest.post if guest else "",
        guest=guest,
        text=clean(turn.text),
        by=by,
        at=turn.at,
    )


def _exchange(question: Question, answer: Answer) -> list[Entry]:
    guest, unit = answer.guest, answer.organisation
    asked = Entry(
        kind=Entry.Kind.QUESTION, voice=Entry.Voice.NETIZEN, speaker=question.asker, question=question, text=question.text, at=answer.at
    )
    replied = Entry(
        kind=Entry.Kind.ANSWER,
        voice=Entry.Voice.GUEST,
        speaker=guest.name if guest else unit.name if unit else "",
        post=guest.post if guest else "",
        guest=guest,
        question=question,
        answer=answer,
        text=answer.text,
        by=answer.by,
        at=answer.at,
    )
    return [asked, replied]
