"""The inbox is for the programme's moderators and for editors."""

from uuid import uuid4

import pytest

from accounts.callers import Caller
from interview.models import Seat
from moderation.topics import INBOX
from tests import scenes as make

pytestmark = pytest.mark.django_db


def may(user, key):
    return INBOX.may_read(Caller(user=user, visitor="v", address="127.0.0.1"), str(key))


@pytest.mark.parametrize("role", [role for role in Seat.Role.values if role != "moderator"])
def test_other_seats_do_not_see_what_is_not_screened(role):
    programme = make.programme()
    guest = make.guest(programme) if role == "guest" else None
    assert may(make.seated(programme, role, guest=guest), programme.pk) is False


def test_moderators_see_their_own_programme_and_editors_every_one():
    programme, other = make.programme(), make.programme()
    moderator = make.seated(programme, "moderator")
    assert [may(moderator, row.pk) for row in (programme, other)] == [True, False]
    assert [may(make.editor(), row.pk) for row in (programme, other)] == [True, True]


def test_strangers_and_retired_accounts_see_nothing():
    programme = make.programme()
    retired = make.seated(programme, "moderator", user=make.user(is_active=False))
    assert [may(None, programme.pk), may(make.user(), programme.pk), may(retired, programme.pk)] == [False] * 3


@pytest.mark.parametrize("key", ["", "x", "1", "%00", "a" * 120])
def test_what_is_no_programme_is_not_there(key):
    assert may(make.editor(), key) is False


def test_a_programme_has_one_name():
    programme = make.programme()
    editor = make.editor()
    assert [may(editor, programme.pk), may(editor, str(programme.pk).upper()), may(editor, programme.pk.hex), may(editor, uuid4())] == [
        True, False, False, False,
    ]  # fmt: skip
