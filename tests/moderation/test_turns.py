"""Whose turn it is: sentences that say who may decide, for those who may not."""

import pytest
import time_machine

from interview.states import QuestionState
from moderation import audit, decisions, turns
from moderation.models import Appeal, Hold
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make.programme()


def told(rule, question, by):
    try:
        rule(question, by=by)
    except Refused as refused:
        return refused.code, refused.detail
    return None


def test_a_question_nobody_put_aside_is_everybodys(question, chen):
    assert (told(turns.refuse_if_others, question, chen), told(turns.refuse_if_first, question, chen)) == (None, None)


@pytest.mark.parametrize("kind", [Hold.Kind.HELD, Hold.Kind.ASKED_BACK])
def test_what_is_only_held_is_everybodys_too(question, chen, kind):
    Hold.objects.create(question=question, kind=kind, by=None)
    assert told(turns.refuse_if_others, question, chen) is None


def test_what_was_escalated_is_the_editors(question, chen):
    Hold.objects.create(question=question, kind=Hold.Kind.ESCALATED, by=chen)
    assert told(turns.refuse_if_others, question, chen) == (
        "conflict", f"提问 {question.label} 已由陈审核上报，要由编辑决定；请先看别的提问。",
    )  # fmt: skip
    assert told(turns.refuse_if_others, question, make.editor()) is None


def test_an_appeal_names_those_who_may_decide_it(programme, question, chen):
    Appeal.objects.create(question=question, kind=Appeal.Kind.APPEAL, against=chen)
    start = f"提问 {question.label} 是您决定不采用的，提问人改写或申诉以后要由别人决定："
    assert told(turns.refuse_if_others, question, chen) == ("conflict", f"{start}本期没有别的审核员，请编辑来决定，或者再安排一位审核员。")
    others = [make.seated(programme, "moderator", user=make.user(name=name)) for name in ("丁审核", "林审核")]
    assert told(turns.refuse_if_others, question, chen) == ("conflict", f"{start}请丁审核、林审核或者编辑来决定。")
    assert [told(turns.refuse_if_others, question, by) for by in others] == [None, None]


def test_the_first_person_is_whoever_agreed_to_the_words_that_stand_now(programme, question, chen):
    lin = make.seated(programme, "moderator")
    for action, first, second in ((audit.Action.SCREEN, chen, lin), (audit.Action.EDIT, lin, chen), (audit.Action.NOTE, lin, chen)):
        by = chen if action != audit.Action.EDIT else lin
        audit.record(question=question, action=action, by=by)
        assert (told(turns.refuse_if_first, question, second), told(turns.refuse_if_first, question, first)[0]) == (None, "conflict")


def test_who_was_first_is_told_with_the_time_and_the_reason(question, chen):
    with time_machine.travel("2010-07-30T15:04:05+08:00", tick=False):
        decisions.decline(question=question, reason="advert", by=chen)
    question.refresh_from_db()
    told = turns.who_was_first(question, so="文字不能再改。")
    assert told == f"提问 {question.label} 已由陈审核在 15:04:05 决定：不采用（含广告）。文字不能再改。"


@pytest.mark.parametrize("state", [QuestionState.WITHDRAWN, QuestionState.ANSWERED])
def test_what_no_moderator_did_is_told_by_what_it_is_now(question, chen, state):
    decisions.approve(question=question, by=chen)
    question.state = state
    told = turns.who_was_first(question, so="不用再审核。")
    assert told == f"提问 {question.label} 现在是“{question.get_state_display()}”，不用再审核。"
