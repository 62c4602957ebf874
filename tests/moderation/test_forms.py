"""The form cleans before it judges; what it says is tested with intake."""

from uuid import uuid4

import pytest

from moderation.forms import AskForm
from tests import scenes as make

pytestmark = pytest.mark.django_db


def form(**changes):
    return AskForm({"nickname": "湖滨老李", "text": "水压什么时候恢复？", "token": str(uuid4())} | changes, programme=make.programme())


def test_names_are_one_line_and_texts_keep_their_lines():
    asked = form(nickname=" 湖滨\n老李\u200b ", text="第一行\r\n\r\n\r\n第二行\u202e ")
    assert asked.is_valid()
    assert (asked.cleaned_data["nickname"], asked.cleaned_data["text"]) == ("湖滨 老李", "第一行\n\n第二行")


def test_a_null_character_is_removed_not_complained_about():
    assert form(text="水\x00压？").is_valid()


def test_what_was_typed_stays_in_the_form():
    long = "水" * 1_001
    asked = form(text=long, nickname="主持人")
    assert not asked.is_valid()
    assert (asked["text"].value(), asked["nickname"].value()) == (long, "主持人")


@pytest.mark.parametrize("nickname", ["陈\u200b志远", "陳志远", "陈 志 远"])
def test_the_people_of_the_programme_are_known(nickname):
    programme = make.programme()
    make.guest(programme, name="陈志远")
    asked = AskForm({"nickname": nickname, "text": "水", "token": str(uuid4())}, programme=programme)
    assert list(asked.errors) == ["nickname"]


def test_the_people_of_another_programme_are_nobody_here():
    make.guest(make.programme(), name="陈志远")
    assert form(nickname="陈志远").is_valid()


def test_the_number_of_statements_does_not_grow_with_the_people(django_assert_num_queries):
    for size in (1, 3):
        programme = make.programme()
        for _person in range(size):
            make.guest(programme, organisation=make.organisation())
            make.seated(programme, "moderator")
        asked = AskForm({"nickname": "湖滨老李", "text": "水", "token": str(uuid4())}, programme=programme)
        with django_assert_num_queries(2):
            assert asked.is_valid()
