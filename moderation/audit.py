"""The record of what was done in moderation: rows are added and read, by nobody changed."""

from datetime import UTC
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from interview.models import Programme, Question
from interview.states import SHOWN, QuestionState
from moderation import chain
from moderation.models import Chain, Record

Action = Record.Action

# What settles a question for the time being; everything else is told beside it.
DECISIONS = frozenset(
    {Action.APPROVE, Action.DECLINE, Action.SCREEN, Action.MERGE, Action.SPLIT, Action.TAKE_BACK, Action.REWRITE, Action.APPEAL}
)
UNDOING = frozenset({Action.TAKE_BACK, Action.SPLIT, Action.REWRITE, Action.APPEAL})


def record(
    *,
    action: Record.Action,
    by: User | None,
    question: Question | None = None,
    programme: Programme | None = None,
    reason: str = "",
    words: str = "",
    data: dict[str, Any] | None = None,
) -> Record:
    """Add the next row: of the question's programme, of `programme`, or of the whole site where neither is given.

    To be called in the transaction of the change, after the locks of programme and question and before anything is
    published; the row of the chain is locked from here on. What cannot be recorded is not done. This is the only place
    that writes a row. `data` must hold what JSON can, and no words of a netizen.
    """
    programme_id = question.programme_id if question else programme.pk if programme else None
    key = str(programme_id) if programme_id else Chain.SITE
    Chain.objects.get_or_create(key=key)
    end = Chain.objects.select_for_update().get(key=key)
    row = Record(
        chain=end, number=end.number + 1, programme_id=programme_id, question=question,
        action=action, reason=reason, words=words, data=data or {}, by=by, at=timezone.now(), previous=end.digest,
    )  # fmt: skip
    row.digest = digest(row)
    row.save()
    Chain.objects.filter(key=key).update(number=row.number, digest=row.digest)
    return row


def digest(row: Record) -> str:
    """The digest this row must have."""
    return chain.digest(columns(row), previous=row.previous)


def columns(row: Record) -> dict[str, Any]:
    """What is bound into the chain: everything but the digests, as an auditor's export shows it too."""
    return {
        "id": str(row.pk),
        "chain": row.chain_id,
        "number": row.number,
        "programme": str(row.programme_id) if row.programme_id else None,
        "question": str(row.question_id) if row.question_id else None,
        "action": str(row.action),
        "reason": str(row.reason),
        "words": row.words,
        "data": row.data,
        "by": str(row.by_id) if row.by_id else None,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def last_of(question: Question) -> Record | None:
    """The latest decision on a question, with who made it; None while nobody decided."""
    return Record.objects.filter(question=question, action__in=DECISIONS).select_related("by").order_by("-number").first()


def standing(programme: Programme) -> QuerySet[Record]:
    """The decisions that hold, the latest first: one for each question that is decided and not withdrawn."""
    later = Record.objects.filter(question=OuterRef("question"), action__in=DECISIONS, number__gt=OuterRef("number"))
    return (
        Record.objects.filter(programme=programme, action__in=DECISIONS - UNDOING)
        .filter(question__state__in=[*SHOWN, QuestionState.SCREENED, QuestionState.DECLINED, QuestionState.MERGED])
        .exclude(Exists(later))
        .select_related("question__programme", "question__merged_into", "by")
        .order_by("-number")
    )
