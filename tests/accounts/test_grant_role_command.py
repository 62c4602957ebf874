import pytest
from django.core.management import CommandError, call_command

from accounts.models import Role
from accounts.roles import is_administrator, is_editor
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_an_account_becomes_an_editor_and_is_one_no_longer():
    user = make.user(username="lan")
    call_command("grant_role", "LAN", "editor")
    assert (is_editor(user), is_administrator(user)) == (True, False)
    call_command("grant_role", "lan", "editor", "--withdraw")
    assert not is_editor(user)


def test_an_unknown_account_or_role_is_told():
    with pytest.raises(CommandError, match="no account 'nobody'"):
        call_command("grant_role", "nobody", "editor")
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("grant_role", make.user().username, "king")


def test_the_last_administrator_stays():
    user = make.user()
    call_command("grant_role", user.username, Role.ADMINISTRATOR)
    with pytest.raises(CommandError, match="最后一位管理员"):
        call_command("grant_role", user.username, Role.ADMINISTRATOR, "--withdraw")
