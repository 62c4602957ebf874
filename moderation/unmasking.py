"""Looking at personal data: for those who screen, one question at a time, and on the record."""

from django.db import transaction

from accounts.models import User
from interview.models import Question
from interview.seats import may_moderate, must
from moderation import audit
from moderation.models import Wording
from realtime.commands import Refused


@transaction.atomic
def unmask(*, question: Question, by: User) -> list[Wording]:
    """Every wording of the question, whole, in order; that `by` looked is recorded first. Raises Refused (forbidden, gone)."""
    must(may_moderate(by, question.programme_id), "您不是本期的审核员，不能查看个人信息。")
    wordings = list(question.wordings.select_related("by").order_by("number"))
    if question.state == Question.State.WITHDRAWN or not wordings:
        raise Refused("gone", f"提问 {question.label} 的原文已经没有了。")
    audit.record(action=audit.Action.UNMASK, by=by, question=question, data={"wordings": len(wordings)})
    return wordings
