"""The guests of a programme: invited, described, taken off again."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from accounts.roles import is_editor
from interview import transcript
from interview.models import Guest, Programme
from interview.programmes import locked
from interview.seats import must
from interview.states import QuestionState
from realtime.commands import Refused


@transaction.atomic
def invite(*, programme: Programme, by: User, **fields: Any) -> Guest:
    """Add a guest behind the others. Raises Refused (forbidden)."""
    must(is_editor(by), "只有编辑可以邀请嘉宾。")
    return Guest.objects.create(programme=programme, order=programme.guests.count(), **fields)


@transaction.atomic
def describe(*, guest: Guest, by: User, **fields: Any) -> Guest:
    """Change a guest's name, post or portrait; entries already published keep what they said.

    The stage is told, so that an archived page is written again. Raises Refused.
    """
    must(is_editor(by), "只有编辑可以修改嘉宾。")
    for name, value in fields.items():
        setattr(guest, name, value)
    guest.save(update_fields=list(fields))
    programme = locked(guest.programme)
    if programme.is_public:
        transcript.show_state(programme)
    return guest


@transaction.atomic
def move_up(*, guest: Guest, by: User) -> None:
    """Change places with the guest before; the first one stays first. Raises Refused (forbidden)."""
    must(is_editor(by), "只有编辑可以调整嘉宾的顺序。")
    locked(guest.programme)
    row = list(guest.programme.guests.all())
    place = next(index for index, each in enumerate(row) if each.pk == guest.pk)
    row.insert(max(0, place - 1), row.pop(place))
    for order, each in enumerate(row):
        each.order = order
    Guest.objects.bulk_update(row, ["order"])


def uninvite(*, guest: Guest, by: User) -> None:
    """Take a guest off. Raises Refused (forbidden, conflict once the guest has said something or holds a question)."""
    must(is_editor(by), "只有编辑可以移除嘉宾。")
    if guest.questions.filter(state=QuestionState.APPROVED).exists():
        raise Refused("conflict", f"有提问正交给{guest.name}，请主持人先收回，再移除。")
    try:
        guest.delete()
    except ProtectedError:
        raise Refused("conflict", f"{guest.name}已经在实录里发言，不能移除。") from None
