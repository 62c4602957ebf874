"""What an asker may still do: answer what a moderator asked back, and once rewrite a declined question or appeal."""

from dataclasses import replace

from django.db import transaction

from accounts.callers import Caller
from interview import questions, receipts
from interview.models import Question
from interview.programmes import locked
from interview.states import UNDECIDED, ProgrammeState
from interview.text import QUESTION_LIMIT
from moderation import audit, blocks, holds, inbox, indexing, intake, settlement, throttle, wordings
from moderation.audit import Action
from moderation.lines import measured
from moderation.models import Appeal, Hold, Record, Wording
from moderation.screening.findings import Consequence
from moderation.screening.screened import Screened
from realtime.commands import Refused

_OVER = {ProgrammeState.ARCHIVED: "访谈已归档", ProgrammeState.CANCELLED: "访谈已取消"}


def may_rewrite(question: Question) -> bool:
    """Whether the asker was asked back, or has the second chance, as of now."""
    return question.programme.state not in _OVER and (_asked_back(question) or _second_chance(question))


def may_appeal(question: Question) -> bool:
    """Whether the asker has the second chance, as of now."""
    return question.programme.state not in _OVER and _second_chance(question)


def rewrite(*, token: str, text: str, caller: Caller) -> Question:
    """The new words stand under the old number and wait for screening again.

    Of a declined question this is the one second chance, and another moderator decides; what was asked back uses nothing
    up. The same words sent again are the same rewrite. Raises Question.DoesNotExist, Refused: invalid (empty, too long,
    unchanged, refused by a word list), forbidden (staff), blocked, throttled, closed, conflict (no chance left or never any).
    """
    words = measured(text, field="text", what="改写后的提问", needed=True, limit=QUESTION_LIMIT)
    found = questions.find(token)
    seen = intake.read(words)
    asker = _asker(found, caller)
    if not _was_rewritten(found, words):
        # Whoever may not ask may not ask anew under an old number either; wherever they do it from.
        blocks.refuse_if_blocked(programme=found.programme, caller=replace(caller, visitor=found.visitor))
        throttle.look(asker, token=found.client_token)
    with transaction.atomic():
        before = _locked(found)
        # Asked again under the lock: of the same form sent twice at once, the second finds the first one here.
        if _was_rewritten(before, words):
            return before
        _refuse_unless(may_rewrite(before), before)
        own = _own(before)
        if words in {before.text, own.text if own else before.text}:
            raise Refused("invalid", "文字和原来的一样。请改写以后再提交；不想改写，可以申诉。", {"text": ["没有改动。"]})
        throttle.take(asker)
        return _rewrite(before, words, seen)


def appeal(*, token: str, words: str, caller: Caller) -> Question:
    """Another moderator has to look at the declined question, once; the asker's `words` say why. It waits under its number.

    A block keeps nobody from it: no new words come before anybody, and whoever is blocked may have been wronged twice. The same
    words sent again are the same appeal. Raises as rewrite() does, but for blocked.
    """
    why = measured(words, field="words", what="申诉的理由", needed=True)
    found = questions.find(token)
    asker = _asker(found, caller)
    if not _has_appealed(found, why):
        throttle.look(asker, token=found.client_token)
    with transaction.atomic():
        before = _locked(found)
        if _has_appealed(before, why):
            return before
        _refuse_unless(may_appeal(before), before)
        throttle.take(asker)
        _open(before, Appeal.Kind.APPEAL, why)
        row = audit.record(question=before, action=Action.APPEAL, by=None)
        after = questions.reopen(before)
        inbox.settle(after, row)
        return after


def _rewrite(before: Question, words: str, seen: Screened) -> Question:
    asked_back = before.state in UNDECIDED
    if not asked_back:
        _open(before, Appeal.Kind.REWRITE, "")
    if wordings.latest(before) is None:
        # From before wordings were kept: what stands there is what was sent.
        wordings.add(question=before, text=before.text, by=None)
    row = audit.record(
        question=before, action=Action.REWRITE, by=None, data={"wording": before.wordings.count() + 1, "asked_back": asked_back}
    )
    settlement.end(before)
    wordings.add(question=before, text=words, by=None, findings=seen.findings)
    after = questions.reopen(before, text=seen.masked)
    if asked_back and after.text == before.text:
        # Only what is masked was changed: nothing that moving it has told, but nothing is asked of the asker any more.
        receipts.show(after)
    if seen.consequence is Consequence.HOLD:
        holds.hold_by_rule(after, seen.findings)
    indexing.remember(after)
    inbox.settle(after, row)
    return after


def _open(question: Question, kind: Appeal.Kind, words: str) -> None:
    last: Record | None = audit.last_of(question)
    Appeal.objects.create(question=question, kind=kind, words=words, against=last.by if last else None)


def _asker(question: Question, caller: Caller) -> throttle.Asker:
    """Whose rewrites and appeals count as questions: whoever asked. Raises Refused (forbidden) for staff."""
    intake.refuse_staff(question.programme, caller)
    return intake.asker_of(question.programme, visitor=question.visitor, address=caller.address)


def _locked(question: Question) -> Question:
    locked(question.programme)
    return Question.objects.select_for_update(of=("self",)).select_related("programme").get(pk=question.pk)


def _asked_back(question: Question) -> bool:
    return question.state in UNDECIDED and Hold.objects.filter(question=question, kind=Hold.Kind.ASKED_BACK).exists()


def _second_chance(question: Question) -> bool:
    return question.state == Question.State.DECLINED and not Appeal.objects.filter(question=question).exists()


def _own(question: Question) -> Wording | None:
    """The asker's last wording."""
    return question.wordings.filter(by=None).order_by("-number").first()


def _was_rewritten(question: Question, words: str) -> bool:
    own = _own(question)
    return own is not None and own.number > 1 and own.text == words and not may_rewrite(question)


def _has_appealed(question: Question, words: str) -> bool:
    return Appeal.objects.filter(question=question, kind=Appeal.Kind.APPEAL, words=words).exists()


def _refuse_unless(allowed: bool, question: Question) -> None:
    if allowed:
        return
    over = _OVER.get(ProgrammeState(question.programme.state))
    if over:
        raise Refused("closed", f"{over}，不再受理改写和申诉。")
    if Appeal.objects.filter(question=question).exists():
        raise Refused("conflict", f"提问 {question.label} 已经改写或申诉过一次，由另一位审核员决定，不再受理。")
    raise Refused("conflict", f"提问 {question.label} 现在是“{receipts.state_of(question).label}”，不能改写或申诉。")
