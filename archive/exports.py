"""The transcript for programs and for plain reading; docs/archive.md describes both formats.

The same words give the same bytes, whoever writes them and when: the digest of transcript.json tells whether anything has changed.
"""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.edition import PICTURES, Edition
from interview import entries
from interview.models import Entry, Guest, Question

FORMAT = "fangtan-transcript"
# Raised when a field changes its meaning or goes away; new fields may come at any time.
VERSION = 1
_RULE = "─" * 36


def write_json(edition: Edition) -> bytes:
    """The transcript as JSON in UTF-8: an allow-list, nothing of an asker but nickname and number, no words once withdrawn."""
    return (json.dumps(describe(edition), ensure_ascii=False, indent=1) + "\n").encode()


def describe(edition: Edition) -> dict[str, Any]:
    """What transcript.json says."""
    programme, counts = edition.programme, edition.counts
    return {
        "format": FORMAT,
        "version": VERSION,
        "site": {"name": settings.SITE_NAME, "domain": settings.SITE_DOMAIN, "id_code": settings.SITE_ID_CODE},
        "programme": {
            "id": str(programme.pk),
            "title": programme.title,
            "topic": programme.topic,
            "introduction": programme.introduction,
            "unit": programme.unit.name,
            "planned_start": _time(programme.planned_start),
            "planned_minutes": programme.planned_minutes,
            "opened_at": _time(programme.opened_at),
            "closed_at": _time(programme.closed_at),
            "cover": {"file": f"{PICTURES}{programme.cover.name}", "text": programme.cover_alt} if programme.cover else None,
            "rehearsal": programme.rehearsal,
            "imported": programme.is_imported,
        },
        "guests": [_describe_guest(guest) for guest in edition.guests],
        "questions": {
            "received": counts.received,
            "answered": counts.answered,
            "owed": counts.owed,
            "declined": counts.declined,
            "withdrawn": counts.withdrawn,
            "unscreened": counts.unscreened,
        },
        "entries": [entries.record(entry) for entry in edition.entries],
        "owed": [_describe_owed(question) for question in edition.owed],
    }


def write_text(edition: Edition) -> bytes:
    """The transcript as plain text in UTF-8, to be read in any editor and pasted anywhere."""
    programme, counts = edition.programme, edition.counts
    people = "、".join(f"{guest.name}（{guest.post}）" for guest in edition.guests)
    head = [
        programme.title,
        "",
        _("主题：%s") % programme.topic,
        _("时间：%s（北京时间）") % _span(edition),
        _("承办单位：%s") % programme.unit.name,
        *([_("嘉宾：%s") % people] if people else []),
        *([_("主持：%s") % "、".join(edition.hosts)] if edition.hosts else []),
        _("提问：收到%(received)s个，已答复%(answered)s个，待书面答复%(owed)s个")
        % {"received": counts.received, "answered": counts.answered, "owed": counts.owed},
        _("来源：%s") % settings.SITE_NAME,
    ]
    if programme.rehearsal:
        head.insert(0, _("【演练】这不是正式访谈。"))
    parts = ["\n".join(head)]
    if programme.introduction:
        parts.append(programme.introduction)
    parts += [_RULE, *(_say(entry) for entry in edition.entries)]
    if edition.owed:
        parts += [_RULE, _("待书面答复的提问"), *(_say_owed(question) for question in edition.owed)]
    return ("\n\n".join(parts) + "\n").encode()


def _say(entry: Entry) -> str:
    who = [f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M}", f"[{entry.get_kind_display()}]"]
    who += [word for word in (entry.speaker, entry.post, entry.question.label if entry.question else "") if word]
    if entry.withdrawn_at:
        words = _("（这一条已撤下。原因：%s）") % entry.withdrawn_reason
    else:
        words = entry.text
        if entry.question and entry.question.edited_at and entry.kind == Entry.Kind.QUESTION:
            who.append(_("（由审核员编辑）"))
        if entry.revised_at:
            who.append(_("（%s 修订）") % f"{timezone.localtime(entry.revised_at):%Y-%m-%d %H:%M}")
    return " ".join(who) + "\n" + words


def _say_owed(question: Question) -> str:
    who = [question.label, question.asker, *([_("（由审核员编辑）")] if question.edited_at else [])]
    return " ".join(who) + "\n" + question.text


def _span(edition: Edition) -> str:
    begin = timezone.localtime(edition.began_at)
    end = edition.programme.closed_at
    return f"{begin:%Y-%m-%d %H:%M}" + (f" — {timezone.localtime(end):%H:%M}" if end else "")


def _describe_guest(guest: Guest) -> dict[str, Any]:
    return {
        "name": guest.name,
        "post": guest.post,
        "organisation": guest.organisation.name if guest.organisation else None,
        "portrait": f"{PICTURES}{guest.portrait.name}" if guest.portrait else None,
    }


def _describe_owed(question: Question) -> dict[str, Any]:
    return {
        "number": question.label,
        "asker": question.asker,
        "text": question.text,
        "edited_at": _time(question.edited_at),
        "received_at": _time(question.received_at),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
