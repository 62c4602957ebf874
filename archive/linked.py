"""What search engines are told of an archived interview: schema.org as JSON-LD.

An interview is an Event held online, and what was said in it a Conversation whose parts are questions with their answers.
Not a QAPage, which is about one question that anybody may answer, nor a FAQPage, whose questions the site asks itself.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from archive.edition import Edition
from interview.models import Entry, Guest

# A script element ends at its first "</"; an HTML comment or CDATA mark in it confuses parsers. JSON can spell these otherwise.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_LANGUAGE = "zh-CN"


def write(edition: Edition, *, published_at: datetime) -> SafeString:
    """The JSON-LD of the page, safe inside a script element whatever its strings hold."""
    return mark_safe(json.dumps(describe(edition, published_at=published_at), ensure_ascii=False).translate(_ESCAPES))  # noqa: S308 - escaped above


def describe(edition: Edition, *, published_at: datetime) -> dict[str, Any]:
    """The graph: the event, the page about it, and the conversation on the page. Withdrawn words are not in it."""
    programme = edition.programme
    publisher = {"@type": "GovernmentOrganization", "name": settings.SITE_NAME}
    people = [_person(guest) for guest in edition.guests]
    ended = programme.closed_at or edition.began_at + timedelta(minutes=programme.planned_minutes)
    event = {
        "@type": "Event",
        "@id": "#event",
        "name": programme.title,
        "description": programme.introduction or programme.topic,
        "startDate": _time(edition.began_at),
        "endDate": _time(ended),
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {"@type": "VirtualLocation", "name": settings.SITE_NAME, "url": f"https://{settings.SITE_DOMAIN}/"},
        "organizer": {"@type": "Organization", "name": programme.unit.name},
        "performer": people,
        "isAccessibleForFree": True,
        "inLanguage": _LANGUAGE,
    }
    conversation = {
        "@type": "Conversation",
        "@id": "#transcript",
        "name": programme.title,
        "about": programme.topic,
        "isPartOf": {"@id": "#page"},
        "recordedAt": {"@id": "#event"},
        "inLanguage": _LANGUAGE,
        "contributor": people,
        "hasPart": _questions(edition),
    }
    page = {
        "@type": "WebPage",
        "@id": "#page",
        "name": programme.title,
        "inLanguage": _LANGUAGE,
        "datePublished": _time(published_at),
        "dateModified": _time(max(edition.changed_at, published_at)),
        "publisher": publisher,
        "about": {"@id": "#event"},
        "mainEntity": {"@id": "#transcript"},
    }
    return {"@context": "https://schema.org", "@graph": [event, page, conversation]}


def _questions(edition: Edition) -> list[dict[str, Any]]:
    answers: dict[object, list[Entry]] = {}
    for entry in edition.entries:
        if entry.kind == Entry.Kind.ANSWER and not entry.withdrawn_at:
            answers.setdefault(entry.question_id, []).append(entry)
    asked = [entry for entry in edition.entries if entry.kind == Entry.Kind.QUESTION and not entry.withdrawn_at]
    return [_question(entry, answers.get(entry.question_id, [])) for entry in asked]


def _question(entry: Entry, answers: list[Entry]) -> dict[str, Any]:
    said = {
        "@type": "Question",
        "@id": f"#{entry.anchor}",
        "text": entry.text,
        "dateCreated": _time(entry.at),
        "author": {"@type": "Person", "name": entry.speaker},
        "answerCount": len(answers),
    }
    if answers:
        said["acceptedAnswer"] = [_answer(answer) for answer in answers]
    return said


def _answer(entry: Entry) -> dict[str, Any]:
    author: dict[str, Any] = {"@type": "Person", "name": entry.speaker, "jobTitle": entry.post}
    if entry.guest is None:
        author = {"@type": "Organization", "name": entry.speaker}
    return {"@type": "Answer", "@id": f"#{entry.anchor}", "text": entry.text, "dateCreated": _time(entry.at), "author": author}


def _person(guest: Guest) -> dict[str, Any]:
    person: dict[str, Any] = {"@type": "Person", "name": guest.name, "jobTitle": guest.post}
    if guest.organisation:
        person["worksFor"] = {"@type": "Organization", "name": guest.organisation.name}
    return person


def _time(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
