"""How an entry looks and what it says: one partial and one record per kind, for page, push and archive alike."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from interview.models import Entry, Programme, Revision


def of(programme: Programme) -> QuerySet[Entry]:
    """The entries of a programme in their order, with all that their partials touch: a constant number of statements."""
    return (
        Entry.objects.filter(programme=programme)
        .select_related("guest", "question", "question__programme", "answer")
        .prefetch_related(Prefetch("revisions", queryset=Revision.objects.order_by("number")), "guest__seats")
        .order_by("position")
    )


# What is pushed or stored is one for all: in the language of the site, not in that of the page somebody happened to act on.
@translation.override(settings.LANGUAGE_CODE)
def render(entry: Entry) -> str:
    """The entry's partial: one element with the entry's anchor as id, its list and its order."""
    return render_to_string(entry.partial, {"entry": entry})


def record(entry: Entry) -> dict[str, Any]:
    """The entry for programs: an allow-list, nothing of the asker but nickname and number; no words once withdrawn."""
    gone = entry.withdrawn_at is not None
    edited_at = entry.question.edited_at if entry.question and entry.kind == Entry.Kind.QUESTION else None
    return {
        "id": str(entry.pk),
        "position": entry.position,
        "kind": entry.kind,
        "voice": entry.voice,
        "speaker": entry.speaker,
        "post": entry.post,
        "question": entry.question.label if entry.question else None,
        "mode": entry.answer.mode if entry.answer else None,
        "text": None if gone else entry.text,
        "edited_at": edited_at.isoformat() if edited_at else None,
        "at": entry.at.isoformat(),
        "revision": entry.revision,
        "revised_at": entry.revised_at.isoformat() if entry.revised_at else None,
        "withdrawn": {"at": entry.withdrawn_at.isoformat(), "reason": entry.withdrawn_reason} if entry.withdrawn_at else None,
        "earlier": []
        if gone
        else [{"number": r.number, "text": r.text, "reason": r.reason, "at": r.at.isoformat()} for r in entry.revisions.all()],
    }
