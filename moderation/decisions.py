"""What a moderator does with a question: approve it, decline it with a reason, take a decision back."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from interview import questions
from interview.models import Question
from interview.programmes import locked
from interview.seats import may_moderate, must
from interview.states import QuestionState
from moderation import audit, inbox, leases
from moderation.audit import Action
from moderation.models import Record
from moderation.reasons import words_for
from realtime.commands import Refused


@transaction.atomic
def approve(*, question: Question, by: User) -> Question:
    """The question is approved (owed, once the programme has closed), recorded, and shown to the public and the desk.

    Raises Refused: forbidden, conflict (somebody else holds it or decided first; the sentence says who and what).
    """
    before = _open(question, by)
    return _settle(questions.approve(before), Action.APPROVE, by)


@transaction.atomic
def decline(*, question: Question, reason: str, words: str = "", by: User) -> Question:
    """The question is declined; its asker reads the reason and the words, ours where `words` is empty.

    Raises Refused as approve() does, and invalid for an unknown reason or words beyond the limit.
    """
    sentence = words_for(reason, words)
    before = _open(question, by)
    return _settle(questions.decline(before, reason=reason, words=sentence), Action.DECLINE, by, reason=reason, words=sentence)


@transaction.atomic
def take_back(*, question: Question, by: User) -> Question:
    """The decision no longer holds and the question waits for screening again; the record keeps both steps.

    Raises Refused: forbidden, conflict (nothing to take back, with a guest, answered or withdrawn).
    """
    before = _locked(question, by)
    if before.state == QuestionState.RECEIVED:
        raise Refused("conflict", f"提问 {before.label} 正在等待审核，没有可以收回的决定。")
    return _settle(questions.take_back(before), Action.TAKE_BACK, by)


def _locked(question: Question, by: User) -> Question:
    must(may_moderate(by, question.programme_id), "您不是本期的审核员，不能审核提问。")
    # Programme before question, as everywhere: of two moderators the second waits here and then sees what the first did.
    locked(question.programme)
    return Question.objects.select_for_update(of=("self",)).select_related("programme").get(pk=question.pk)


def _open(question: Question, by: User) -> Question:
    before = _locked(question, by)
    if before.state != QuestionState.RECEIVED:
        raise Refused("conflict", _who_was_first(before))
    leases.refuse_if_held(before, by=by)
    return before


def _who_was_first(question: Question) -> str:
    first = audit.last_of(question)
    if question.state == QuestionState.WITHDRAWN or first is None or first.by is None:
        return f"提问 {question.label} 现在是“{question.get_state_display()}”，您的决定没有执行。"
    what = first.get_action_display()
    if first.action == Action.DECLINE:
        what = f"{what}（{first.get_reason_display()}）"
    return f"提问 {question.label} 已由{first.by.name}在 {timezone.localtime(first.at):%H:%M:%S} 决定：{what}。您的决定没有执行。"


def _settle(question: Question, action: Record.Action, by: User, *, reason: str = "", words: str = "") -> Question:
    row = audit.record(question=question, action=action, by=by, reason=reason, words=words)
    leases.end(question)
    inbox.settle(question, row)
    return question
