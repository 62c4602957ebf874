"""The guests of a programme: invited, described, taken off again."""

from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError

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
    held = locked(programme)
    last = held.guests.aggregate(last=Max("order"))["last"]
    guest = Guest.objects.create(programme=held, order=0 if last is None else last + 1, **fields)
    _tell(held)
    return guest


@transaction.atomic
def describe(*, guest: Guest, by: User, **fields: Any) -> Guest:
    """Change a guest's name, post or portrait; entries already published keep what they said. Raises Refused (forbidden)."""
    must(is_editor(by), "只有编辑可以修改嘉宾。")
    held = locked(guest.programme)
    for name, value in fields.items():
        setattr(guest, name, value)
    guest.save(update_fields=list(fields))
    _tell(held)
    return guest


@transaction.atomic
def move_up(*, guest: Guest, by: User) -> None:
    """Change places with the guest before; the first one stays first. Raises Refused (forbidden)."""
    must(is_editor(by), "只有编辑可以调整嘉宾的顺序。")
    held = locked(guest.programme)
    row = list(guest.programme.guests.all())
    place = next(index for index, each in enumerate(row) if each.pk == guest.pk)
    row.insert(max(0, place - 1), row.pop(place))
    for order, each in enumerate(row):
        each.order = order
    Guest.objects.bulk_update(row, ["order"])
    _tell(held)


@transaction.atomic
def uninvite(*, guest: Guest, by: User) -> None:
    """Take a guest off. Raises Refused (forbidden, conflict once the guest has said something or holds a question)."""
    must(is_editor(by), "只有编辑可以移除嘉宾。")
    # Locked before it is looked at: the host may be putting a question to this guest.
    held = locked(guest.programme)
    if guest.questions.filter(state=QuestionState.APPROVED).exists():
        raise Refused("conflict", f"有提问正交给{guest.name}，请主持人先收回，再移除。")
    try:
        guest.delete()
    except ProtectedError:
        raise Refused("conflict", f"{guest.name}已经在实录里发言，不能移除。") from None
    _tell(held)


def _tell(programme: Programme) -> None:
    """Move the stage: an archived page that names its guests is written again."""
    if programme.is_public:
        transcript.show_state(programme)
