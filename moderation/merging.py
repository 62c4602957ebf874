"""Questions that ask the same are answered together: one stands for all, every asker keeps number and receipt."""

from functools import partial

from django.db import transaction

from accounts.models import User
from interview import questions
from interview.models import Question
from interview.programmes import locked
from interview.states import SHOWN, UNDECIDED, QuestionState
from moderation import inbox, settlement, turns
from moderation.audit import Action
from moderation.models import Record
from realtime.commands import Refused

# What may still be joined to another; what is answered stands in the transcript.
_MERGEABLE = UNDECIDED | {QuestionState.APPROVED, QuestionState.OWED}
# What another may be joined to.
TARGETS = UNDECIDED | SHOWN


@transaction.atomic
def merge(*, question: Question, into: Question, by: User, seen: int | None = None) -> Question:
    """The question shares the fate of `into` from now on, its asker is told so, and so are those who were merged into it.

    Merged into a merged one it stands under that one's target: there are no chains. One person is enough, for the target is
    still decided. Raises Refused: forbidden, invalid (itself, another programme), conflict (decided, with a guest, read by
    somebody else, other words than `seen`; the target was declined or withdrawn).
    """
    before = settlement.under_lock(question, by=by)
    if before.state in UNDECIDED:
        before = settlement.undecided(question, by=by, seen=seen)
    elif before.state not in _MERGEABLE:
        raise Refused("conflict", turns.who_was_first(before, so="您的决定没有执行。"))
    else:
        turns.refuse_if_others(before, by=by)
    if before.put_to_id:
        raise Refused("conflict", f"提问 {before.label} 已交给嘉宾，不能合并；请先请主持人收回，或者把另一条合并到它里面。")
    target = _target(before, into)
    data = {"into": str(target.pk), "moved": [str(child.pk) for child in _children(before)]}
    after = settlement.settle(before, Action.MERGE, by=by, move=partial(questions.merge, into=target), data=data)
    show(target)
    return after


@transaction.atomic
def split(*, question: Question, by: User) -> Question:
    """A merged question stands by itself again and waits for screening, whatever became of the other one meanwhile.

    What had gone along with it when it was merged, and was not split since, stands under it again. Raises Refused: forbidden,
    conflict (it is not merged).
    """
    before = settlement.under_lock(question, by=by)
    if before.state != QuestionState.MERGED:
        raise Refused("conflict", f"提问 {before.label} 现在是“{before.get_state_display()}”，没有合并，不用拆开。")
    target = _target_of(before)
    along = [child for child in _children(target) if str(child.pk) in _moved(before)]
    data = {"from": str(target.pk), "moved": [str(child.pk) for child in along]}
    after = settlement.settle(before, Action.SPLIT, by=by, move=partial(questions.split, along=along), data=data)
    show(target)
    return after


def release(question: Question) -> Question:
    """What was merged into a question that is being withdrawn waits for screening again; the question, locked.

    Called by intake, in the transaction of the withdrawal and before it.
    """
    locked(question.programme)
    before = Question.objects.select_for_update(of=("self",)).select_related("programme", "merged_into__programme").get(pk=question.pk)
    for child in _children(before):
        settlement.settle(child, Action.SPLIT, by=None, move=questions.split, data={"withdrawn": str(before.pk)})
    return before


def show(target: Question) -> None:
    """More or fewer want the answer of `target` now: where it waits, moderators see who."""
    if target.state in UNDECIDED:
        inbox.show(target)


def _moved(question: Question) -> list[str]:
    """The keys of those that went along when it was merged."""
    merged = Record.objects.filter(question=question, action=Action.MERGE).order_by("-number").first()
    return merged.data["moved"] if merged else []


def _children(question: Question) -> list[Question]:
    """What was merged into it, locked; all of them before anything is told, for whoever takes a question locks it and then the inbox."""
    merged = question.merged.select_for_update(of=("self",)).select_related("programme", "merged_into__programme")
    return list(merged.order_by("number"))


def _target(before: Question, into: Question) -> Question:
    named = Question.objects.get(pk=into.pk)
    target = Question.objects.select_for_update(of=("self",)).select_related("programme").get(pk=named.merged_into_id or named.pk)
    if target.programme_id != before.programme_id:
        raise Refused("invalid", "只能与同一期访谈的提问合并。", {"into": ["请选择本期的提问。"]})
    if target.pk == before.pk:
        raise Refused("invalid", f"提问 {before.label} 不能与自己合并。", {"into": ["请选择另一条提问。"]})
    if target.state not in TARGETS:
        detail = f"提问 {target.label} 现在是“{target.get_state_display()}”，不能合并到它里面。"
        raise Refused("conflict", f"{detail}请先收回那条的审核，或者直接决定这一条。")
    return target


def _target_of(question: Question) -> Question:
    return Question.objects.select_for_update(of=("self",)).select_related("programme").get(merged=question)
