"""One moderator reads one question; three minutes later it is anybody's again."""

import pytest
import time_machine

from interview.states import UNDECIDED, QuestionState
from moderation import leases
from moderation.models import Appeal, Hold, Lease
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db
ONE_O_CLOCK = "2010-07-30T13:00:00+08:00"


@pytest.fixture
def clock():
    with time_machine.travel(ONE_O_CLOCK, tick=False) as traveller:
        yield traveller


@pytest.fixture
def programme():
    return make.programme()


def refusal(question, by):
    with pytest.raises(Refused) as caught:
        leases.take(question=question, by=by)
    return caught.value.code, caught.value.detail


def test_taking_shows_every_desk_who_holds_the_question(clock, question, chen):
    lease = leases.take(question=question, by=chen)
    assert (lease.moderator, lease.holds) == (chen, True)
    event = make.events(f"inbox:{question.programme_id}")[-1]
    assert (event.kind, event.data) == ("question.changed", {"id": str(question.pk), "question": question.label, "state": "received"})
    assert "陈审核" in event.html


def test_another_moderator_is_told_who_holds_it_and_until_when(clock, question, chen, lin):
    leases.take(question=question, by=chen)
    clock.shift(60)
    assert refusal(question, lin) == ("conflict", f"陈审核正在审核提问 {question.label}，到 13:03:00 为止；请先看别的提问。")
    assert Lease.objects.get().moderator == chen


def test_taking_again_holds_it_for_three_minutes_more(clock, question, chen, lin):
    leases.take(question=question, by=chen)
    clock.shift(170)
    leases.take(question=question, by=chen)
    clock.shift(170)
    assert refusal(question, lin)[0] == "conflict"


def test_after_three_minutes_without_a_sign_anybody_may_take_it(clock, question, chen, lin):
    leases.take(question=question, by=chen)
    clock.shift(180)
    assert leases.take(question=question, by=lin).moderator == lin
    assert refusal(question, chen)[1].startswith("林审核")


def test_released_it_is_anybodys_at_once(question, chen, lin):
    leases.take(question=question, by=chen)
    leases.release(question=question, by=chen)
    assert "data-holder" not in make.events(f"inbox:{question.programme_id}")[-1].html
    assert leases.take(question=question, by=lin).moderator == lin


def test_nobody_releases_what_another_holds(question, chen, lin):
    leases.take(question=question, by=chen)
    before = make.kinds(f"inbox:{question.programme_id}")
    leases.release(question=question, by=lin)
    assert Lease.objects.get().moderator == chen
    assert make.kinds(f"inbox:{question.programme_id}") == before


@pytest.mark.parametrize("state", sorted(set(QuestionState) - UNDECIDED))
def test_what_does_not_wait_for_screening_cannot_be_taken(programme, chen, state):
    question = make.question(programme, state=state)
    assert refusal(question, chen) == ("conflict", f"提问 {question.label} 现在是“{question.get_state_display()}”，不用再审核。")
    assert Lease.objects.count() == 0


@pytest.mark.parametrize("state", sorted(UNDECIDED))
def test_what_waits_for_the_first_or_the_second_person_can_be_taken(programme, chen, lin, state):
    question = make.question(programme, state=state)
    leases.take(question=question, by=chen)
    leases.release(question=question, by=chen)
    assert [event.data["state"] for event in make.events(f"inbox:{programme.pk}")] == [state, state]
    assert leases.take(question=question, by=lin).moderator == lin


def test_what_others_have_to_decide_cannot_be_taken(programme, question, chen, lin):
    Hold.objects.create(question=question, kind=Hold.Kind.ESCALATED, by=lin)
    appealed = make.question(programme)
    Appeal.objects.create(question=appealed, kind=Appeal.Kind.APPEAL, against=chen)
    assert [refusal(each, chen)[0] for each in (question, appealed)] == ["conflict", "conflict"]
    assert Lease.objects.count() == 0


def test_a_moderator_of_another_programme_holds_nothing_here(question, chen):
    stranger = make.seated(make.programme(), "moderator")
    assert refusal(question, stranger)[0] == "forbidden"
    leases.take(question=question, by=chen)
    with pytest.raises(Refused) as caught:
        leases.release(question=question, by=stranger)
    assert caught.value.code == "forbidden"
    assert Lease.objects.get().moderator == chen
