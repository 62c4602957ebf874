"""The people of a rehearsal: a programme of their own, a seat and a password for each."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import roles
from accounts.models import Role, User
from interview import guests, schedule, seats
from interview.models import Guest, Programme, Seat
from organisations.models import Kind, Organisation
from organisations.operator import CONSOLE
from rehearsal.script import Script, ScriptGuest

# A programme is announced before it opens; this far ahead nobody is surprised by the past.
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Member:
    """Somebody who can sign in."""

    name: str
    username: str
    password: str


@dataclass
class Cast:
    """Who plays: the programme and its members by role; guests by their key, `guest_ids` likewise."""

    programme_id: UUID
    host: Member
    stenographer: Member
    moderators: list[Member]
    editor: Member
    guests: dict[str, Member] = field(default_factory=dict)
    guest_ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def members(self) -> list[Member]:
        """Everybody."""
        return [self.host, self.stenographer, self.editor, *self.moderators, *self.guests.values()]


@transaction.atomic
def gather(script: Script, *, prefix: str, rehearsal: bool) -> Cast:
    """Set up an announced programme for the script and an account for each seat, named `prefix`-role.

    An account that is there gets a new password: the members of a cast are known to nobody else.
    """
    editor_member = account(f"{prefix}-editor", script.editor.name)[1]
    editor_user = editor(editor_member.username)
    programme = plan(script, start=timezone.now() + SOON, by=editor_user, rehearsal=rehearsal)
    invited = invite(programme, script, by=editor_user)

    def seat(role: str, name: str, suffix: str = "", guest: Guest | None = None) -> Member:
        user, member = account(f"{prefix}-{role}{suffix}", name)
        seats.assign(programme=programme, user=user, role=role, guest=guest, by=editor_user)
        return member

    cast = Cast(
        programme_id=programme.pk,
        host=seat(Seat.Role.HOST, script.host.name),
        stenographer=seat(Seat.Role.STENOGRAPHER, script.stenographer.name),
        moderators=[seat(Seat.Role.MODERATOR, person.name, str(number)) for number, person in enumerate(script.moderators, start=1)],
        editor=editor_member,
    )
    for number, (key, guest) in enumerate(invited.items(), start=1):
        cast.guests[key] = seat(Seat.Role.GUEST, guest.name, str(number), guest)
        cast.guest_ids[key] = guest.pk
    schedule.announce(programme=programme, by=editor_user)
    return cast


def plan(script: Script, *, start: datetime, by: User, rehearsal: bool = False) -> Programme:
    """The draft of the script's programme."""
    return schedule.create(
        by=by,
        rehearsal=rehearsal,
        title=script.title,
        topic=script.topic,
        introduction=script.introduction,
        unit=organisation(script.unit),
        planned_start=start,
        planned_minutes=script.minutes,
    )


def invite(programme: Programme, script: Script, *, by: User) -> dict[str, Guest]:
    """The script's guests, by key."""

    def one(guest: ScriptGuest) -> Guest:
        unit = organisation(guest.unit) if guest.unit else None
        return guests.invite(programme=programme, by=by, name=guest.name, post=guest.post, organisation=unit)

    return {guest.key: one(guest) for guest in script.guests}


def organisation(name: str) -> Organisation:
    """The organisation of that name, registered as an enterprise if nobody knows it."""
    return Organisation.objects.get_or_create(name=name, defaults={"kind": Kind.ENTERPRISE})[0]


def editor(username: str) -> User:
    """The editor of that username; made, without a password, if there is none."""
    user = User.objects.filter(username=username).first() or User.objects.create_user(username=username, name="编辑")
    roles.grant(user=user, role=Role.EDITOR, by=CONSOLE)
    return user


def account(username: str, name: str) -> tuple[User, Member]:
    """An account with a fresh password."""
    password = secrets.token_urlsafe(12)
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username=username, name=name, password=password)
    else:
        user.name, user.is_active = name, True
        user.set_password(password)
        user.save()
    return user, Member(name=name, username=username, password=password)


def dismiss(cast: Cast) -> None:
    """Nobody can sign in with these accounts any more; what they did stays."""
    User.objects.filter(username__in=[member.username for member in cast.members]).update(is_active=False)
