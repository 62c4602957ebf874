"""The door to the moderators: what waits for screening, who holds it, what was decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from interview.models import Programme, Question
from interview.states import UNDECIDED, QuestionState
from moderation import audit
from moderation.models import Hold, Note, Record, Wording
from moderation.topics import INBOX
from realtime import publishing
from realtime.publishing import Position


@dataclass(frozen=True)
class Load:
    """How much waits in one programme, and since when the oldest.

    Of `waiting` some are put aside (`held`, `escalated`, `asked_back`), some wait for the second person (`screened`) and
    some for the second decision (`appealed`).
    """

    waiting: int
    oldest: datetime | None
    held: int = 0
    escalated: int = 0
    asked_back: int = 0
    screened: int = 0
    appealed: int = 0


def position(programme: Programme) -> Position:
    """Where the inbox stands; read before its content."""
    return publishing.position(_topic(programme.pk))


def waiting(programme: Programme) -> QuerySet[Question]:
    """What waits for a decision, the oldest first, with all that its partial touches."""
    return _whole(programme.questions.filter(state__in=UNDECIDED)).order_by("number")


def load(programme: Programme) -> Load:
    """How much waits, in one statement."""
    on_hold = {kind.value: Count("pk", filter=Q(hold__kind=kind)) for kind in Hold.Kind}
    row = programme.questions.filter(state__in=UNDECIDED).aggregate(
        waiting=Count("pk"),
        oldest=Min("received_at"),
        screened=Count("pk", filter=Q(state=QuestionState.SCREENED)),
        appealed=Count("pk", filter=Q(appeal__isnull=False, appeal__settled_at=None)),
        **on_hold,
    )
    return Load(**row)


def arrive(question: Question) -> None:
    """A question was received: it stands at the end of every inbox. Called by intake, in its transaction."""
    _tell(question, "question.arrived", state=True)


def show(question: Question) -> None:
    """Bring every inbox up to date with who holds a waiting question, and what stands beside it."""
    _tell(question, "question.changed")


def put_aside(question: Question) -> None:
    """A waiting question was put aside, or is back among the others. Called by holds."""
    _tell(question, "question.changed", state=True)


def reword(question: Question) -> None:
    """The words were changed a little: where it waits, and among what was decided. Called by edits."""
    _tell(question, "question.changed", decision=None if question.state == QuestionState.RECEIVED else audit.last_of(question))


def settle(question: Question, decision: Record) -> None:
    """A decision was made or taken back: the question leaves the inbox or returns to it. Called by decisions."""
    _tell(question, "question.changed", decision=decision, state=True)


def forget(question: Question) -> None:
    """The asker withdrew the question: it leaves every inbox, and its words leave the log. Called by intake."""
    publishing.redact(topic=_topic(question.programme_id), match=lambda data: data.get("question") == question.label)
    _tell(question, "question.changed", decision=audit.last_of(question), state=True)


def _whole(rows: QuerySet[Question]) -> QuerySet[Question]:
    """With who holds each, why it waits, its notes and its wordings, in a constant number of statements."""
    return rows.select_related("programme__rules", "lease__moderator", "hold__by", "appeal__against").prefetch_related(
        Prefetch("notes", queryset=Note.objects.select_related("by")), Prefetch("wordings", queryset=Wording.objects.select_related("by"))
    )


def _topic(programme_id: object) -> str:
    return INBOX.name(str(programme_id))


# What is pushed goes to everybody, so in the language of the site, not in that of the page somebody happened to act on.
@translation.override(settings.LANGUAGE_CODE)
def _tell(question: Question, kind: str, *, decision: Record | None = None, state: bool = False) -> None:
    # Read again: what the caller holds may be older than the change, and lacks the lease.
    question = _whole(Question.objects.all()).get(pk=question.pk)
    parts = [render_to_string("moderation/inbox_item.html", {"question": question})]
    data: dict[str, Any] = {"id": str(question.pk), "question": question.label, "state": question.state}
    if decision is not None:
        gone = question.state in {QuestionState.RECEIVED, QuestionState.WITHDRAWN}
        parts.append(render_to_string("moderation/decided_item.html", {"decision": decision, "question": question, "gone": gone}))
        data |= {"action": decision.action, "reason": decision.reason, "by": decision.actor}
    if state:
        parts.append(render_to_string("moderation/inbox_load.html", {"load": load(question.programme)}))
    publishing.publish(topic=_topic(question.programme_id), kind=kind, data=data, html="".join(parts))
