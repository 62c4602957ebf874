"""Each question is counted once, and the sums agree."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import counts, decisions
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_every_state_is_counted_where_it_belongs(programme):
    for state in QuestionState:
        target = make.question(programme, state="answered") if state == QuestionState.MERGED else None
        make.question(programme, state=state, merged_into=target, reason="legal" if state == QuestionState.DECLINED else "")
    make.question(programme, state="declined", reason="advert")
    make.question(programme, state="declined", reason="advert")
    make.question(make.programme(state=ProgrammeState.LIVE))
    found = counts.of(programme)
    assert found == counts.Counts(
        received=11, waiting=2, approved=1, merged=1, declined=3, answered=2, owed=1, withdrawn=1,
        reasons={Question.Reason.ADVERT: 2, Question.Reason.LEGAL: 1}, wait=None,
    )  # fmt: skip
    parts = [found.waiting, found.approved, found.merged, found.declined, found.answered, found.owed, found.withdrawn]
    assert sum(parts) == found.received == Question.objects.filter(programme=programme).count()


def test_the_wait_is_the_median_until_the_first_decision(programme):
    chen, now = make.seated(programme, "moderator"), timezone.now()
    for minutes in (1, 5, 30):
        question = make.question(programme, received_at=now - timedelta(minutes=minutes))
        decisions.approve(question=question, by=chen)
        decisions.take_back(question=question, by=chen)
        decisions.decline(question=question, reason="legal", by=chen)
    wait = counts.of(programme).wait
    assert timedelta(minutes=5) <= wait < timedelta(minutes=6)


def test_a_clock_that_was_put_back_makes_no_negative_wait(programme):
    question = make.question(programme, received_at=timezone.now() + timedelta(hours=1))
    decisions.approve(question=question, by=make.seated(programme, "moderator"))
    assert counts.of(programme).wait == timedelta(0)


def test_for_programs(programme):
    question = make.question(programme, received_at=timezone.now() + timedelta(hours=1))
    decisions.decline(question=question, reason="unclear", by=make.seated(programme, "moderator"))
    assert counts.as_data(counts.of(programme)) == {
        "received": 1, "waiting": 0, "approved": 0, "merged": 0, "declined": 1, "answered": 0, "owed": 0, "withdrawn": 0,
        "reasons": {"unclear": 1}, "median_wait_seconds": 0,
    }  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_three_statements_however_many_questions(programme, number):
    chen = make.seated(programme, "moderator")
    for _question in range(number):
        decisions.approve(question=make.question(programme), by=chen)
    with CaptureQueriesContext(connection) as captured:
        counts.of(programme)
    assert len(captured) == 3
