from datetime import timedelta

import pytest
from django.utils import timezone

from interview import programmes
from interview.states import ProgrammeState
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_drafts_and_rehearsals_are_on_no_list():
    make.programme(state=ProgrammeState.DRAFT)
    make.programme(state=ProgrammeState.LIVE, rehearsal=True)
    assert list(programmes.listed()) == []


def test_every_other_programme_is_on_one_list():
    made = {state: make.programme(state=state) for state in sorted(set(ProgrammeState) - {ProgrammeState.DRAFT})}
    lists = {programme.pk: name for name in ("live", "coming", "past") for programme in getattr(programmes, name)()}
    assert {state: lists[programme.pk] for state, programme in made.items()} == {
        "announced": "coming",
        "archived": "past",
        "cancelled": "past",
        "ended": "past",
        "live": "live",
        "postponed": "coming",
    }


def test_what_comes_next_stands_first_and_what_was_last_too():
    now = timezone.now()
    later, sooner = (make.programme(planned_start=now + timedelta(days=days)) for days in (2, 1))
    older, newer = (make.programme(state=ProgrammeState.ENDED, planned_start=now - timedelta(days=days)) for days in (2, 1))
    assert list(programmes.coming()) == [sooner, later]
    assert list(programmes.past()) == [newer, older]


def test_lead_days_are_whole_and_never_negative():
    now = timezone.now()
    announced = make.programme(planned_start=now + timedelta(days=7, hours=1), announced_at=now)
    late = make.programme(planned_start=now, announced_at=now + timedelta(days=1))
    assert (programmes.lead_days(announced), programmes.lead_days(late)) == (7, 0)


def test_locked_is_the_row_as_it_is_now():
    programme = make.programme()
    stale = programmes.listed().get(pk=programme.pk)
    make.move(programme, ProgrammeState.LIVE)
    assert programmes.locked(stale).state == ProgrammeState.LIVE
