"""Putting a question aside before it is decided: to think, for an editor, for a word from its asker."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from interview import receipts
from interview.models import Question
from interview.states import UNDECIDED, ProgrammeState
from moderation import audit, inbox, leases, settlement, turns
from moderation.audit import Action
from moderation.lines import LIMIT, measured
from moderation.models import Hold
from moderation.screening.findings import Consequence, Finding
from realtime.commands import Refused

_ACTIONS = {Hold.Kind.HELD: Action.HOLD, Hold.Kind.ESCALATED: Action.ESCALATE, Hold.Kind.ASKED_BACK: Action.ASK_BACK}
# There an asker cannot rewrite anything any more.
_OVER = {ProgrammeState.ARCHIVED, ProgrammeState.CANCELLED}


@transaction.atomic
def hold(*, question: Question, words: str = "", by: User) -> Question:
    """The question waits apart until somebody resumes or decides it; nobody reads it any more.

    Said again by the same person it is the same hold. Raises Refused: forbidden, invalid (too many words), conflict
    (decided, read by somebody else, put aside like this already, for an editor or another moderator to decide).
    """
    return _put(question, Hold.Kind.HELD, measured(words, field="words", what="搁置的说明"), by)


@transaction.atomic
def escalate(*, question: Question, words: str = "", by: User) -> Question:
    """The question waits for an editor; moderators cannot decide it any more. Raises Refused as hold() does."""
    return _put(question, Hold.Kind.ESCALATED, measured(words, field="words", what="上报的说明"), by)


@transaction.atomic
def ask_back(*, question: Question, words: str, by: User) -> Question:
    """The asker reads `words` on the receipt and may rewrite the question, which brings it back.

    Raises Refused as hold() does, invalid without words, closed where the asker cannot rewrite any more.
    """
    asked = measured(words, field="words", what="请提问人补充什么", needed=True)
    return _put(question, Hold.Kind.ASKED_BACK, asked, by)


@transaction.atomic
def resume(*, question: Question, by: User) -> Question:
    """The question is back among the others. What was escalated, only an editor brings back, or whoever escalated it.

    Raises Refused: forbidden, conflict (not put aside; decided; somebody else reads it or has to decide).
    """
    before = settlement.under_lock(question, by=by)
    held = Hold.objects.filter(question=before).first()
    if before.state not in UNDECIDED or held is None:
        raise Refused("conflict", f"提问 {before.label} 没有搁置，不用取消。")
    leases.refuse_if_held(before, by=by)
    turns.refuse_if_appealed(before, by=by)
    if held.by_id != by.pk:
        turns.refuse_if_escalated(before, by=by)
    audit.record(question=before, action=Action.RESUME, by=by, data={"hold": held.kind})
    held.delete()
    return _tell(before, by_rule=held.by_id is None)


def hold_by_rule(question: Question, findings: Iterable[Finding]) -> None:
    """What screening found says that this question waits apart. Called by intake, in its transaction, before inboxes are told."""
    categories = sorted({finding.category for finding in findings if finding.consequence is Consequence.HOLD})
    audit.record(question=question, action=Action.HOLD, by=None, data={"categories": categories})
    Hold.objects.create(question=question, kind=Hold.Kind.HELD, words=f"词表：{'、'.join(categories)}"[:LIMIT], by=None)


def _put(question: Question, kind: Hold.Kind, words: str, by: User) -> Question:
    before = settlement.undecided(question, by=by)
    if kind == Hold.Kind.ASKED_BACK and before.programme.state in _OVER:
        raise Refused("closed", "访谈已归档或取消，提问人不能再补充；请直接决定。")
    held = Hold.objects.filter(question=before).select_related("by").first()
    if held is not None and held.kind == kind:
        if (held.by_id, held.words) == (by.pk, words):
            return before
        who = held.by.name if held.by else "词表"
        raise Refused("conflict", f"提问 {before.label} 已由{who}设为“{held.get_kind_display()}”，这一步没有执行。")
    audit.record(question=before, action=_ACTIONS[kind], by=by, words=words)
    if held is not None:
        held.delete()
    Hold.objects.create(question=before, kind=kind, words=words, by=by)
    leases.end(before)
    return _tell(before, by_rule=False)


def _tell(question: Question, *, by_rule: bool) -> Question:
    # Of what a word list held its asker knows nothing: it would teach how to write around the list.
    if not by_rule:
        receipts.show(question)
    inbox.put_aside(question)
    return question
