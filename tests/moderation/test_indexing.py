"""The index follows what is asked, edited, withdrawn, answered and imported; whatever runs twice changes nothing."""

from uuid import uuid4

import pytest

from accounts.callers import Caller
from interview import answers, questions
from interview.states import ProgrammeState, QuestionState
from moderation import appeals, decisions, edits, indexing, intake, similar, throttle
from moderation.models import Fingerprint, Indexed
from tests import scenes as make

pytestmark = pytest.mark.django_db
LI = Caller(user=None, visitor="visitor-li", address="192.0.2.1")
PRESSURE, GARBAGE = "我们小区的水压什么时候恢复？", "菜市场门口的垃圾为什么三天没有人清运？"


def receive(programme, text=PRESSURE):
    return intake.receive(programme=programme, caller=LI, nickname="", text=text, token=uuid4()).question


def answer(question):
    guest = question.programme.guests.first() or make.guest(question.programme)
    return answers.answer(question=question, guest=guest, text="好。", by=make.seated(question.programme, "host"))


def rows():
    return set(Indexed.objects.values_list("question", "told", "group", "shelved")), set(
        Fingerprint.objects.values_list("number", "indexed")
    )


def alike(programme, text):
    return [each.question.label for each in similar.for_desk(make.question(programme, text=text))[0]]


def test_what_is_received_is_found_by_the_next_who_asks(programme):
    question = receive(programme)
    assert alike(programme, PRESSURE) == [question.label]


def test_personal_data_is_in_no_index(programme):
    receive(programme, f"{PRESSURE}请打我电话13812345678。")
    assert "iebizease" not in Indexed.objects.get().told
    assert "iebi" not in Indexed.objects.get().told


def test_an_edited_question_is_found_by_its_new_words(programme):
    question = receive(programme, "菜市场门口的拉圾为什么三天没有人清运？")
    edits.edit(question=question, text=GARBAGE, seen=1, by=make.seated(programme, "moderator"))
    assert Indexed.objects.get().told == "菜市场门口垃圾三天人清运"
    assert similar.for_desk(make.question(programme, text=GARBAGE))[0][0].score == 100


def test_of_a_withdrawn_question_nothing_is_left(programme):
    intake.withdraw(token=receive(programme).receipt_token)
    assert rows() == (set(), set())


def test_remembered_again_it_stands_there_once(programme):
    question = receive(programme)
    before = rows()
    indexing.remember(question)
    assert rows() == before


def test_one_that_was_remembered_again_keeps_its_group(programme):
    first, second = receive(programme), make.question(programme)
    indexing.remember(second)
    indexing.remember(first)
    assert dict(Indexed.objects.values_list("question", "group")) == {first.pk: first.pk, second.pk: first.pk}


def test_what_was_answered_is_found_among_the_past_answers_once(programme):
    question = questions.approve(receive(programme))
    answer(question)
    assert (indexing.catch_up(), indexing.catch_up()) == (1, 0)
    [found] = similar.for_desk(make.question(make.programme(), text=PRESSURE))[1]
    assert found.question.question == question


def test_what_is_not_answered_or_only_rehearsed_is_no_past_answer(programme):
    questions.approve(receive(programme))
    rehearsal = make.programme(state=ProgrammeState.LIVE, rehearsal=True)
    rehearsed = make.approved(rehearsal)
    indexing.remember(rehearsed)
    answer(rehearsed)
    assert indexing.catch_up() == 0


def imported(**fields):
    return make.programme(state=ProgrammeState.ENDED, imported_from=str(uuid4()), **fields)


def test_what_was_imported_as_answered_is_added_whole_and_once(monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    past, empty = imported(), imported()
    for _ in range(5):
        make.question(past, state=QuestionState.ANSWERED)
    make.question(past, state=QuestionState.DECLINED, reason="off_topic")
    make.question(empty, state=QuestionState.DECLINED, reason="off_topic")
    assert (indexing.catch_up(), indexing.catch_up()) == (5, 0)
    assert set(Indexed.objects.values_list("shelved", flat=True)) == {True}


def test_everything_missing_is_added_as_it_would_have_been(programme, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    for text in (PRESSURE, GARBAGE, PRESSURE):
        make.question(programme, text=text)
    make.question(programme, state=QuestionState.WITHDRAWN)
    past = imported()
    make.question(past, state=QuestionState.ANSWERED)
    assert (indexing.index_all(), indexing.index_all()) == (4, 0)
    first, second, third = programme.questions.exclude(state=QuestionState.WITHDRAWN)
    groups = dict(Indexed.objects.filter(question__programme=programme).values_list("question", "group"))
    assert groups == {first.pk: first.pk, second.pk: second.pk, third.pk: first.pk}


def test_anew_everything_is_made_again(programme):
    question = receive(programme)
    Indexed.objects.update(told="")
    assert indexing.index_all(anew=True) == 1
    assert Indexed.objects.values_list("question", "told").get() == (question.pk, "小区水压恢复")


def test_a_rewritten_question_is_found_by_its_new_words(programme):
    question = receive(programme)
    decisions.decline(question=question, reason="unclear", by=make.seated(programme, "moderator"))
    throttle.forget()
    appeals.rewrite(token=question.receipt_token, text=GARBAGE, caller=LI)
    assert Indexed.objects.get().told == "菜市场门口垃圾三天人清运"
