"""The record is dense, ordered, and tells which decisions hold."""

import pytest

from interview.states import ProgrammeState
from moderation import audit, decisions, intake
from moderation.models import Decision
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make.programme(state=ProgrammeState.LIVE)


@pytest.fixture
def chen(programme):
    return make.seated(programme, "moderator", user=make.user(name="陈审核"))


def test_numbers_are_dense_from_one(programme, chen):
    question = make.question(programme)
    numbers = [audit.record(question=question, action=action, by=chen).number for action in Decision.Action]
    assert numbers == [1, 2, 3]


def test_nobody_decided_yet(programme):
    assert audit.last_of(make.question(programme)) is None


def test_the_last_decision_of_a_question_is_its_latest(programme, chen):
    question = make.question(programme)
    decisions.approve(question=question, by=chen)
    decisions.take_back(question=question, by=chen)
    assert audit.last_of(question).action == "take_back"


def test_standing_are_the_decisions_that_hold_the_latest_first(programme, chen):
    kept, changed, returned, withdrawn = (make.question(programme) for _question in range(4))
    decisions.approve(question=kept, by=chen)
    decisions.approve(question=changed, by=chen)
    decisions.take_back(question=changed, by=chen)
    decisions.decline(question=changed, reason="legal", by=chen)
    decisions.approve(question=returned, by=chen)
    decisions.take_back(question=returned, by=chen)
    decisions.approve(question=withdrawn, by=chen)
    intake.withdraw(token=withdrawn.receipt_token)
    assert [(row.question, row.action) for row in audit.standing(programme)] == [(changed, "decline"), (kept, "approve")]
