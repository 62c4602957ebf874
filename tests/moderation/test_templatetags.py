"""What the templates of asking and screening read."""

from datetime import timedelta
from uuid import UUID

import pytest

from interview.models import Question
from moderation import wordings
from moderation.highlights import Piece
from moderation.models import Hold, Wording
from moderation.reasons import WORDS
from moderation.templatetags.inbox import aside, flags, own, places, shown
from moderation.templatetags.moderation import limit, new_token, pieces, reasons, wait
from tests import scenes as make


def test_every_form_has_a_token_of_its_own():
    first, second = new_token(), new_token()
    assert first != second
    assert str(UUID(first)) == first


def test_the_limits_are_those_of_the_form():
    assert (limit("text"), limit("nickname")) == (1_000, 20)


@pytest.mark.django_db
def test_the_reasons_are_chosen_by_the_keys_one_to_seven():
    rows = reasons()
    assert [row["key"] for row in rows] == list("1234567")
    assert [row["code"] for row in rows] == Question.Reason.values
    assert {row["code"]: row["words"] for row in rows} == dict(WORDS)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1秒"), (0.2, "1秒"), (40, "40秒"), (60, "1分钟"), (61, "2分钟"), (3600, "1小时"), (47 * 3600, "47小时"), (48 * 3600 + 1, "3天")],
)
def test_a_wait_is_told_in_the_largest_unit_that_says_something(seconds, said):
    assert wait(timedelta(seconds=seconds)) == said


def test_a_wording_is_cut_with_personal_data_behind_its_label():
    found = {
        "start": 2,
        "end": 13,
        "found": "［手机号］",
        "kind": "personal",
        "why": "像是手机号码。",
        "consequence": "mark",
        "category": "mobile",
    }
    assert pieces(Wording(text="请打13800138000", findings=[found])) == [
        Piece("请打"), Piece("［手机号］", "像是手机号码。", "personal", "mark"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_question_says_which_views_it_belongs_to_and_where_it_stands_in_each_order():
    question = make.question(make.programme(), supports=3)
    assert (flags(question), shown(question)) == ("open all", None)
    assert places(question) == 'data-order="000001" data-order-supports="000003.999998" data-order-noticed="000000.999998"'


@pytest.mark.django_db
def test_the_last_wording_is_shown():
    question = make.question(make.programme())
    for text in ("一", "二"):
        last = wordings.add(question=question, text=text, by=None)
    assert shown(question) == last


@pytest.mark.django_db
def test_of_an_edited_question_the_askers_wording_is_told():
    question, editor = make.question(make.programme()), make.user()
    first = wordings.add(question=question, text="一", by=None)
    wordings.add(question=question, text="二", by=editor)
    assert (own(question), own(make.question(make.programme()))) == (first, None)


@pytest.mark.django_db
def test_how_a_question_was_put_aside_is_told_in_the_words_of_the_queue():
    question = make.question(make.programme())
    assert aside(question) == ""
    Hold.objects.create(question=question, kind=Hold.Kind.ESCALATED)
    assert aside(Question.objects.get(pk=question.pk)) == "已上报"
