"""Who moves a question: every step is a compare-and-set on its one row; the loser is told what it is now."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from interview import desk, receipts, support, transcript
from interview.models import Guest, Programme, Question
from interview.programmes import locked
from interview.seats import may_lead, must
from interview.states import QUESTION_MOVES, SHOWN, UNDECIDED, WRAPPING_UP, ProgrammeState, QuestionState, sources
from realtime.commands import Refused

State = QuestionState
# What has been answered stands on the transcript, where corrections leave a revision.
REWORDABLE = UNDECIDED | {State.APPROVED, State.OWED}

_CLOSED = {
    ProgrammeState.DRAFT: "没有找到这期访谈。",
    ProgrammeState.POSTPONED: "访谈已延期，暂时不接受提问；重新预告后即可提问。",
    ProgrammeState.CANCELLED: "访谈已取消，不再接受提问。",
    ProgrammeState.ENDED: "访谈已经结束，不再接受提问。已通过而未答的提问会有书面答复。",
    ProgrammeState.ARCHIVED: "访谈已经结束并归档，不再接受提问。",
}


@transaction.atomic
def submit(
    *, programme: Programme, client_token: UUID, nickname: str, text: str, digest: str, visitor: str, address: str | None
) -> tuple[Question, bool]:
    """Store a cleaned question and number it; (question, True), or (the first one, False) for a token seen before.

    `text` is what anybody may read one day; `digest` is of what was sent (digest_of), by which a question sent twice is
    known. Called by intake only. The origin follows from the programme's state. Raises Refused: closed, conflict (the token
    was used for other words or by another visitor).
    """
    held = locked(programme)
    known = Question.objects.filter(programme=held, client_token=client_token).select_related("programme").first()
    if known is not None:
        if (known.digest, known.visitor) != (digest, visitor):
            raise Refused("conflict", "这条提问已经提交过，内容不同。请刷新页面后重新提问。")
        return known, False
    if not held.takes_questions:
        raise Refused("closed", _CLOSED[ProgrammeState(held.state)])
    Programme.objects.filter(pk=held.pk).update(questions_received=F("questions_received") + 1)
    number = Programme.objects.values_list("questions_received", flat=True).get(pk=held.pk)
    origin = Question.Origin.LIVE if held.is_live else Question.Origin.BEFORE
    question = Question.objects.create(
        programme=held,
        number=number,
        label=held.label(number),
        client_token=client_token,
        origin=origin,
        nickname=nickname,
        text=text,
        digest=digest,
        visitor=visitor,
        address=address,
    )
    return question, True


def digest_of(*, nickname: str, text: str) -> str:
    """SHA-256, in hexadecimal, of a nickname and a text as they were sent, after cleaning."""
    return hashlib.sha256(f"{nickname}\n{text}".encode()).hexdigest()


def find(token: str) -> Question:
    """The question of a receipt. Raises Question.DoesNotExist."""
    return Question.objects.select_related("programme", "put_to").get(receipt_token=token)


def waiting(programme: Programme) -> QuerySet[Question]:
    """Approved and not answered yet, by number: the public list before and during, the owed list after."""
    return programme.questions.filter(state__in=[State.APPROVED, State.OWED]).select_related("programme", "put_to").order_by("number")


@transaction.atomic
def approve(question: Question) -> Question:
    """Screened and good: it waits on the desk, or is owed at once when the programme has closed. Called by decisions."""
    held = locked(question.programme)
    target = State.OWED if held.state in WRAPPING_UP else State.APPROVED
    return _move(question, UNDECIDED, target, decided_at=timezone.now())


@transaction.atomic
def screen(question: Question) -> Question:
    """The first of two persons approves it; nobody outside of moderation is told. Called by decisions."""
    return _move(question, [State.RECEIVED], State.SCREENED)


@transaction.atomic
def decline(question: Question, *, reason: str, words: str) -> Question:
    """Not used, with a reason the asker reads. Called by decisions."""
    return _move(question, UNDECIDED, State.DECLINED, reason=reason, reason_words=words, decided_at=timezone.now())


@transaction.atomic
def take_back(question: Question) -> Question:
    """A decision is taken back: the question waits for screening again. Called by decisions. Refused once it is on air."""
    decided = {State.SCREENED, State.APPROVED, State.OWED, State.DECLINED}
    return _move(question, decided, State.RECEIVED, unless_put=True, reason="", reason_words="", decided_at=None)


@transaction.atomic
def reopen(question: Question, *, text: str | None = None) -> Question:
    """The asker has another go: it waits for screening again, in new words if there are any. Called by appeals."""
    words: dict[str, Any] = {} if text is None else {"text": text, "edited_at": None}
    states = UNDECIDED | {State.DECLINED}
    return _move(question, states, State.RECEIVED, reason="", reason_words="", decided_at=None, **words)


@transaction.atomic
def merge(question: Question, *, into: Question) -> Question:
    """It is answered together with `into`; what was merged into it goes along. Called by merging, which locked them all."""
    # First those who go along: a merged question never stands under another merged one.
    for child in merged_into(question):
        _set(child, State.MERGED, merged_into=into)
    fields: dict[str, Any] = {"merged_into": into, "reason": "", "reason_words": "", "decided_at": timezone.now()}
    after = _move(question, None, State.MERGED, unless_put=True, **fields)
    support.settle(into)
    return after


@transaction.atomic
def split(question: Question, *, along: Collection[Question] = ()) -> Question:
    """A merged question stands by itself again and waits for screening, with those `along` merged into it instead of its target.

    Called by merging, which locked them all and the target too.
    """
    target = question.merged_into
    after = _move(question, [State.MERGED], State.RECEIVED, merged_into=None, decided_at=None)
    for child in along:
        _set(child, State.MERGED, merged_into=after)
    assert target is not None
    support.settle(target)
    support.settle(after)
    return after


def merged_into(question: Question) -> list[Question]:
    """What was merged into this one, by number."""
    return list(question.merged.select_related("programme").order_by("number"))


@transaction.atomic
def reword(question: Question, *, text: str, edited_at: datetime | None) -> Question:
    """A moderator changed a little of what anybody may read, or, without a time, changed it back. Called by edits."""
    return _set(question, *REWORDABLE, unless_put=True, text=text, edited_at=edited_at)


@transaction.atomic
def withdraw(question: Question) -> Question:
    """The asker takes the question back, any time before it is answered. Called by intake.

    What was merged into it was split from it before (merging.release); of a merged one the target counts one asker less.
    """
    target = question.merged_into
    after = _move(question, None, State.WITHDRAWN, put_to=None, put_at=None, merged_into=None)
    if target is not None:
        support.settle(target)
    return after


@transaction.atomic
def put(*, question: Question, guest: Guest, by: User) -> Question:
    """The host puts an approved question to a guest; put again, it moves to the other guest. Raises Refused."""
    must(may_lead(by, question.programme_id), "只有主持人可以把提问交给嘉宾。")
    held = locked(question.programme)
    # Asked under the lock: an editor may have taken the guest off a moment ago.
    if not held.guests.filter(pk=guest.pk).exists():
        raise Refused("invalid", "这位嘉宾不在本期访谈中。")
    if held.state != ProgrammeState.LIVE:
        raise Refused("closed", "访谈不在直播中，不能交给嘉宾。")
    return _set(question, State.APPROVED, put_to=guest, put_at=timezone.now())


@transaction.atomic
def put_back(*, question: Question, by: User) -> Question:
    """The host takes a question back from the guest; the draft stays. Raises Refused."""
    must(may_lead(by, question.programme_id), "只有主持人可以收回提问。")
    return _set(question, State.APPROVED, put_to=None, put_at=None)


def mark_answered(question: Question) -> Question:
    """It has its answer. Called by answers, in the answer's transaction."""
    return _move(question, None, State.ANSWERED, answered_at=timezone.now())


