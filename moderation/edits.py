"""Small changes a moderator makes to what the public reads of a question; what was sent is kept."""

from django.db import transaction
from django.utils import timezone
from rapidfuzz.distance import Levenshtein

from accounts.models import User
from interview import questions
from interview.models import Question
from interview.states import UNDECIDED
from interview.text import QUESTION_LIMIT
from moderation import audit, highlights, inbox, indexing, leases, settlement, turns, vocabulary, wordings
from moderation.audit import Action
from moderation.lines import measured
from realtime.commands import Refused

# One character in five, counted against the asker's own words however often they are edited: a typo, a name, an insult can
# go, while four fifths of what is read are still the asker's. In a short question that would not be a single word.
SHARE = 5
FEW = 4


@transaction.atomic
def edit(*, question: Question, text: str, seen: int, by: User) -> Question:
    """Everybody reads `text` from now on, with the mark 由审核员编辑; the asker's wording is kept. Back to that, the mark is gone.

    `seen` is the number of the wording the moderator had before them (0 where none is kept). The same words again from the
    same person are the same edit. Raises Refused: forbidden, invalid (empty, nothing or too much changed), conflict
    (answered, with a guest, declined; somebody else reads it, has to decide or was faster).
    """
    words = measured(text, field="text", what="改写后的提问", needed=True, limit=QUESTION_LIMIT)
    before = settlement.under_lock(question, by=by)
    if before.state not in questions.REWORDABLE:
        raise Refused("conflict", turns.who_was_first(before, so="文字不能再改。"))
    if before.state in UNDECIDED:
        leases.refuse_if_held(before, by=by)
    turns.refuse_if_others(before, by=by)
    last = wordings.latest(before)
    if last is not None and (last.by_id, last.text) == (by.pk, words):
        return before
    if seen != (last.number if last else 0):
        who = f"{last.by.name}刚刚改过提问 {before.label} 的文字" if last and last.by else f"提问 {before.label} 刚刚有了新的文字"
        raise Refused("conflict", f"{who}，请看过再改。")
    return _store(before, words, by)


def original(question: Question) -> str:
    """What the asker wrote last, with labels in place of personal data: against this an edit is measured."""
    own = question.wordings.filter(by=None).order_by("-number").first()
    return "".join(piece.text for piece in highlights.cut(own.text, own.findings)) if own else question.text


def most(text: str) -> int:
    """How many characters of this text may be changed: added, taken away or replaced."""
    return max(FEW, len(text) // SHARE)


def _store(before: Question, words: str, by: User) -> Question:
    shown = vocabulary.look(words)
    if shown.masked == before.text:
        raise Refused("invalid", "文字没有改动。", {"text": ["没有改动。"]})
    own = original(before)
    changed = Levenshtein.distance(own, shown.masked)
    if changed > most(own):
        detail = f"改动了{changed}个字，最多{most(own)}个：只能作少量改动，意思不变。要大改，请让提问人补充。"
        raise Refused("invalid", detail, {"text": ["改动太多。"]})
    if wordings.latest(before) is None:
        # From before wordings were kept: what stands there is what was sent.
        wordings.add(question=before, text=before.text, by=None)
    number = before.wordings.count() + 1
    audit.record(question=before, action=Action.EDIT, by=by, data={"wording": number, "changed": changed})
    wordings.add(question=before, text=words, by=by, findings=shown.findings)
    after = questions.reword(before, text=shown.masked, edited_at=timezone.now() if changed else None)
    indexing.remember(after)
    inbox.reword(after)
    return after
