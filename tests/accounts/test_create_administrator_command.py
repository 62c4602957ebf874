import getpass
import os
import sys
from contextlib import nullcontext
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import RoleChange, User
from accounts.roles import is_administrator
from tests import scenes as make

pytestmark = pytest.mark.django_db
PASSWORD = "purple horse 4711 staple"


def create(**more):
    out = StringIO()
    call_command("create_administrator", username=" Chief ", name="王主任", stdout=out, **more)
    return out.getvalue()


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", PASSWORD)


def test_the_administrator_signs_in_and_the_password_is_not_shown(password):
    said = create()
    user = authenticate(username="chief", password=PASSWORD)
    assert (user.name, user.is_staff, is_administrator(user)) == ("王主任", True, True)
    assert said == "Administrator chief (王主任) may now sign in at /sign-in/.\n"
    assert RoleChange.objects.get().actor == "console"


def test_the_password_may_come_from_standard_input(monkeypatch):
    monkeypatch.delenv("ADMINISTRATOR_PASSWORD", raising=False)
    monkeypatch.setattr(sys, "stdin", StringIO(PASSWORD + "\n"))
    create()
    assert authenticate(username="chief", password=PASSWORD) == User.objects.get()


@pytest.mark.parametrize("weak", ["", "short pass", "elevenchars", "123456789012345"])
def test_a_weak_password_creates_nothing(monkeypatch, weak):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", weak)
    with pytest.raises(CommandError, match="No account was created") as refusal:
        create()
    assert User.objects.count() == 0
    assert weak == "" or weak not in str(refusal.value)


@pytest.mark.parametrize(
    ("username", "name"), [("", "王主任"), ("chief", " "), ("two words", "王主任"), ("x" * 61, "王主任"), ("chief", "王" * 41)]
)
def test_a_bad_name_creates_nothing(password, username, name):
    with pytest.raises(CommandError, match="No account was created"):
        call_command("create_administrator", username=username, name=name)
    assert User.objects.count() == 0


def test_a_taken_username_creates_nothing(password):
    make.user(username="chief")
    with pytest.raises(CommandError, match="这个账号已经有人使用，请换一个。"):
        create()
    assert User.objects.count() == 1


@pytest.mark.parametrize(("second", "accounts"), [(PASSWORD, 1), (PASSWORD + " ", 0)])
def test_at_a_terminal_it_is_asked_twice(monkeypatch, second, accounts):
    monkeypatch.delenv("ADMINISTRATOR_PASSWORD", raising=False)
    typed = iter([PASSWORD, second])
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(typed))
    master, terminal = os.openpty()
    with os.fdopen(terminal, "r") as stdin, os.fdopen(master, "w"):
        monkeypatch.setattr(sys, "stdin", stdin)
        with nullcontext() if accounts else pytest.raises(CommandError, match="the two passwords differ"):
            create()
    assert User.objects.count() == accounts
