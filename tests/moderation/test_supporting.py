"""From the browser to a support: who, how often, and what is told."""

import pytest

from accounts.callers import Caller
from interview.models import Programme, Question, Support
from interview.states import ProgrammeState, QuestionState
from moderation import supporting
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return make.question(make.programme(state=ProgrammeState.LIVE), state=QuestionState.APPROVED)


def caller(visitor="li", address="192.0.2.1"):
    return Caller(user=None, visitor=visitor, address=address)


def press(question, who, *, wanted=True):
    return supporting.support_or_not(key=question.pk, caller=who, wanted=wanted)


def refusal(question, who, **words):
    with pytest.raises(Refused) as caught:
        press(question, who, **words)
    return caught.value.code, caught.value.detail


def test_wanted_and_not_any_more(question):
    told = [supporting.answer(press(question, caller(), wanted=wanted), wanted=wanted) for wanted in (True, True, False)]
    key = str(question.pk)
    assert told == [
        {"question": key, "supported": True, "supports": 1},
        {"question": key, "supported": True, "supports": 1},
        {"question": key, "supported": False, "supports": 0},
    ]


@pytest.mark.parametrize(("age", "kept"), [(0, 0), (2, 2), (3, None), (86_400, None), (None, None)])
def test_of_a_cookie_is_kept_only_that_it_was_made_this_moment(question, age, kept):
    press(question, Caller(user=None, visitor="li", address="192.0.2.1", cookie_age=age))
    assert Support.objects.get().cookie_age == kept


@pytest.mark.parametrize("changes", [{"state": ProgrammeState.ENDED}, {"rehearsal": True}])
def test_where_the_page_gives_no_cookie_or_nobody_reads_its_age_tells_nothing(question, changes):
    Programme.objects.update(**changes)
    press(question, Caller(user=None, visitor="li", address="192.0.2.1", cookie_age=0))
    assert Support.objects.get().cookie_age is None


def test_a_hidden_count_is_not_told(question):
    question.programme.supports_hidden = True
    question.programme.save()
    assert supporting.answer(press(question, caller()), wanted=True)["supports"] is None
    assert Question.objects.get().supports == 1


def test_without_a_cookie_nobody_is_counted(question):
    assert refusal(question, caller(None)) == (
        "no_visitor", "浏览器没有接受本站的 Cookie，同问没有记下。请允许 Cookie 后刷新页面，再点一次。",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "1", "x" * 36, "0190a1b2-0000-7000-8000-000000000000"])
def test_what_is_no_question_is_not_there(text):
    with pytest.raises(Refused) as caught:
        supporting.find(supporting.key_of(text))
    assert caught.value.code == "not_found"


def test_a_visitor_who_presses_too_often_is_told_how_long_to_wait(question, settings):
    settings.SUPPORT_LIMITS_PER_VISITOR = ["2/hour"]
    press(question, caller())
    press(question, caller(), wanted=False)
    code, detail = refusal(question, caller())
    assert (code, detail.startswith("同问太频繁了，请在"), Support.objects.count()) == ("throttled", True, 0)
    press(question, caller("wang"))


def test_an_address_counts_as_one_and_a_rehearsal_has_none(question, settings):
    settings.SUPPORT_LIMITS_PER_ADDRESS = ["1/hour"]
    press(question, caller("li", "2001:db8:1:2::3"))
    assert refusal(question, caller("wang", "2001:db8:1:2:ffff::4"))[0] == "throttled"
    press(question, caller("wang", "2001:db8:1:3::3"))
    question.programme.rehearsal = True
    question.programme.save()
    press(question, caller("zhao", "2001:db8:1:2::3"))


def test_supporting_counts_against_no_limit_of_asking(question, settings):
    settings.ASK_LIMITS_PER_VISITOR = ["1/hour"]
    press(question, caller())
    press(question, caller())


def test_what_is_kept_is_an_address_or_nothing(question):
    for visitor, address in (("li", "::ffff:192.0.2.7"), ("wang", "0.0.0.0")):
        press(question, caller(visitor, address))
    assert list(Support.objects.order_by("pk").values_list("address", flat=True)) == ["192.0.2.7", None]
