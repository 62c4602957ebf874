from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone
from msgspec import structs

from accounts.models import User
from accounts.roles import is_editor
from interview import seats
from interview.models import Programme, Seat
from interview.states import ProgrammeState
from organisations.models import Organisation
from rehearsal import cast as casts
from rehearsal import script
from rehearsal.cast import Cast, Member
from rehearsal.script import Person, Script
from tests.rehearsal.scripts import QUESTION, REMARK, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(tmp_path: Path) -> Script:
    return script.read(written(tmp_path, REMARK, QUESTION))


def who(member: Member) -> User:
    return User.objects.get(username=member.username)


def signs_in(member: Member) -> bool:
    return authenticate(username=member.username, password=member.password) is not None


def test_people_have_the_names_of_the_script(small: Script):
    people = [
        casts.gather(small, prefix="try", rehearsal=True),
        casts.gather(structs.replace(small, editor=Person("江照")), prefix="own", rehearsal=True),
    ]
    assert [[member.name for member in cast.members] for cast in people] == [
        ["苏禾", "速录员", "编辑", "审核员", "周水生"],
        ["苏禾", "速录员", "江照", "审核员", "周水生"],
    ]


def test_the_cast_has_an_announced_programme_of_its_own(small: Script):
    cast = casts.gather(small, prefix="try", rehearsal=True)
    programme = Programme.objects.get()
    assert (cast.programme_id, programme.state, programme.rehearsal) == (programme.pk, ProgrammeState.ANNOUNCED, True)
    assert (programme.title, programme.topic, programme.planned_minutes, programme.unit.name) == (
        "供水",
        "夏季供水",
        60,
        "浔江市自来水公司",
    )
    assert programme.planned_start > timezone.now()
    assert [(guest.pk, guest.name, guest.post) for guest in programme.guests.all()] == [(cast.guest_ids["director"], "周水生", "总经理")]


def test_everybody_has_their_seat_and_no_other(small: Script):
    cast = casts.gather(small, prefix="try", rehearsal=True)
    taken = {(seat.user.username, seat.role, seat.guest_id) for seat in Seat.objects.select_related("user")}
    assert taken == {
        ("try-host", Seat.Role.HOST, None),
        ("try-stenographer", Seat.Role.STENOGRAPHER, None),
        ("try-moderator1", Seat.Role.MODERATOR, None),
        ("try-guest1", Seat.Role.GUEST, cast.guest_ids["director"]),
    }
    assert [member.username for member in cast.members if is_editor(who(member))] == ["try-editor"]
    assert [member.username for member in cast.members if seats.may_lead(who(member), cast.programme_id)] == ["try-host", "try-editor"]


def test_everybody_can_sign_in_until_the_cast_is_dismissed(small: Script):
    cast = casts.gather(small, prefix="try", rehearsal=True)
    assert [signs_in(member) for member in cast.members] == [True] * 5
    casts.dismiss(cast)
    assert [signs_in(member) for member in cast.members] == [False] * 5
    assert [is_editor(who(member)) for member in cast.members] == [False] * 5


def test_gathered_again_the_accounts_are_the_same_and_the_passwords_new(small: Script):
    first = casts.gather(small, prefix="try", rehearsal=False)
    casts.dismiss(first)
    second = casts.gather(small, prefix="try", rehearsal=False)
    assert [member.username for member in second.members] == [member.username for member in first.members]
    assert second.programme_id != first.programme_id
    assert [signs_in(member) for member in first.members] == [False] * 5
    assert [signs_in(member) for member in second.members] == [True] * 5


def test_organisations_are_found_by_name_before_they_are_made():
    known = Organisation.objects.create(name="浔江市交通运输局", kind="department")
    assert casts.organisation("浔江市交通运输局") == known
    assert casts.organisation("浔江市燃气公司").kind == "enterprise"
    assert Organisation.objects.count() == 2


def test_the_passwords_of_a_cast_are_all_different(small: Script):
    cast: Cast = casts.gather(small, prefix="try", rehearsal=True)
    assert len({member.password for member in cast.members}) == 5
