"""A programme as a calendar file (RFC 5545), for the reader's own calendar to remind."""

from datetime import UTC, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from interview.models import Programme
from interview.states import ProgrammeState

_STATUS = {ProgrammeState.POSTPONED: "TENTATIVE", ProgrammeState.CANCELLED: "CANCELLED"}


def write(programme: Programme, *, url: str) -> bytes:
    """The file's content: one event, times in UTC; the same programme again is the same event, so a new date replaces the old."""
    event = Event()
    event.add("uid", f"{programme.pk}@{settings.SITE_DOMAIN}")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", programme.planned_start.astimezone(UTC))
    event.add("dtend", (programme.planned_start + timedelta(minutes=programme.planned_minutes)).astimezone(UTC))
    event.add("summary", _("在线访谈：%(title)s") % {"title": programme.title})
    event.add("description", f"{programme.topic}\n{programme.unit.name}\n{url}")
    event.add("url", url)
    event.add("status", _STATUS.get(ProgrammeState(programme.state), "CONFIRMED"))
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_DOMAIN}//Fangtan//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
