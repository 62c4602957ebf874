from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Membership, Role, RoleChange, SignInFailure, User
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_an_account_is_stored_and_found_under_one_spelling():
    user = User.objects.create_user(username=" Ｌｉ.Wei ", name=" 李伟 ", password="x")
    assert (user.username, user.name, str(user)) == ("li.wei", "李伟", "李伟")
    assert User.objects.get_by_natural_key("LI.WEI") == user
    with pytest.raises(IntegrityError):
        User.objects.create_user(username="li.WEI", name="另一位", password="x")


@pytest.mark.parametrize(("username", "name"), [("", "李伟"), ("  ", "李伟"), ("li", ""), ("li", " ")])
def test_an_account_has_a_username_and_a_name(username, name):
    with pytest.raises(ValueError, match="needs a username and a name"):
        User.objects.create_user(username=username, name=name)


def test_without_a_password_nobody_signs_in():
    assert User.objects.create_user(username="li", name="李伟").has_usable_password() is False


def test_identifiers_sort_by_the_time_of_creation():
    users = [make.user() for _ in range(5)]
    assert sorted(users, key=lambda user: user.pk) == users


@pytest.mark.parametrize(
    ("role", "asked", "held"),
    [
        (Role.EDITOR, [Role.EDITOR], True),
        (Role.EDITOR, [Role.ADMINISTRATOR], False),
        (Role.EDITOR, [Role.ADMINISTRATOR, Role.EDITOR], True),
        (Role.EDITOR, [], False),
    ],
)
def test_a_role_is_held_or_not(role, asked, held):
    user = make.user()
    Membership.objects.create(user=user, role=role)
    assert user.holds(*asked) is held


def test_a_closed_account_holds_nothing_even_where_it_was_loaded_before():
    user = make.editor()
    assert (user.holds(Role.EDITOR), user.may_keep_registry()) == (True, True)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert (user.holds(Role.EDITOR), user.may_keep_registry()) == (False, False)


def test_a_role_is_held_once_and_only_known_ones():
    user = make.editor()
    for role in (Role.EDITOR, "king"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=user, role=role)


def test_rows_name_themselves_for_the_log():
    failure = SignInFailure(address="192.0.2.1", at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    change = RoleChange(user=make.user(name="李伟"), role=Role.EDITOR, granted=True)
    member = Membership(user=change.user, role=Role.EDITOR)
    assert [str(failure), str(member), str(change)] == ["192.0.2.1 2026-01-02 03:04:05", "李伟 编辑", "李伟 编辑 True"]
