"""Whose turn it is: sentences that say who may decide, for those who may not."""

import pytest

from moderation import audit, turns
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
