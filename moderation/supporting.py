"""From a netizen's browser to a support (同问): who may, how often, and what the browser is told."""

from typing import Any
from uuid import UUID

from accounts.addresses import storable
from accounts.callers import Caller
from interview import support
from interview.models import Programme, Question
from interview.states import SHOWN
from moderation import throttle
from realtime.commands import Refused


def support_or_not(*, key: UUID, caller: Caller, wanted: bool) -> Question:
    """The visitor wants the same answer, or does not any more; the same again changes nothing. Both count against the limits.

    Raises Refused: no_visitor, not_found, throttled, conflict (one's own), closed.
    """
    if caller.visitor is None:
        raise Refused("no_visitor", "浏览器没有接受本站的 Cookie，同问没有记下。请允许 Cookie 后刷新页面，再点一次。")
    question = find(key)
    throttle.take(throttle.Supporter(caller.visitor, None if question.programme.rehearsal else caller.address))
    if wanted:
        return support.support(
            question=question, visitor=caller.visitor, address=storable(caller.address), cookie_age=_age(question.programme, caller)
        )
    return support.take_back(question=question, visitor=caller.visitor)


def _age(programme: Programme, caller: Caller) -> int | None:
    # Once no questions are taken, the page gives no cookie: the first one comes when somebody wants to press, and tells nothing.
    # In a rehearsal nobody reads before they press.
    return caller.cookie_age if programme.takes_questions and not programme.rehearsal else None


def find(key: UUID) -> Question:
    """A question the public may read, or the one it was merged into. Raises Refused (not_found)."""
    known = Question.objects.select_related("programme__unit", "merged_into__programme__unit").filter(pk=key).first()
    question = known and (known.merged_into or known)
    if question is None or question.state not in SHOWN or not question.programme.is_public:
        raise Refused("not_found", "没有找到这个提问，它可能已经撤下。请刷新页面。")
    return question


def key_of(text: str) -> UUID:
    """The key a form sent. Raises Refused (not_found) for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused("not_found", "没有找到这个提问，它可能已经撤下。请刷新页面。") from None


def answer(question: Question, *, wanted: bool) -> dict[str, Any]:
    """What the browser is told: the question, whether it is supported now, and by how many, null while that is hidden."""
    return {"question": str(question.pk), "supported": wanted, "supports": support.told(question)}
