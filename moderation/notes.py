"""What moderators tell each other about a question."""

from django.db import transaction

from accounts.models import User
from interview.models import Question
from moderation import audit, inbox, settlement
from moderation.audit import Action
from moderation.lines import measured
from moderation.models import Note
from moderation.models.note import NOTE_LIMIT


@transaction.atomic
def add(*, question: Question, words: str, by: User) -> Note:
    """The note stands beside the question, for moderators and editors only, whatever state the question is in.

    The same words of the same person directly again are the same note: a click too many. The record says that there is a
    note, not what it says. Raises Refused (forbidden, invalid).
    """
    text = measured(words, field="words", what="批注", needed=True, limit=NOTE_LIMIT)
    before = settlement.under_lock(question, by=by)
    last = before.notes.order_by("-at", "-id").first()
    if last is not None and (last.text, last.by_id) == (text, by.pk):
        return last
    note = Note(question=before, text=text, by=by)
    audit.record(question=before, action=Action.NOTE, by=by, data={"note": str(note.pk)})
    note.save()
    inbox.show(before)
    return note
