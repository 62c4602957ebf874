"""What every decision about a question has in common: who may make it now, and what ends with it."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from accounts.models import User
from interview import receipts
from interview.models import Question
from interview.programmes import locked
from interview.seats import may_moderate, must
from interview.states import UNDECIDED
from moderation import audit, inbox, leases, turns
from moderation.audit import Action
from moderation.models import Appeal, Hold, Record
from realtime.commands import Refused

# With these a question that was appealed is decided for the second and last time.
_FINAL = frozenset({Action.APPROVE, Action.DECLINE, Action.MERGE})


def under_lock(question: Question, *, by: User) -> Question:
    """The question as it is now, locked, for a moderator of its programme. Raises Refused (forbidden)."""
    must(may_moderate(by, question.programme_id), "您不是本期的审核员，不能审核提问。")
    # Programme before question, as everywhere: of two moderators the second waits here and then sees what the first did.
    locked(question.programme)
    return Question.objects.select_for_update(of=("self",)).select_related("programme").get(pk=question.pk)


def undecided(question: Question, *, by: User, seen: int | None = None) -> Question:
    """As under_lock(), and `by` may decide about it now.

    `seen` is the number of the wording they had before them: nobody decides about words that an asker or a colleague changed
    a moment ago. Raises Refused (forbidden, conflict: decided already, other words, somebody else reads it, an editor or
    another moderator has to decide).
    """
    before = under_lock(question, by=by)
    if before.state not in UNDECIDED:
        raise Refused("conflict", turns.who_was_first(before, so="您的决定没有执行。"))
    if seen is not None and seen != before.wordings.count():
        raise Refused("conflict", f"提问 {before.label} 的文字刚刚改过，请看过新的文字再决定。")
    leases.refuse_if_held(before, by=by)
    turns.refuse_if_others(before, by=by)
    return before


def settle(
    before: Question,
    action: Record.Action,
    *,
    by: User | None,
    move: Callable[[Question], Question],
    reason: str = "",
    words: str = "",
    data: dict[str, Any] | None = None,
) -> Question:
    """The step is recorded, the question moved, its lease and its hold are over, and every inbox shows it.

    `move` is the verb of questions.py; `data` goes into the record. `by` is empty where it follows from what an asker did.
    To be called in the transaction of under_lock() or undecided().
    """
    # Recorded before anything is published: the chain is locked before the topics.
    row = audit.record(question=before, action=action, by=by, reason=reason, words=words, data=data)
    asked_back = end(before)
    if action in _FINAL:
        Appeal.objects.filter(question=before, settled_at=None).update(settled_at=timezone.now())
    elif action in {Action.TAKE_BACK, Action.SPLIT}:
        Appeal.objects.filter(question=before).update(settled_at=None)
    after = move(before)
    if asked_back and receipts.state_of(after) == receipts.state_of(before):
        # Its asker is asked for nothing any more, which moving it did not tell.
        receipts.show(after)
    inbox.settle(after, row)
    return after


def end(question: Question) -> bool:
    """Nobody holds a question that is decided or withdrawn, and it is put aside no longer; whether its asker had been asked back."""
    leases.end(question)
    hold = Hold.objects.filter(question=question).first()
    if hold is not None:
        hold.delete()
    return hold is not None and hold.kind == Hold.Kind.ASKED_BACK
