"""One step on a selection of questions: each for itself, so that one that cannot be carried out stops no other."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from interview.models import Programme, Question
from interview.seats import may_moderate, must
from moderation import decisions, holds, merging
from moderation.audit import Action
from moderation.lines import measured
from moderation.reason_texts import words_for
from realtime.commands import Refused

# A page of the inbox twice over; at some hundredths of a second each still a few seconds.
LIMIT = 100


@dataclass(frozen=True)
class Chosen:
    """One question of a selection, and the number of the wording that stood on the page, if the page told it."""

    key: UUID
    seen: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one of them: carried out, or why not. `label` is empty for what is no question of the programme."""

    key: UUID
    label: str
    refused: Refused | None


def carry_out(*, programme: Programme, act: str, chosen: Sequence[Chosen], by: User, reason: str = "", words: str = "") -> list[Outcome]:
    """The step on each of the chosen, in their order, each in a transaction of its own; what became of each.

    Merged are all but the first that was asked, which stands for them. Raises Refused, with nothing done: forbidden, invalid
    (unknown act, nothing chosen, more than LIMIT, one alone to be merged, no reason for a decline, too many words).
    """
    must(may_moderate(by, programme.pk), "您不是本期的审核员，不能审核提问。")
    each = list(dict.fromkeys(chosen))
    if not each:
        raise Refused("invalid", "还没有选择提问。", {"question": ["请选择提问。"]})
    if len(each) > LIMIT:
        raise Refused("invalid", f"选择了{len(each)}条，一次最多{LIMIT}条。", {"question": ["太多。"]})
    found = programme.questions.select_related("programme").in_bulk([choice.key for choice in each])
    target = _first(found.values()) if act == Action.MERGE else None
    step = _step(act, by, reason, words, target)
    return [_carry_out(step, choice, found.get(choice.key)) for choice in each if target is None or choice.key != target.pk]


def _first(found: Collection[Question]) -> Question:
    if len(found) < 2:
        raise Refused("invalid", "合并至少要选择两条提问。", {"question": ["请再选择一条。"]})
    return min(found, key=lambda question: question.number)


def _step(act: str, by: User, reason: str, words: str, target: Question | None) -> Callable[[Question, int | None], Question]:
    # What would be refused for every one of them is refused once.
    if act == Action.DECLINE:
        words_for(reason, words)
    measured(words, field="words", what="说明")
    steps: dict[str, Callable[[Question, int | None], Question]] = {
        Action.APPROVE: lambda question, seen: decisions.approve(question=question, by=by, seen=seen),
        Action.DECLINE: lambda question, seen: decisions.decline(question=question, reason=reason, words=words, by=by, seen=seen),
        Action.TAKE_BACK: lambda question, _seen: decisions.take_back(question=question, by=by),
        Action.HOLD: lambda question, _seen: holds.hold(question=question, words=words, by=by),
        Action.ESCALATE: lambda question, _seen: holds.escalate(question=question, words=words, by=by),
        Action.RESUME: lambda question, _seen: holds.resume(question=question, by=by),
        Action.SPLIT: lambda question, _seen: merging.split(question=question, by=by),
    }
    if target is not None:
        steps[Action.MERGE] = lambda question, seen: merging.merge(question=question, into=target, by=by, seen=seen)
    if act not in steps:
        raise Refused("invalid", "请选择要做什么。", {"act": ["请选择。"]})
    return steps[act]


def _carry_out(step: Callable[[Question, int | None], Question], choice: Chosen, question: Question | None) -> Outcome:
    if question is None:
        return Outcome(choice.key, "", Refused("not_found", "没有找到这个提问，可能页面已经过时。"))
    try:
        step(question, choice.seen)
    except Refused as refused:
        return Outcome(choice.key, question.label, refused)
    return Outcome(choice.key, question.label, None)
