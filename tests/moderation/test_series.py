"""Suspicious supports: what the rules find and what they leave alone, struck out in bulk and restored."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from interview.models import Question, Support
from interview.states import ProgrammeState, QuestionState
from moderation import series
from moderation.models import Record
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db
# By a die of ours: seconds between persons who do not know each other.
RANDOM_GAPS = [3, 41, 7, 2, 88, 19, 5, 60, 11, 29, 4, 13, 71, 8, 35]


@pytest.fixture
def question(programme):
    return make.question(programme, state=QuestionState.APPROVED)


def stuff(question, gaps, address=lambda number: f"192.0.{number}.1", ages=()):
    """Supports at these intervals in seconds; the first one too. `ages` are those of the cookies, None where there are no more."""
    at = timezone.now() - timedelta(hours=2)
    rows = []
    for number, gap in enumerate([0, *gaps]):
        at += timedelta(seconds=gap)
        visitor = f"stuffed{Support.objects.count()}"
        age = ages[number] if number < len(ages) else None
        rows.append(Support.objects.create(question=question, visitor=visitor, address=address(number), at=at, cookie_age=age))
    Question.objects.filter(pk=question.pk).update(supports=Support.objects.filter(question=question).count())
    return [row.pk for row in rows]


def found(programme):
    return [(each.rule, each.question, each.supports) for each in series.find(programme)]


def counted(question):
    return Question.objects.values_list("supports", flat=True).get(pk=question.pk)


def test_people_are_left_alone(programme, question):
    stuff(question, RANDOM_GAPS)
    # A crowd: all within a few seconds, as evenly as it happens to be.
    stuff(make.question(programme, state=QuestionState.APPROVED), [0.2] * 30)
    # Seven of one household, and more of one school over the day.
    stuff(make.question(programme, state=QuestionState.APPROVED), RANDOM_GAPS[:6], lambda _number: "198.51.100.1")
    stuff(make.question(programme, state=QuestionState.APPROVED), [gap * 40 + 601 for gap in RANDOM_GAPS], lambda _number: "198.51.100.1")
    # No address tells nothing.
    stuff(make.question(programme, state=QuestionState.APPROVED), RANDOM_GAPS, lambda _number: None)
    assert found(programme) == []


@pytest.mark.parametrize("address", [lambda _number: "198.51.100.1", lambda number: f"2001:db8:1:2::{number:x}"])
def test_eight_of_one_sender_are_a_series(programme, question, address):
    rows = stuff(question, RANDOM_GAPS[:7], address)
    assert found(programme) == [("sender", question, rows)]


def test_ten_in_step_are_a_series_from_however_many_addresses(programme, question):
    stuff(question, RANDOM_GAPS[:5])
    Support.objects.update(at=timezone.now() - timedelta(days=1))
    rows = stuff(question, [30, 31, 29, 30, 32, 30, 28, 30, 31, 30, 30])
    assert found(programme) == [("steps", question, rows)]
    assert series.find(make.programme()) == []


def test_two_series_of_one_sender_are_two(programme, question):
    rows = stuff(question, [*RANDOM_GAPS[:7], 700, *RANDOM_GAPS[:8]], lambda _number: "198.51.100.1")
    assert found(programme) == [("sender", question, rows[8:]), ("sender", question, rows[:8])]


def test_ten_with_cookies_of_this_moment_are_a_series_also_among_others(programme, question):
    rows = stuff(question, RANDOM_GAPS, ages=[None, 0, 1, None, 2, 0, 0, None, 1, 0, 2, None, 0, 0])
    assert found(programme) == [("fresh", question, [rows[place] for place in (1, 2, 4, 5, 6, 8, 9, 10, 12, 13)])]


def test_a_crowd_that_follows_a_link_reads_first(programme, question):
    # A third of them press at once; in another one nine do, and long afterwards nine more.
    stuff(question, RANDOM_GAPS * 4, ages=[None, 2, None, None, None, 1] * 10)
    nine = [0] * 9
    stuff(make.question(programme, state=QuestionState.APPROVED), [*RANDOM_GAPS[:8], 601, *RANDOM_GAPS[:8]], ages=[*nine, *nine])
    # Old cookies have no age.
    stuff(make.question(programme, state=QuestionState.APPROVED), RANDOM_GAPS)
    assert found(programme) == []


def test_two_bursts_are_two_series_and_what_came_between_is_in_neither(programme, question):
    ten = [0] * 10
    rows = stuff(question, RANDOM_GAPS[:10] + RANDOM_GAPS[:14] + RANDOM_GAPS[:9], ages=[*ten, *[None] * 14, *ten])
    assert found(programme) == [("fresh", question, rows[:10]), ("fresh", question, rows[24:])]


def test_struck_out_in_bulk_recounted_recorded_and_restored(programme, question, chen):
    stuff(question, RANDOM_GAPS[:3])
    other = make.question(programme, state=QuestionState.APPROVED)
    first = stuff(question, RANDOM_GAPS[:7], lambda _number: "198.51.100.1")
    second = stuff(other, [20] * 9)
    keys = [each.key for each in series.find(programme)]
    assert series.strike(programme=programme, keys=keys, by=chen) == 18
    assert (counted(question), counted(other), found(programme)) == (4, 0, [])
    told = {row.question: (row.action, row.by, row.data) for row in Record.objects.all()}
    assert told == {
        question: ("support_strike", chen, {"rules": ["sender"], "supports": first}),
        other: ("support_strike", chen, {"rules": ["steps"], "supports": second}),
    }
    record = Record.objects.get(question=question)
    assert set(series.struck_in(programme, most=9)) == set(Record.objects.all())
    assert series.restore(record=record, by=chen) == 8
    assert (counted(question), Record.objects.order_by("number").last().data) == (12, {"restored": first, "of": record.number})
    assert series.struck_in(programme, most=9) == [Record.objects.get(question=other)]


def test_one_series_of_two_is_struck_alone_and_both_without_counting_twice(programme, question, chen):
    # By both rules at once.
    rows = stuff(question, [20] * 9, lambda _number: "198.51.100.1")
    assert [each.rule for each in series.find(programme)] == ["sender", "steps"]
    assert series.strike(programme=programme, keys=[each.key for each in series.find(programme)], by=chen) == len(rows)
    assert Record.objects.get().data == {"rules": ["sender", "steps"], "supports": rows}


def test_what_is_done_already_is_told(programme, question, chen):
    stuff(question, [20] * 9)
    key = series.find(programme)[0].key
    series.strike(programme=programme, keys=[key], by=chen)
    record = Record.objects.get()
    for keys in ([key], [], ["steps-999999", "x"]):
        with pytest.raises(Refused) as caught:
            series.strike(programme=programme, keys=keys, by=chen)
        assert caught.value.code == "conflict"
    series.restore(record=record, by=chen)
    with pytest.raises(Refused) as caught:
        series.restore(record=record, by=chen)
    assert (caught.value.code, Record.objects.count()) == ("conflict", 2)


@pytest.mark.parametrize("role", ["host", None])
def test_only_moderators_of_the_programme_strike_and_restore(programme, question, chen, role):
    stuff(question, [20] * 9)
    person = make.seated(programme, role) if role else make.seated(make.programme(), "moderator")
    key = series.find(programme)[0].key
    with pytest.raises(Refused) as caught:
        series.strike(programme=programme, keys=[key], by=person)
    assert (caught.value.code, counted(question)) == ("forbidden", 10)
    series.strike(programme=programme, keys=[key], by=chen)
    with pytest.raises(Refused) as caught:
        series.restore(record=Record.objects.get(), by=person)
    assert (caught.value.code, counted(question)) == ("forbidden", 0)


def test_finding_costs_two_statements(programme, django_assert_num_queries):
    for _each in range(3):
        stuff(make.question(programme, state=QuestionState.APPROVED), [20] * 9)
    with django_assert_num_queries(2):
        assert len(series.find(programme)) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_strikes():
    programme = make.programme(state=ProgrammeState.LIVE)
    question, barrier = make.question(programme, state=QuestionState.APPROVED), Barrier(4)
    stuff(question, [20] * 9)
    key, moderators = series.find(programme)[0].key, [make.seated(programme, "moderator") for _each in range(4)]

    def press(by):
        barrier.wait(timeout=120)
        try:
            return str(series.strike(programme=programme, keys=[key], by=by))
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, moderators)) == ["10", "conflict", "conflict", "conflict"]
    assert (counted(question), Record.objects.count()) == (0, 1)
