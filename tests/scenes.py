"""Programmes with people in them, in any state, for tests: every value may be given, none surprises."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import Membership, Role, User
from interview.models import Guest, Programme, Question, Seat
from interview.questions import approve
from interview.states import ProgrammeState, QuestionState
from organisations.models import Kind, Organisation
from realtime.models import Event

_number = count(1)


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


def user(**fields: Any) -> User:
    number = next(_number)
    return User.objects.create_user(**({"username": f"user{number}", "name": f"工作人员{number}"} | fields))


def editor(**fields: Any) -> User:
    person = user(**fields)
    Membership.objects.create(user=person, role=Role.EDITOR)
    return person


def organisation(**fields: Any) -> Organisation:
    return Organisation.objects.create(**({"name": f"第{next(_number)}自来水公司", "kind": Kind.ENTERPRISE} | fields))


def programme(**fields: Any) -> Programme:
    """A programme as if it had come to its state in the usual way: tomorrow, or opened and closed an hour ago."""
    now = timezone.now()
    state = fields.setdefault("state", ProgrammeState.ANNOUNCED)
    begun = state in {ProgrammeState.LIVE, ProgrammeState.ENDED, ProgrammeState.ARCHIVED}
    over = state in {ProgrammeState.ENDED, ProgrammeState.ARCHIVED}
    usual = {
        "title": "自来水公司总经理谈夏季供水",
        "topic": "夏季供水",
        "introduction": "欢迎您就供水提问。",
        "planned_start": now - timedelta(hours=1) if begun else now + timedelta(days=1),
        "announced_at": None if state == ProgrammeState.DRAFT else now - timedelta(days=7),
        "opened_at": now - timedelta(hours=1) if begun else None,
        "closed_at": now if over else None,
        "archived_at": now if state == ProgrammeState.ARCHIVED else None,
    }
    if "unit" not in fields:
        fields["unit"] = organisation()
    return Programme.objects.create(**(usual | fields))


def move(row: Programme, state: ProgrammeState) -> None:
    """Set a programme's state behind the back of every rule."""
    Programme.objects.filter(pk=row.pk).update(state=state)
    row.state = state


def guest(row: Programme, **fields: Any) -> Guest:
    number = next(_number)
    usual = {"name": f"周水生{number}", "post": "总经理", "order": row.guests.count()}
    return Guest.objects.create(programme=row, **(usual | fields))


def seated(row: Programme, role: str, *, guest: Guest | None = None, user: User | None = None) -> User:
    """A person with this seat on the programme."""
    person = user or globals()["user"]()
    Seat.objects.create(programme=row, user=person, role=role, guest=guest)
    return person


def question(row: Programme, **fields: Any) -> Question:
    """A question as received, whatever the programme's state."""
    if fields.get("state") == QuestionState.MERGED and "merged_into" not in fields:
        fields["merged_into"] = question(row)
    row.refresh_from_db()
    row.questions_received += 1
    row.save(update_fields=["questions_received"])
    usual = {
        "number": row.questions_received,
        "label": row.label(row.questions_received),
        "client_token": uuid4(),
        "origin": Question.Origin.LIVE,
        "nickname": "湖滨老李",
        "text": "我们小区的水压什么时候恢复？",
        "visitor": f"visitor{next(_number)}",
        "address": "127.0.0.1",
    }
    return Question.objects.create(programme=row, **(usual | fields))


def approved(row: Programme, **fields: Any) -> Question:
    return approve(question(row, **fields))


def events(topic: str) -> list[Event]:
    """What was published on a topic, in order."""
    return list(Event.objects.filter(topic__name=topic).order_by("number"))


def kinds(topic: str) -> list[str]:
    return [event.kind for event in events(topic)]
