"""Personal data is looked at by those who screen, and every look is on the record."""

import pytest

from interview.states import ProgrammeState
from moderation import unmasking, wordings
from moderation.models import Record
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    question = make.question(make.programme(state=ProgrammeState.LIVE), text="我的电话是［手机号］。")
    wordings.add(question=question, text="我的电话是13800138000。", by=None)
    return question


def test_the_wordings_are_whole_and_that_somebody_looked_is_recorded(question):
    chen = make.seated(question.programme, "moderator")
    assert [wording.text for wording in unmasking.unmask(question=question, by=chen)] == ["我的电话是13800138000。"]
    assert list(Record.objects.values_list("action", "question", "by", "data")) == [("unmask", question.pk, chen.pk, {"wordings": 1})]


@pytest.mark.parametrize("role", ["host", "stenographer"])
def test_nobody_else_looks(question, role):
    with pytest.raises(Refused) as caught:
        unmasking.unmask(question=question, by=make.seated(question.programme, role))
    assert (caught.value.code, Record.objects.count()) == ("forbidden", 0)


def test_of_a_withdrawn_question_nothing_is_shown(question):
    type(question).objects.filter(pk=question.pk).update(state="withdrawn")
    question.refresh_from_db()
    with pytest.raises(Refused) as caught:
        unmasking.unmask(question=question, by=make.editor())
    assert (caught.value.code, Record.objects.count()) == ("gone", 0)
