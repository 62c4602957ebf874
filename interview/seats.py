"""Who may do what on one programme: a seat gives a role, an editor has every programme."""

import secrets
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Guest, Programme, Seat
from realtime.commands import Refused

Role = Seat.Role

# A first password is read aloud or copied by hand: three groups of four without look-alikes, 59 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def assign(*, programme: Programme, user: User, role: str, by: User, guest: Guest | None = None) -> Seat:
    """Give `user` a seat; the same seat again is the same seat. Raises Refused (forbidden, invalid)."""
    must(is_editor(by), "只有编辑可以安排席位。")
    if (role == Role.GUEST) != (guest is not None) or (guest is not None and guest.programme_id != programme.pk):
        raise Refused("invalid", "嘉宾席位要指明是哪一位嘉宾，其他席位不需要。")
    with transaction.atomic():
        seat, created = Seat.objects.get_or_create(programme=programme, user=user, role=role, defaults={"guest": guest})
        if not created and seat.guest_id != (guest.pk if guest else None):
            raise Refused("conflict", "这个账号已经是本期的另一位嘉宾。")
    return seat


@transaction.atomic
def welcome(*, programme: Programme, username: str, name: str, role: str, by: User, guest: Guest | None = None) -> tuple[Seat, str]:
    """Open an account for a seat and give it; the seat, and the first password, which is told here once and kept nowhere.

    Raises Refused (forbidden, invalid: what is wrong with username or name).
    """
    must(is_editor(by), "只有编辑可以安排席位。")
    person = User(username=User.normalize_username(username), name=name.strip())
    try:
        person.full_clean(exclude=["password"])
    except ValidationError as error:
        raise Refused("invalid", "账号没有建立，请改正标出的地方。", dict(error.message_dict)) from None
    password = "-".join("".join(secrets.choice(_LETTERS) for _letter in range(4)) for _group in range(3))
    user = User.objects.create_user(username=person.username, name=person.name, password=password, is_staff=True)
    return assign(programme=programme, user=user, role=role, by=by, guest=guest), password


def remove(*, seat: Seat, by: User) -> None:
    """Take a seat back; what was said from it stays."""
    must(is_editor(by), "只有编辑可以安排席位。")
    seat.delete()


def must(allowed: bool, detail: str) -> None:
    """Raise Refused (forbidden) with the sentence unless allowed."""
    if not allowed:
        raise Refused("forbidden", detail)


def _has(user: User | None, programme_id: UUID | str, *roles: str) -> bool:
    if user is None or not user.is_active:
        return False
    return is_editor(user) or Seat.objects.filter(programme_id=programme_id, user=user, role__in=roles).exists()


def may_lead(user: User | None, programme_id: UUID | str) -> bool:
    """Host's rights: open, close, put questions."""
    return _has(user, programme_id, Role.HOST)


def may_moderate(user: User | None, programme_id: UUID | str) -> bool:
    """Moderator's rights: see and decide what netizens sent."""
    return _has(user, programme_id, Role.MODERATOR)


def may_type(user: User | None, programme_id: UUID | str) -> bool:
    """Stenographer's rights: enter what any speaker says; the host may type too."""
    return _has(user, programme_id, Role.STENOGRAPHER, Role.HOST)


def may_see_desk(user: User | None, programme_id: UUID | str) -> bool:
    """The desk shows every approved question to those who lead or type; a guest sees only their own."""
    return may_type(user, programme_id)


def may_see_draft(user: User | None, programme_id: UUID | str) -> bool:
    """A programme nobody has announced yet is known to its editors and seats only."""
    return _has(user, programme_id, *Role.values)


def may_answer_as(user: User | None, guest: Guest) -> bool:
    """The guest's own seat, or those who type for the guest."""
    if user is None or not user.is_active:
        return False
    if Seat.objects.filter(guest=guest, user=user, role=Role.GUEST).exists():
        return True
    return may_type(user, guest.programme_id)


def guest_of(user: User | None, programme: Programme) -> Guest | None:
    """The guest whose seat the user holds on this programme, if any."""
    if user is None or not user.is_authenticated:
        return None
    return Guest.objects.filter(programme=programme, seats__user=user, seats__role=Role.GUEST).first()
