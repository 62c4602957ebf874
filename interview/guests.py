"""The guests of a programme: invited, described, taken off again."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Guest, Programme
from interview.seats import must
from realtime.commands import Refused


@transaction.atomic
def invite(*, programme: Programme, by: User, **fields: Any) -> Guest:
    """Add a guest behind the others. Raises Refused (forbidden)."""
    must(is_editor(by), "只有编辑可以邀请嘉宾。")
    return Guest.objects.create(programme=programme, order=programme.guests.count(), **fields)


def describe(*, guest: Guest, by: User, **fields: Any) -> Guest:
    """Change a guest's name, post or portrait; entries already published keep what they said. Raises Refused."""
    must(is_editor(by), "只有编辑可以修改嘉宾。")
    for name, value in fields.items():
        setattr(guest, name, value)
    guest.save(update_fields=list(fields))
    return guest


def uninvite(*, guest: Guest, by: User) -> None:
    """Take a guest off. Raises Refused (forbidden, conflict once the guest has said something)."""
    must(is_editor(by), "只有编辑可以移除嘉宾。")
    try:
        guest.delete()
    except ProtectedError:
        raise Refused("conflict", f"{guest.name}已经在实录里发言，不能移除。") from None
