"""The wordings of a question, kept whole beside what is shown of it."""

from collections.abc import Iterable
from dataclasses import asdict

from accounts.models import User
from interview.models import Question
from moderation.models import Wording
from moderation.screening.findings import Finding


def add(*, question: Question, text: str, by: User | None, findings: Iterable[Finding] = ()) -> Wording:
    """The next wording: of its asker, or of a moderator. Called under the lock of the question, in the transaction that changes it."""
    last = question.wordings.order_by("-number").first()
    rows = [asdict(finding) for finding in findings]
    return Wording.objects.create(question=question, number=last.number + 1 if last else 1, text=text, findings=rows, by=by)


def first(question: Question) -> Wording | None:
    """As it was sent; None for a question from before wordings were kept."""
    return question.wordings.order_by("number").first()


def latest(question: Question) -> Wording | None:
    """The wording that is shown now, whole."""
    return question.wordings.order_by("-number").first()
