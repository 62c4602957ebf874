"""What a moderator does with a question: approve it, decline it with a reason, take a decision back."""

from functools import partial

from django.db import transaction

from accounts.models import User
from interview import questions
from interview.models import Question
from interview.states import QuestionState
from moderation import holds, rules, settlement, turns
from moderation.audit import Action
from moderation.models import Hold
from moderation.reason_texts import words_for
from realtime.commands import Refused


@transaction.atomic
def approve(*, question: Question, by: User, seen: int | None = None) -> Question:
    """The question is approved (owed, once the programme has closed), recorded, and shown to the public and the desk.

    Where two persons have to agree, the first one's approval makes it `screened`, and the second one's releases it.
    `seen` is the number of the wording that `by` had before them, if a page tells it. Raises Refused: forbidden, conflict
    (somebody else holds it or decided first, the words are new, another person has to agree; the sentence says what).
    """
    before = settlement.undecided(question, by=by, seen=seen)
    if rules.of(before.programme).two_stage:
        if before.state == QuestionState.RECEIVED:
            return settlement.settle(before, Action.SCREEN, by=by, move=questions.screen)
        turns.refuse_if_first(before, by=by)
    return settlement.settle(before, Action.APPROVE, by=by, move=questions.approve)


@transaction.atomic
def decline(*, question: Question, reason: str, words: str = "", by: User, seen: int | None = None) -> Question:
    """The question is declined; its asker reads the reason and the words, ours where `words` is empty.

    Raises Refused as approve() does, and invalid for an unknown reason or words beyond the limit. One person is enough.
    """
    sentence = words_for(reason, words)
    before = settlement.undecided(question, by=by, seen=seen)
    move = partial(questions.decline, reason=reason, words=sentence)
    return settlement.settle(before, Action.DECLINE, by=by, move=move, reason=reason, words=sentence)


@transaction.atomic
def take_back(*, question: Question, by: User) -> Question:
    """The decision no longer holds and the question waits for screening again; the record keeps both steps.

    What somebody put aside last is first of all not aside any more, as by holds.resume(). Raises Refused: forbidden,
    conflict (nothing to take back, with a guest, answered or withdrawn; decided on an appeal against `by`).
    """
    before = settlement.under_lock(question, by=by)
    if Hold.objects.filter(question=before, by__isnull=False).exists():
        return holds.resume(question=before, by=by)
    if before.state == QuestionState.RECEIVED:
        raise Refused("conflict", f"提问 {before.label} 正在等待审核，没有可以收回的决定。")
    turns.refuse_if_others(before, by=by)
    return settlement.settle(before, Action.TAKE_BACK, by=by, move=questions.take_back)
