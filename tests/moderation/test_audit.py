"""The record is dense, ordered, and tells which decisions hold."""

import pytest
from django.db import transaction

from interview.states import ProgrammeState
from moderation import audit, decisions, intake
from moderation.models import Chain, Record
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_numbers_are_dense_from_one(programme, chen):
    question = make.question(programme)
    numbers = [audit.record(question=question, action=action, by=chen).number for action in Record.Action]
    assert numbers == list(range(1, len(Record.Action) + 1))


def test_each_row_is_bound_to_the_one_before_in_a_chain_of_its_programme_or_of_the_site(programme, chen):
    other = make.programme(state=ProgrammeState.LIVE)
    rows = [
        audit.record(question=make.question(programme), action=Record.Action.APPROVE, by=chen),
        audit.record(programme=other, action=Record.Action.RULES_CHANGE, by=chen, data={"two_stage": True}),
        audit.record(action=Record.Action.LIST_CHANGE, by=chen, data={"added": ["加微信"]}),
        audit.record(question=make.question(programme), action=Record.Action.DECLINE, by=chen, reason="legal", words="依法不宜公开。"),
        audit.record(action=Record.Action.LIST_CHANGE, by=None),
    ]
    assert [(row.chain_id, row.number) for row in rows] == [
        (str(programme.pk), 1), (str(other.pk), 1), ("site", 1), (str(programme.pk), 2), ("site", 2),
    ]  # fmt: skip
    assert [row.previous for row in rows] == ["", "", "", rows[0].digest, rows[2].digest]
    stored = [Record.objects.get(pk=row.pk) for row in rows]
    assert [audit.digest(row) for row in stored] == [row.digest for row in rows]
    ends = {chain.key: (chain.number, chain.digest) for chain in Chain.objects.all()}
    assert ends == {str(programme.pk): (2, rows[3].digest), str(other.pk): (1, rows[1].digest), "site": (2, rows[4].digest)}


def test_what_cannot_be_recorded_is_not_done(programme, chen):
    question = make.question(programme)
    with pytest.raises(TypeError), transaction.atomic():
        audit.record(question=question, action=Record.Action.NOTE, by=chen, data={"at": object()})
    assert list(Record.objects.all()) == []


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
