"""The record of what moderators decided: rows are added and read, by nobody changed."""

from django.db.models import Exists, Max, OuterRef, QuerySet

from accounts.models import User
from interview.models import Programme, Question
from interview.states import SHOWN, QuestionState
from moderation.models import Decision

Action = Decision.Action


def record(*, question: Question, action: Decision.Action, by: User, reason: str = "", words: str = "") -> Decision:
    """Add the next row of the question's programme.

    To be called in the transaction of the change and under the programme's lock: it keeps the numbers dense and in the
    order of the decisions, which is also what a chain over the rows needs. This is the only place that writes a row.
    """
    last = Decision.objects.filter(programme=question.programme_id).aggregate(number=Max("number"))["number"] or 0
    return Decision.objects.create(
        programme_id=question.programme_id, number=last + 1, question=question, action=action, reason=reason, words=words, by=by
    )


def last_of(question: Question) -> Decision | None:
    """The latest decision on a question, with who made it; None while nobody decided."""
    return Decision.objects.filter(question=question).select_related("by").order_by("-number").first()


def standing(programme: Programme) -> QuerySet[Decision]:
    """The decisions that hold, the latest first: one for each question that is approved or declined and not withdrawn."""
    later = Decision.objects.filter(question=OuterRef("question"), number__gt=OuterRef("number"))
    return (
        Decision.objects.filter(programme=programme, question__state__in=[*SHOWN, QuestionState.DECLINED])
        .exclude(action=Action.TAKE_BACK)
        .exclude(Exists(later))
        .select_related("question__programme", "by")
        .order_by("-number")
    )