def owe_all(programme: Programme) -> int:
    """At the close everything approved and unanswered becomes owed; the count. Called by schedule, in its transaction."""
    count = 0
    for question in waiting(programme).filter(state=State.APPROVED):
        _move(question, [State.APPROVED], State.OWED, put_to=None, put_at=None)
        count += 1
    return count


def _move(
    question: Question, allowed: Collection[str] | None, target: QuestionState, *, unless_put: bool = False, **fields: object
) -> Question:
    states = sources(QUESTION_MOVES, target) if allowed is None else allowed
    return _set(question, *states, unless_put=unless_put, state=target, **fields)


def _set(question: Question, *states: str, unless_put: bool = False, **fields: object) -> Question:
    # Programme first, then question, then topics: one order for everybody, or PostgreSQL ends one of two crossing verbs.
    locked(question.programme)
    before = Question.objects.select_for_update(of=("self",)).select_related("programme", "put_to").get(pk=question.pk)
    if unless_put and before.put_to_id:
        raise Refused("conflict", f"提问 {before.label} 已交给嘉宾，不能收回审核或改写；请先请主持人收回。")
    if before.state not in states:
        raise Refused("conflict", f"提问 {before.label} 现在是“{before.get_state_display()}”，这一步没有执行。")
    # The row is locked where the database can; the condition repeats it where it cannot.
    if not Question.objects.filter(pk=before.pk, state=before.state, put_to=before.put_to_id).update(**fields):
        raise Refused("conflict", f"提问 {before.label} 刚刚被别人处理，这一步没有执行。")
    after = Question.objects.select_related("programme", "put_to").get(pk=before.pk)
    _show(before, after)
    return after


def _show(before: Question, after: Question) -> None:
    shown_before, shown = before.state in SHOWN, after.state in SHOWN
    if shown and shown_before and before.text != after.text:
        # The earlier words may have been changed for a reason.
        transcript.forget_question(after)
        desk.forget(after)
    if shown:
        transcript.show_question(after)
        desk.show(after)
    elif shown_before:
        transcript.hide_question(after)
        desk.hide(after)
    if before.put_to is not None and before.put_to_id != after.put_to_id:
        desk.clear(after, guest=before.put_to)
    if after.state == State.WITHDRAWN:
        receipts.forget(after)
    if _told(before) != _told(after):
        receipts.show(after)
    if before.state != after.state:
        for merged in after.merged.select_related("programme", "merged_into__programme").order_by("number"):
            receipts.show(merged)


def _told(question: Question) -> tuple[object, ...]:
    """What the asker reads of it."""
    return receipts.state_of(question), question.text, question.edited_at, question.merged_into_id
