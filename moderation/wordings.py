"""The wordings of a question, kept whole beside what is shown of it."""

from typing import Any

from accounts.models import User
from interview.models import Question
from moderation.models import Wording


def add(*, question: Question, text: str, by: User | None, findings: list[dict[str, Any]] | None = None) -> Wording:
    """The next wording: of its asker, or of a moderator. Called under the lock of the question, in the transaction that changes it."""
    last = question.wordings.order_by("-number").first()
    return Wording.objects.create(question=question, number=last.number + 1 if last else 1, text=text, findings=findings or [], by=by)


def first(question: Question) -> Wording | None:
    """As it was sent; None for a question from before wordings were kept."""
    return question.wordings.order_by("number").first()


def latest(question: Question) -> Wording | None:
    """The wording that is shown now, whole."""
    return question.wordings.order_by("-number").first()
