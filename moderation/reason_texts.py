"""The words for each reason, in both languages, as an editor wants them."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Question
from interview.seats import must
from interview.text import clean_line
from moderation import audit
from moderation.lines import measured
from moderation.models import ReasonText
from moderation.reasons import ENGLISH, WORDS, WORDS_LIMIT, Reason
from realtime.commands import Refused


@dataclass(frozen=True)
class Text:
    """What is told for one reason; `changed` if an editor has changed it."""

    reason: Question.Reason
    chinese: str
    english: str
    changed: bool


def texts() -> list[Text]:
    """All of them in the order of the codes: one statement."""
    rows = {row.reason: row for row in ReasonText.objects.all()}
    return [
        Text(reason, row.chinese, row.english, changed=True)
        if (row := rows.get(reason))
        else Text(reason, WORDS[reason], ENGLISH[reason], changed=False)
        for reason in Reason
    ]


def words_for(reason: str, words: str = "") -> str:
    """The words for this reason: the moderator's own, or those of the site where there are none.

    Raises Refused (invalid) for an unknown reason or too many characters.
    """
    if reason not in WORDS:
        raise Refused("invalid", "请选择不采用的原因。", {"reason": ["请选择原因。"]})
    own = measured(words, field="words", what="给提问人的话")
    if own:
        return own
    row = ReasonText.objects.filter(reason=reason).first()
    return row.chinese if row else WORDS[reason]


def english_of(question: Question) -> str:
    """What the asker is told, in English; empty where a moderator found words of their own, or the words have been changed since."""
    told = {text.reason.value: text for text in texts()}.get(question.reason)
    return told.english if told and told.chinese == question.reason_words else ""


@transaction.atomic
def change(*, reason: str, chinese: str, english: str, by: User) -> Text:
    """From the next decline on askers read these words; empty ones bring ours back. Raises Refused (forbidden, invalid)."""
    must(is_editor(by), "只有编辑可以更改原因文字。")
    if reason not in WORDS:
        raise Refused("invalid", "没有这个原因。", {"reason": ["没有这个原因。"]})
    ours = WORDS[reason], ENGLISH[reason]
    wanted = clean_line(chinese) or ours[0], clean_line(english) or ours[1]
    for field, words in zip(("chinese", "english"), wanted, strict=True):
        if len(words) > WORDS_LIMIT:
            detail = f"文字有{len(words)}字，最多{WORDS_LIMIT}字。"
            raise Refused("invalid", detail, {field: [detail]})
    before = next(text for text in texts() if text.reason == reason)
    if wanted != (before.chinese, before.english):
        if wanted == ours:
            ReasonText.objects.filter(reason=reason).delete()
        else:
            ReasonText.objects.update_or_create(reason=reason, defaults={"chinese": wanted[0], "english": wanted[1]})
        audit.record(
            action=audit.Action.REASON_CHANGE, by=by, reason=reason, words=wanted[0], data={"english": wanted[1], "before": before.chinese}
        )
    return Text(Reason(reason), *wanted, changed=wanted != ours)
