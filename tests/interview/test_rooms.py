from datetime import timedelta

import pytest
from django.utils import timezone

from interview import rooms, seats
from interview.models import Seat
from interview.states import ProgrammeState
from tests import scenes as make

pytestmark = pytest.mark.django_db

State = ProgrammeState
RULES = {"inbox": seats.may_moderate, "desk": seats.may_lead, "typist": seats.may_type}


def names(user, programme):
    return [room.name for room in rooms.open_to(user, programme)]


def seated(programme, role):
    return make.seated(programme, role, guest=make.guest(programme) if role == "guest" else None)


@pytest.mark.parametrize(
    ("role", "expected"),
    [("host", ["desk", "typist"]), ("stenographer", ["typist"]), ("moderator", ["inbox"]), ("guest", ["sheet"])],
)
def test_a_seat_opens_its_rooms(role, expected):
    programme = make.programme(state=State.LIVE)
    assert names(seated(programme, role), programme) == expected
    assert names(seated(make.programme(), role), programme) == []


@pytest.mark.parametrize("role", Seat.Role.values)
def test_the_doors_and_the_rights_agree(role):
    programme = make.programme(state=State.LIVE)
    person = seated(programme, role)
    assert {name for name in names(person, programme) if name in RULES} == {
        name for name, rule in RULES.items() if rule(person, programme.pk)
    }


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.DRAFT, ["plan"]),
        (State.ANNOUNCED, ["plan", "inbox", "desk", "typist"]),
        (State.LIVE, ["plan", "inbox", "desk", "typist", "proof"]),
        (State.ENDED, ["plan", "inbox", "desk", "typist", "proof"]),
        (State.ARCHIVED, ["plan", "inbox", "proof"]),
        (State.POSTPONED, ["plan", "inbox"]),
        (State.CANCELLED, ["plan", "inbox"]),
    ],
)
def test_an_editor_has_every_room_in_which_there_is_work(state, expected):
    assert names(make.editor(), make.programme(state=state)) == expected


def test_two_seats_open_the_rooms_of_both():
    programme = make.programme(state=State.LIVE)
    person = make.seated(programme, "moderator", user=make.seated(programme, "host"))
    assert names(person, programme) == ["inbox", "desk", "typist"]


@pytest.mark.parametrize(
    ("role", "state", "step", "sentence"),
    [
        ("host", State.ANNOUNCED, "desk", "开场前检查"),
        ("host", State.LIVE, "desk", "主持访谈"),
        ("guest", State.LIVE, "sheet", "答复提问"),
        ("stenographer", State.LIVE, "typist", "记录发言"),
        ("moderator", State.ENDED, "inbox", "审完剩下的提问"),
    ],
)
def test_everybody_is_told_their_next_step(role, state, step, sentence):
    programme = make.programme(state=state)
    (work,) = rooms.work_of(seated(programme, role))
    assert (work.programme, work.step.name if work.step else None, str(work.sentence)) == (programme, step, sentence)
    assert work.address == f"/staff/interviews/{programme.pk}/{step}/"
    assert work.seats == [Seat.Role(role).label]


@pytest.mark.parametrize("role", ["host", "guest", "stenographer"])
def test_when_it_is_over_there_is_no_next_step(role):
    programme = make.programme(state=State.ARCHIVED)
    (work,) = rooms.work_of(seated(programme, role))
    assert (work.step, work.address) == (None, "")


def test_what_is_most_urgent_comes_first():
    now = timezone.now()
    later = make.programme(planned_start=now + timedelta(days=9))
    sooner = make.programme(planned_start=now + timedelta(days=2))
    order = [make.programme(state=State.LIVE), make.programme(state=State.ENDED), sooner, later]
    order += [make.programme(state=state) for state in (State.POSTPONED, State.DRAFT, State.ARCHIVED, State.CANCELLED)]
    assert [work.programme for work in rooms.work_of_editors()] == order


def test_rehearsals_are_for_their_people_alone():
    programme = make.programme(state=State.LIVE, rehearsal=True)
    assert rooms.work_of_editors() == []
    assert [work.programme for work in rooms.work_of(make.seated(programme, "host"))] == [programme]


def test_the_numbers_that_need_action_are_counted_once_whatever_the_seats():
    programme = make.programme(state=State.LIVE)
    person = make.seated(programme, "moderator", user=make.seated(programme, "host"))
    make.question(programme)
    make.approved(programme)
    make.approved(programme)
    (work,) = rooms.work_of(person)
    assert (work.programme.unscreened, work.programme.approved, work.programme.answered, work.programme.owed) == (1, 2, 0, 0)
