"""Whose turn it is: who may not decide about a question now, although they moderate its programme."""

from django.utils import timezone

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Question, Seat
from interview.states import QuestionState
from moderation import audit
from moderation.audit import Action
from moderation.models import Appeal, Hold, Record
from realtime.commands import Refused


def refuse_if_others(question: Question, *, by: User) -> None:
    """Raise Refused (conflict), with who may, where the question was escalated to the editors or is appealed against `by`."""
    refuse_if_escalated(question, by=by)
    refuse_if_appealed(question, by=by)


def refuse_if_escalated(question: Question, *, by: User) -> None:
    """Raise Refused (conflict) where an editor has to decide and `by` is none."""
    hold = Hold.objects.filter(question=question, kind=Hold.Kind.ESCALATED).select_related("by").first()
    if hold is not None and not is_editor(by):
        who = f"由{hold.by.name}" if hold.by else ""
        raise Refused("conflict", f"提问 {question.label} 已{who}上报，要由编辑决定；请先看别的提问。")


def refuse_if_appealed(question: Question, *, by: User) -> None:
    """Raise Refused (conflict) where `by` declined it before its asker rewrote it or appealed: another person has to decide."""
    if Appeal.objects.filter(question=question, against=by).exists():
        raise Refused("conflict", f"提问 {question.label} 是您决定不采用的，提问人改写或申诉以后要由别人决定：{_others(question, by)}。")


def refuse_if_first(question: Question, *, by: User) -> None:
    """Raise Refused (conflict) where `by` is the first of the two persons who have to agree.

    The first is whoever screened it or, after that, edited it: of the words that stand now they approved.
    """
    first = Record.objects.filter(question=question, action__in=[Action.SCREEN, Action.EDIT]).order_by("-number").first()
    if first is not None and first.by_id == by.pk:
        what = first.get_action_display()
        raise Refused("conflict", f"提问 {question.label} 的“{what}”是您做的，要由另一位审核员放行；您仍然可以不采用，或者收回。")


def who_was_first(question: Question, *, so: str) -> str:
    """For whoever comes second: who decided what and when, or what it is now where it was no moderator; and `so`, a sentence."""
    first = audit.last_of(question)
    if question.state in {QuestionState.WITHDRAWN, QuestionState.ANSWERED} or first is None or first.by is None:
        return f"提问 {question.label} 现在是“{question.get_state_display()}”，{so}"
    what = first.get_action_display()
    if first.action == Action.DECLINE:
        what = f"{what}（{first.get_reason_display()}）"
    return f"提问 {question.label} 已由{first.by.name}在 {timezone.localtime(first.at):%H:%M:%S} 决定：{what}。{so}"


def _others(question: Question, by: User) -> str:
    seats = Seat.objects.filter(programme=question.programme_id, role=Seat.Role.MODERATOR).exclude(user=by).select_related("user")
    names = "、".join(seat.user.name for seat in seats.order_by("user__name"))
    # An editor may moderate every programme; where there is no second moderator it has to be one.
    return f"请{names}或者编辑来决定" if names else "本期没有别的审核员，请编辑来决定，或者再安排一位审核员"
