"""Who asked the same: only what anybody may read for a netizen, all that helps for a moderator."""

import pytest
from django.db import connection

from interview import answers, questions, transcript
from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import indexing, similar
from moderation.similar import Answered, Asked
from tests import scenes as make

pytestmark = pytest.mark.django_db
PRESSURE = "我们小区的水压什么时候恢复？"
SAME = "请问小区的水压何时可以恢复正常"
GARBAGE = "菜市场门口的垃圾为什么三天没有人清运？"


def ask(programme, text=PRESSURE, **fields):
    question = make.question(programme, text=text, **fields)
    indexing.remember(question)
    return question


def answered(programme, text=PRESSURE, answer="抢修已经完成，今晚恢复。"):
    question = questions.approve(ask(programme, text))
    guest = programme.guests.first() or make.guest(programme)
    answers.answer(question=question, guest=guest, text=answer, by=make.seated(programme, "host"))
    indexing.catch_up()
    return question


def told(programme, text=SAME):
    asked, past = similar.for_reader(programme, text)
    return [each.question.text for each in asked], [(each.question.text, each.answer.text) for each in past]


def test_a_shown_question_that_asks_alike_is_told_and_no_other(programme):
    shown = questions.approve(ask(programme))
    questions.approve(ask(programme, GARBAGE))
    asked, past = similar.for_reader(programme, PRESSURE)
    assert (asked, past) == ([Asked(shown, 100)], [])
    assert told(programme) == ([PRESSURE], [])


@pytest.mark.parametrize("state", [QuestionState.RECEIVED, QuestionState.SCREENED, QuestionState.DECLINED, QuestionState.MERGED])
def test_what_the_public_may_not_read_is_told_to_no_netizen(programme, state):
    ask(programme, state=state)
    assert told(programme) == ([], [])


def test_of_another_programme_nothing_is_told_that_is_not_answered(programme):
    questions.approve(ask(make.programme()))
    assert told(programme) == ([], [])


def test_an_answered_one_is_told_with_its_answer_wherever_it_was_asked(programme):
    answered(make.programme(state=ProgrammeState.LIVE))
    assert told(programme) == ([], [(PRESSURE, "抢修已经完成，今晚恢复。")])


def test_one_answered_a_moment_ago_in_this_programme_is_told_once(programme):
    answered(programme)
    assert told(programme) == ([], [(PRESSURE, "抢修已经完成，今晚恢复。")])
    indexing.catch_up()
    assert told(programme) == ([], [(PRESSURE, "抢修已经完成，今晚恢复。")])


@pytest.mark.parametrize("changes", [{"rehearsal": True}, {"state": ProgrammeState.DRAFT}])
def test_what_is_rehearsed_or_not_public_is_told_nowhere_else(programme, changes):
    other = make.programme(state=ProgrammeState.LIVE)
    answered(other)
    type(other).objects.filter(pk=other.pk).update(**changes)
    assert told(programme) == ([], [])


@pytest.mark.parametrize("kind", ["question", "answer"])
def test_what_was_taken_off_the_transcript_is_told_to_nobody(programme, kind):
    other = make.programme(state=ProgrammeState.LIVE)
    answered(other)
    transcript.withdraw(entry=other.entries.get(kind=kind), reason="含个人信息", by=make.seated(other, "host"))
    assert told(programme) == ([], [])


def test_a_corrected_answer_is_told_as_it_stands_now(programme):
    other = make.programme(state=ProgrammeState.LIVE)
    answered(other)
    transcript.revise(entry=other.entries.get(kind="answer"), text="明早恢复。", seen=1, by=make.seated(other, "host"))
    assert told(programme) == ([], [(PRESSURE, "明早恢复。")])


def test_the_nearest_three_are_told_the_nearest_first(programme):
    for text in (PRESSURE, SAME, "小区水压恢复的时间", "水压恢复，小区，什么时候"):
        questions.approve(ask(programme, text))
    scores = [each.score for each in similar.for_reader(programme, PRESSURE)[0]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 100


def test_a_moderator_is_told_also_what_waits_and_what_was_declined(programme):
    waits, declined = ask(programme), ask(programme, SAME)
    questions.decline(declined, reason="off_topic", words="")
    past = answered(make.programme(state=ProgrammeState.LIVE))
    asked, answers_ = similar.for_desk(ask(programme))
    assert {each.question for each in asked} == {waits, declined}
    [found] = answers_
    assert found == Answered(past.entries.get(kind="question"), past.entries.get(kind="answer"), 100)


def test_what_was_merged_stands_for_its_target_once(programme):
    target = ask(programme, GARBAGE)
    ask(programme, state=QuestionState.MERGED, merged_into=target)
    ask(programme, SAME, state=QuestionState.MERGED, merged_into=target)
    asked, _past = similar.for_desk(ask(programme))
    assert [(each.question, each.score) for each in asked] == [(target, 100)]


@pytest.mark.parametrize("number", [1, 4])
def test_a_search_costs_six_statements_however_much_is_found(programme, number, django_assert_num_queries):
    for _ in range(number):
        questions.approve(ask(programme))
        answered(make.programme(state=ProgrammeState.LIVE))
    with django_assert_num_queries(6):
        asked, past = similar.for_reader(programme, SAME)
        assert [each.question.programme.title for each in asked]
        assert [each.answer.programme.title for each in past]


def test_a_programme_full_of_the_same_does_not_hide_what_the_public_may_read(programme):
    shown = questions.approve(ask(programme))
    for _ in range(70):
        ask(programme)
    assert [each.question for each in similar.for_reader(programme, PRESSURE)[0]] == [shown]


def test_the_index_is_never_searched_from_end_to_end(programme):
    questions.approve(ask(programme))
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT number, indexed_id FROM moderation_fingerprint WHERE number = 7 ORDER BY indexed_id DESC LIMIT 200"
        )
        plan = [row[-1] for row in cursor.fetchall()]
    assert len(plan) == 1
    assert "COVERING INDEX" in plan[0]


def test_only_rows_of_the_index_are_compared(programme):
    make.question(programme, state=QuestionState.APPROVED)
    assert Question.objects.count() == 1
    assert told(programme) == ([], [])
