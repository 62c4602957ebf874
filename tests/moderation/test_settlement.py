"""What ends with a decision, and in which order things are told."""

import pytest

from interview import questions
from interview.states import QuestionState
from moderation import leases, settlement
from moderation.audit import Action
from moderation.models import Hold, Lease, Record
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_with_a_decision_the_lease_and_the_hold_are_over(question, chen):
    leases.take(question=question, by=chen)
    Hold.objects.create(question=question, kind=Hold.Kind.HELD, by=None)
    settlement.settle(settlement.undecided(question, by=chen), Action.APPROVE, by=chen, move=questions.approve)
    assert (Lease.objects.count(), Hold.objects.count(), Record.objects.count()) == (0, 0, 1)


def test_whoever_was_asked_back_is_told_once_that_nothing_is_asked_any_more(programme, question, chen):
    for move, state in ((questions.screen, QuestionState.SCREENED), (questions.approve, QuestionState.APPROVED)):
        Hold.objects.create(question=question, kind=Hold.Kind.ASKED_BACK, words="请写明小区。", by=chen)
        before = len(make.events(f"receipt:{question.receipt_token}"))
        assert settlement.settle(settlement.undecided(question, by=chen), Action.SCREEN, by=chen, move=move).state == state
        assert len(make.events(f"receipt:{question.receipt_token}")) == before + 1


def test_the_receipt_of_others_is_not_touched_by_a_screening(question, chen):
    settlement.settle(settlement.undecided(question, by=chen), Action.SCREEN, by=chen, move=questions.screen)
    assert make.events(f"receipt:{question.receipt_token}") == []


def test_the_end_tells_whether_the_asker_was_asked_back(question, chen):
    assert settlement.end(question) is False
    for kind in Hold.Kind:
        Hold.objects.create(question=question, kind=kind, by=chen)
        assert settlement.end(question) is (kind == Hold.Kind.ASKED_BACK)


@pytest.mark.parametrize("state", sorted(set(QuestionState) - {QuestionState.RECEIVED, QuestionState.SCREENED}))
def test_what_is_decided_is_nobodys_to_decide(programme, chen, state):
    with pytest.raises(Refused) as caught:
        settlement.undecided(make.question(programme, state=state), by=chen)
    assert caught.value.code == "conflict"


def test_a_stranger_is_refused_before_anything_is_locked(question):
    with pytest.raises(Refused) as caught:
        settlement.under_lock(question, by=make.user())
    assert caught.value.code == "forbidden"
