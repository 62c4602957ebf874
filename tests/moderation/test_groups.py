"""Groups of questions that ask alike, as the moderators' page reads them."""

import pytest

from interview import questions
from interview.models import Question
from moderation import groups, indexing
from moderation.groups import TOLD, Group
from tests import scenes as make

pytestmark = pytest.mark.django_db
PRESSURE, SAME = "我们小区的水压什么时候恢复？", "请问小区的水压何时可以恢复正常"
GARBAGE = "菜市场门口的垃圾为什么三天没有人清运？"


def ask(programme, text=PRESSURE):
    question = make.question(programme, text=text)
    indexing.remember(question)
    return question


def told(*asked):
    found = Question.objects.prefetch_related(groups.WITH).in_bulk([each.pk for each in asked])
    return [groups.of(found[each.pk]) for each in asked]


def test_those_who_ask_alike_stand_in_one_group(programme):
    first, other, second, third = ask(programme), ask(programme, GARBAGE), ask(programme, SAME), ask(programme)
    group = Group(first.pk, 3, more=False)
    assert told(first, other, second, third) == [group, None, group, group]
    assert [groups.key_of(each) for each in (first, other, third)] == [first.pk, other.pk, first.pk]


def test_a_group_counts_those_who_wait(programme):
    first, second, third = ask(programme), ask(programme), ask(programme)
    questions.decline(first, reason="off_topic", words="")
    assert told(second, third) == [Group(first.pk, 2, more=False)] * 2
    questions.decline(second, reason="off_topic", words="")
    assert told(third) == [None]


def test_a_question_that_is_not_in_the_index_stands_alone(programme):
    ask(programme)
    question = make.question(programme)
    assert (told(question), groups.key_of(question)) == ([None], None)


def test_beyond_twenty_nobody_counts_and_nobody_is_told(programme):
    asked = [ask(programme) for _question in range(TOLD)]
    last, key = asked[-1], asked[0].pk
    assert told(last) == [Group(key, TOLD, more=False)]
    assert list(groups.others(last, key)) == asked[:-1]
    asked += [ask(programme), ask(programme)]
    assert told(last) == [Group(key, TOLD, more=True)]
    # One more than is counted: all are told that it is more; beyond that it is no news.
    assert list(groups.others(asked[-1], key)) == asked[:-1]
    asked.append(ask(programme))
    assert list(groups.others(asked[-1], key)) == []


@pytest.mark.parametrize("number", [1, 6])
def test_groups_cost_the_same_for_one_and_for_many(programme, number, django_assert_num_queries):
    rows = [ask(programme) for _ in range(number)]
    with django_assert_num_queries(3):
        told(*rows)
