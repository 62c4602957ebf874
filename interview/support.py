"""Who wants the same answer (同问): one support a visitor and question, counted without counting anybody twice."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from interview import desk, transcript
from interview.models import Programme, Question, Support
from interview.states import PUBLIC, SHOWN, ProgrammeState, QuestionState
from realtime.commands import Refused

# Whoever opens the page for the first time has not read a question before this many seconds.
AT_ONCE = 3
# Where nothing is decided any more, nothing is wanted any more.
_OPEN = PUBLIC - {ProgrammeState.ARCHIVED}


@transaction.atomic
def support(*, question: Question, visitor: str, address: str | None, cookie_age: int | None = None) -> Question:
    """`visitor` wants the same answer; wanted twice it is wanted once. The question, with its count as it is now.

    `cookie_age` is kept where the visitor's cookie is younger than AT_ONCE seconds, and tells nothing about anybody else. A merged
    question stands for the one it was merged into. One that was struck out stays struck out. Called by supporting, which limits.
    Raises Refused: not_found (not shown), conflict (one's own), closed (archived).
    """
    held = _shown(question)
    if held.visitor == visitor:
        raise Refused("conflict", "这是您自己的提问，不用再同问。")
    if cookie_age is not None and cookie_age >= AT_ONCE:
        cookie_age = None
    kept = {"address": address, "cookie_age": cookie_age}
    _support, created = Support.objects.get_or_create(question=held, visitor=visitor, defaults=kept)
    if created:
        settle(held)
    return held


@transaction.atomic
def take_back(*, question: Question, visitor: str) -> Question:
    """`visitor` does not want it any more; the question, with its count. What was struck out stays, or it could be given anew.

    Nor do they want any longer what was merged into it. Raises Refused as support().
    """
    held = _shown(question)
    removed, _by_model = _of(held).filter(visitor=visitor, struck_at=None).delete()
    if removed:
        settle(held)
    return held


@transaction.atomic
def strike(*, question: Question, supports: Collection[int], by: User) -> list[int]:
    """These supports of the question no longer count; the keys of those that counted until now. Called by series, which records."""
    return _set_struck(question, supports, struck=True, by=by)


@transaction.atomic
def restore(*, question: Question, supports: Collection[int]) -> list[int]:
    """What strike() did is undone; the keys of those that count again. Called by series, which records."""
    return _set_struck(question, supports, struck=False, by=None)


def recount(question: Question) -> int:
    """Count anew, and keep, how many want the same answer besides the asker: Question.supports.

    Everybody once: who supports it or what was merged into it, and who asked what was merged. To be called with the row
    of the question locked, whenever its supports or what is merged into it changed.
    """
    supporters = _of(question).filter(struck_at=None).exclude(visitor=question.visitor).values_list("visitor")
    askers = Question.objects.filter(merged_into=question).exclude(visitor=question.visitor).order_by().values_list("visitor")
    question.supports = supporters.union(askers).count()
    Question.objects.filter(pk=question.pk).update(supports=question.supports)
    return question.supports


def settle(question: Question) -> None:
    """Count anew, and tell whoever may know it. To be called as recount()."""
    recount(question)
    # Nobody needs an event for it: the next one of this question has the count in it.
    if question.state in SHOWN:
        if not question.programme.hides_supports:
            transcript.pulse_supports(question)
        desk.pulse_supports(question)


def show_again(programme: Programme) -> None:
    """Whether the public may know the counts has changed: every question that waits is shown with its count, or without.

    To be called in the transaction of that, with the programme locked.
    """
    waiting = programme.questions.filter(state__in=SHOWN - {QuestionState.ANSWERED})
    for question in waiting.select_related("programme", "put_to").order_by("number"):
        transcript.show_question(question)


def is_supported(question: Question, *, visitor: str | None) -> bool:
    """Whether this visitor wants the same answer; what was struck out is not told apart."""
    return visitor is not None and _of(question).filter(visitor=visitor).exists()


def told(question: Question) -> int | None:
    """The count as the public may know it; None while it is hidden."""
    return None if question.programme.hides_supports else question.supports


def _of(question: Question) -> QuerySet[Support]:
    return Support.objects.filter(Q(question=question) | Q(question__merged_into=question))


def _shown(question: Question) -> Question:
    """The question, or the one it was merged into, locked: of two at once the second counts what the first added."""
    key = Question.objects.values_list("merged_into", flat=True).get(pk=question.pk) or question.pk
    held = Question.objects.select_for_update(of=("self",)).select_related("programme").get(pk=key)
    programme: Programme = held.programme
    if programme.state == ProgrammeState.ARCHIVED:
        raise Refused("closed", "访谈已经归档，不能再同问。")
    if held.state not in SHOWN or programme.state not in _OPEN:
        raise Refused("not_found", "没有找到这个提问，它可能已经撤下。请刷新页面。")
    return held


def _set_struck(question: Question, supports: Collection[int], *, struck: bool, by: User | None) -> list[int]:
    held = Question.objects.select_for_update(of=("self",)).select_related("programme", "merged_into").get(pk=question.pk)
    rows = Support.objects.filter(question=held, pk__in=supports, struck_at__isnull=struck)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    Support.objects.filter(pk__in=keys).update(struck_at=timezone.now() if struck else None, struck_by=by)
    if keys:
        key = held.merged_into_id or held.pk
        settle(Question.objects.select_for_update(of=("self",)).select_related("programme").get(pk=key))
    return keys
