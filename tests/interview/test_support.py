"""Wanting the same answer: counted without counting anybody twice, told by a pulse and by nobody's event."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from interview import support
from interview.models import Programme, Question, Support
from interview.states import ProgrammeState, QuestionState
from realtime.commands import Refused
from realtime.hints import Hint
from realtime.models import Event
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make.programme(state=ProgrammeState.LIVE)


@pytest.fixture
def question(programme):
    return make.question(programme, state=QuestionState.APPROVED, visitor="asker")


def want(question, *visitors):
    for visitor in visitors:
        support.support(question=question, visitor=visitor, address="192.0.2.1")


def counted(question):
    return Question.objects.values_list("supports", flat=True).get(pk=question.pk)


def refusal(verb, question, visitor="li"):
    before = list(Support.objects.values_list("question", "visitor")), counted(question)
    words = {"address": None} if verb is support.support else {}
    with pytest.raises(Refused) as caught:
        verb(question=question, visitor=visitor, **words)
    assert (list(Support.objects.values_list("question", "visitor")), counted(question)) == before
    return caught.value.code


def merge(question, into):
    Question.objects.filter(pk=question.pk).update(state=QuestionState.MERGED, merged_into=into)
    return support.recount(into)


def test_everybody_counts_once_however_often_they_press(question):
    want(question, "li", "wang", "li")
    assert (counted(question), list(Support.objects.order_by("pk").values_list("visitor", "address"))) == (
        2, [("li", "192.0.2.1"), ("wang", "192.0.2.1")],
    )  # fmt: skip


def test_the_count_comes_back_with_the_question(question):
    want(question, "li")
    assert support.support(question=question, visitor="wang", address=None).supports == 2
    assert support.take_back(question=question, visitor="wang").supports == 1


def test_what_is_taken_back_no_longer_counts_and_may_be_wanted_again(question):
    want(question, "li", "wang")
    for _again in range(2):
        support.take_back(question=question, visitor="li")
    assert (counted(question), support.is_supported(question, visitor="li")) == (1, False)
    want(question, "li")
    assert (counted(question), support.is_supported(question, visitor="li")) == (2, True)


def test_nobody_supports_their_own(question):
    assert refusal(support.support, question, "asker") == "conflict"


@pytest.mark.parametrize("state", sorted(set(QuestionState) - {QuestionState.APPROVED, QuestionState.OWED, QuestionState.ANSWERED}))
def test_what_the_public_cannot_read_is_not_there(programme, state):
    target = make.question(programme) if state == QuestionState.MERGED else None
    question = make.question(programme, state=state, merged_into=target)
    assert [refusal(verb, question) for verb in (support.support, support.take_back)] == ["not_found"] * 2


@pytest.mark.parametrize("state", [QuestionState.OWED, QuestionState.ANSWERED])
def test_what_is_owed_or_answered_may_be_wanted(programme, state):
    question = make.question(programme, state=state)
    want(question, "li")
    assert counted(question) == 1


@pytest.mark.parametrize(("state", "code"), [(ProgrammeState.ARCHIVED, "closed"), (ProgrammeState.DRAFT, "not_found")])
def test_a_programme_that_is_archived_or_not_public_takes_none(question, state, code):
    make.move(question.programme, state)
    assert [refusal(verb, question) for verb in (support.support, support.take_back)] == [code] * 2


def test_a_merged_question_brings_its_supporters_and_its_asker_once(programme, question):
    other, third = (make.question(programme, state=QuestionState.APPROVED, visitor=name) for name in ("chen", "li"))
    want(question, "li", "wang")
    want(other, "wang", "zhao", "asker")
    # Li asked the third, Wang supports two, the asker of the first supports the second: everybody once, the asker never.
    assert [merge(other, question), merge(third, question), counted(question)] == [4, 4, 4]
    Question.objects.filter(pk=other.pk).update(state=QuestionState.RECEIVED, merged_into=None)
    assert support.recount(question) == 2


def test_pressing_a_merged_question_is_pressing_the_one_it_was_merged_into(programme, question):
    other = make.question(programme, state=QuestionState.APPROVED, visitor="chen")
    want(other, "wang")
    merge(other, question)
    want(other, "li")
    assert (counted(question), counted(other), Support.objects.filter(question=question).get().visitor) == (3, 1, "li")
    assert support.is_supported(question, visitor="wang")
    support.take_back(question=question, visitor="wang")
    assert counted(question) == 2


def test_what_is_struck_out_does_not_count_until_it_is_restored(question):
    editor = make.editor()
    want(question, "li", "wang", "zhao")
    keys = list(Support.objects.order_by("pk").values_list("pk", flat=True))
    assert support.strike(question=question, supports=keys[:2], by=editor) == keys[:2]
    assert support.strike(question=question, supports=keys[:2], by=editor) == []
    assert (counted(question), Support.objects.filter(struck_by=editor, struck_at__isnull=False).count()) == (1, 2)
    # Neither pressing again nor taking back and pressing again brings it back.
    want(question, "li")
    support.take_back(question=question, visitor="li")
    want(question, "li")
    assert (counted(question), support.is_supported(question, visitor="li")) == (1, True)
    assert support.restore(question=question, supports=keys) == keys[:2]
    assert (counted(question), Support.objects.filter(struck_by=None, struck_at=None).count()) == (3, 3)


def test_supports_of_a_merged_question_are_struck_from_its_target(programme, question):
    other = make.question(programme, state=QuestionState.APPROVED, visitor="chen")
    want(other, "wang")
    merge(other, question)
    support.strike(question=other, supports=[Support.objects.get().pk], by=make.editor())
    assert counted(question) == 1


@pytest.mark.parametrize(("hidden", "topics"), [(False, ["desk", "stage"]), (True, ["desk"])])
def test_a_support_costs_nobody_an_event_and_is_told_by_pulse_to_those_who_may_know(
    question, heard, django_capture_on_commit_callbacks, hidden, topics
):
    Programme.objects.update(supports_hidden=hidden)
    before = Event.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        want(question, "li", "li")
    fact = f"supports/{question.pk}"
    told = [Hint(passages={(f"{topic}:{question.programme_id}", fact): (1, 5.0)}) for topic in topics]
    assert (sorted(heard, key=str), Event.objects.count()) == (sorted(told, key=str), before)


@pytest.mark.parametrize(
    ("hidden", "state", "told"), [(False, "live", 1), (True, "live", None), (True, "announced", None), (True, "ended", 1)]
)
def test_hidden_counts_are_told_after_the_close(question, hidden, state, told):
    want(question, "li")
    question.refresh_from_db()
    question.programme.supports_hidden, question.programme.state = hidden, state
    assert support.told(question) == told


def test_the_number_of_statements_does_not_grow_with_the_supporters(question, django_assert_num_queries):
    want(question, "li")
    with django_assert_num_queries(10):
        want(question, "wang")
    want(question, *(f"visitor-{number}" for number in range(30)))
    with django_assert_num_queries(10):
        want(question, "zhao")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_both_count():
    question = make.question(make.programme(state=ProgrammeState.LIVE), state=QuestionState.APPROVED)
    barrier = Barrier(8)

    def press(number):
        barrier.wait(timeout=120)
        try:
            # Four persons, each twice at once.
            want(question, f"visitor-{number % 4}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))
    assert (counted(question), Support.objects.count()) == (4, 4)
