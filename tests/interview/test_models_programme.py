from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from interview.models import Programme, Seat
from interview.states import ProgrammeState
from tests import scenes as make

START = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "is_public", "takes_questions"),
    [
        ("draft", False, False),
        ("announced", True, True),
        ("live", True, True),
        ("ended", True, False),
        ("archived", True, False),
        ("postponed", True, False),
        ("cancelled", True, False),
    ],
)
def test_each_state_tells_who_may_read_and_whether_anybody_may_ask(state, is_public, takes_questions):
    programme = Programme(state=state)
    assert (programme.is_public, programme.takes_questions, programme.is_live) == (is_public, takes_questions, state == "live")


def test_the_planned_end_counts_from_the_opening_once_there_is_one():
    programme = Programme(planned_start=START, planned_minutes=90)
    assert programme.planned_end == START + timedelta(minutes=90)
    programme.opened_at = START + timedelta(minutes=5)
    assert programme.planned_end == START + timedelta(minutes=95)


@pytest.mark.django_db
def test_a_guest_is_verified_by_the_seat_that_somebody_holds():
    programme = make.programme()
    seated, other = make.guest(programme), make.guest(programme)
    make.seated(programme, "guest", guest=seated)
    assert (seated.is_verified, other.is_verified) == (True, False)


@pytest.mark.django_db
def test_only_a_guest_seat_names_a_guest():
    programme = make.programme(state=ProgrammeState.ANNOUNCED)
    guest, person = make.guest(programme), make.user()
    for role, named in (("guest", None), ("host", guest)):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Seat.objects.create(programme=programme, user=person, role=role, guest=named)
