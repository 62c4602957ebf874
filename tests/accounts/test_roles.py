import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import Membership, Role, RoleChange
from accounts.roles import grant, is_administrator, is_editor, withdraw
from organisations.operator import CONSOLE
from tests import scenes as make

pytestmark = pytest.mark.django_db


def administrator():
    person = make.user()
    grant(user=person, role=Role.ADMINISTRATOR, by=CONSOLE)
    return person


def changes():
    return list(RoleChange.objects.order_by("at", "id").values_list("user__username", "role", "granted", "actor"))


def test_an_administrator_is_an_editor_and_an_editor_no_administrator():
    people = [None, AnonymousUser(), make.user(), make.editor(), administrator()]
    assert [(is_editor(person), is_administrator(person)) for person in people] == [
        (False, False),
        (False, False),
        (False, False),
        (True, False),
        (True, True),
    ]


def test_a_granted_role_is_recorded_once_and_makes_staff():
    chief, person = administrator(), make.user(is_staff=False)
    for _ in range(2):
        grant(user=person, role=Role.EDITOR, by=chief)
    person.refresh_from_db()
    assert (is_editor(person), person.is_staff) == (True, True)
    assert changes()[1:] == [(person.username, "editor", True, chief.username)]


def test_a_withdrawn_role_is_gone_at_once_and_recorded_once():
    chief, person = administrator(), make.user()
    grant(user=person, role=Role.EDITOR, by=chief)
    for _ in range(2):
        withdraw(user=person, role=Role.EDITOR, by=chief)
    assert is_editor(person) is False
    assert changes()[2:] == [(person.username, "editor", False, chief.username)]


@pytest.mark.parametrize("verb", [grant, withdraw])
def test_only_an_administrator_decides_about_roles(verb):
    person = make.editor()
    with pytest.raises(PermissionDenied, match="只有管理员可以授予或撤销角色。"):
        verb(user=person, role=Role.EDITOR, by=person)
    assert (Membership.objects.count(), changes()) == (1, [])


def test_the_last_administrator_who_can_sign_in_stays():
    chief, closed = administrator(), administrator()
    closed.is_active = False
    closed.save()
    with pytest.raises(PermissionDenied, match="这是最后一位管理员。"):
        withdraw(user=chief, role=Role.ADMINISTRATOR, by=CONSOLE)
    withdraw(user=closed, role=Role.ADMINISTRATOR, by=chief)
    other = administrator()
    withdraw(user=chief, role=Role.ADMINISTRATOR, by=other)
    assert (is_administrator(chief), is_administrator(other)) == (False, True)
