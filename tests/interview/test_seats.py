import re

import pytest

from accounts.models import User
from interview import seats
from interview.models import Seat
from interview.states import ProgrammeState
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db

RULES = {
    "lead": seats.may_lead,
    "moderate": seats.may_moderate,
    "type": seats.may_type,
    "desk": seats.may_see_desk,
    "draft": seats.may_see_draft,
}


def rights(user, programme):
    return {name for name, rule in RULES.items() if rule(user, programme.pk)}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("host", {"lead", "type", "desk", "draft"}),
        ("stenographer", {"type", "desk", "draft"}),
        ("moderator", {"moderate", "draft"}),
        ("guest", {"draft"}),
    ],
)
def test_a_seat_gives_the_rights_of_its_role_on_its_programme_alone(role, expected):
    programme, other = make.programme(), make.programme()
    person = make.seated(programme, role, guest=make.guest(programme) if role == "guest" else None)
    assert rights(person, programme) == expected
    assert rights(person, other) == set()


def test_an_editor_has_every_programme():
    assert rights(make.editor(), make.programme()) == set(RULES)


def test_nobody_and_the_blocked_have_nothing():
    programme = make.programme()
    blocked = make.seated(programme, "host", user=make.user(is_active=False))
    assert (rights(None, programme), rights(blocked, programme)) == (set(), set())


def test_a_guest_answers_for_themselves_and_the_typists_for_everybody():
    programme = make.programme()
    one, two = make.guest(programme), make.guest(programme)
    person = make.seated(programme, "guest", guest=one)
    typist = make.seated(programme, "stenographer")
    assert [seats.may_answer_as(user, guest) for user in (person, typist) for guest in (one, two)] == [True, False, True, True]
    assert not seats.may_answer_as(make.seated(programme, "moderator"), one)
    assert not seats.may_answer_as(None, one)


def test_the_same_seat_again_is_the_same_seat():
    programme, editor, person = make.programme(), make.editor(), make.user()
    given = [seats.assign(programme=programme, user=person, role="host", by=editor) for _ in range(2)]
    assert given[0] == given[1]
    assert Seat.objects.count() == 1


def test_a_guest_seat_names_a_guest_of_this_programme_and_no_other_seat_names_any():
    programme, editor, person = make.programme(), make.editor(), make.user()
    stranger = make.guest(make.programme())
    for role, guest in (("guest", None), ("guest", stranger), ("host", make.guest(programme))):
        with pytest.raises(Refused) as refusal:
            seats.assign(programme=programme, user=person, role=role, guest=guest, by=editor)
        assert refusal.value.code == "invalid"
    assert Seat.objects.count() == 0


def test_one_account_is_one_guest():
    programme, editor, person = make.programme(), make.editor(), make.user()
    seats.assign(programme=programme, user=person, role="guest", guest=make.guest(programme), by=editor)
    with pytest.raises(Refused) as refusal:
        seats.assign(programme=programme, user=person, role="guest", guest=make.guest(programme), by=editor)
    assert (refusal.value.code, Seat.objects.count()) == ("conflict", 1)


def test_a_newcomer_gets_an_account_a_seat_and_a_password_that_works():
    programme = make.programme(state=ProgrammeState.DRAFT)
    seat, password = seats.welcome(programme=programme, username=" LinXiaolan ", name="林晓岚", role="host", by=make.editor())
    user = User.objects.get(username="linxiaolan")
    assert (seat.user, seat.role, user.name, user.check_password(password)) == (user, "host", "林晓岚", True)
    assert re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){2}[a-hjkmnp-z2-9]{4}", password)


@pytest.mark.parametrize(("username", "field"), [("taken", "username"), ("two words", "username"), ("", "username")])
def test_a_bad_username_makes_neither_account_nor_seat(username, field):
    make.user(username="taken")
    editor, programme = make.editor(), make.programme()
    before = User.objects.count()
    with pytest.raises(Refused) as refusal:
        seats.welcome(programme=programme, username=username, name="某人", role="host", by=editor)
    assert (refusal.value.code, list(refusal.value.fields)) == ("invalid", [field])
    assert (User.objects.count(), Seat.objects.count()) == (before, 0)


def test_a_seat_taken_back_takes_its_rights():
    programme = make.programme()
    person = make.seated(programme, "host")
    seats.remove(seat=Seat.objects.get(), by=make.editor())
    assert rights(person, programme) == set()


def test_only_editors_give_and_take_seats():
    programme = make.programme()
    host = make.seated(programme, "host")
    for verb in (
        lambda: seats.assign(programme=programme, user=make.user(), role="host", by=host),
        lambda: seats.welcome(programme=programme, username="new", name="新人", role="host", by=host),
        lambda: seats.remove(seat=Seat.objects.get(), by=host),
    ):
        with pytest.raises(Refused) as refusal:
            verb()
        assert refusal.value.code == "forbidden"
    assert Seat.objects.count() == 1


def test_the_guest_of_an_account_is_the_one_whose_seat_it_holds():
    programme = make.programme()
    guest = make.guest(programme)
    person = make.seated(programme, "guest", guest=guest)
    assert [seats.guest_of(user, programme) for user in (person, make.user(), None)] == [guest, None, None]
