"""Who is reading which question: held for three minutes, so that nobody holds one for ever."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from interview.models import Question
from interview.seats import may_moderate, must
from interview.states import UNDECIDED
from moderation import inbox, turns
from moderation.models import LEASE_SPAN, Lease
from realtime.commands import Refused


@transaction.atomic
def take(*, question: Question, by: User) -> Lease:
    """`by` holds the question until LEASE_SPAN from now, also where they held it already; every desk sees it.

    Raises Refused: forbidden, conflict (somebody else holds it or has to decide it, or it waits for no decision any more).
    """
    must(may_moderate(by, question.programme_id), "您不是本期的审核员，不能审核提问。")
    held = Question.objects.select_for_update(of=("self",)).select_related("programme").get(pk=question.pk)
    if held.state not in UNDECIDED:
        raise Refused("conflict", turns.who_was_first(held, so="不用再审核。"))
    refuse_if_held(held, by=by)
    turns.refuse_if_others(held, by=by)
    lease, _created = Lease.objects.update_or_create(question=held, defaults={"moderator": by, "until": timezone.now() + LEASE_SPAN})
    inbox.show(held)
    return lease


@transaction.atomic
def release(*, question: Question, by: User) -> None:
    """The question is anybody's again; one that `by` does not hold stays as it is. Raises Refused (forbidden)."""
    must(may_moderate(by, question.programme_id), "您不是本期的审核员，不能审核提问。")
    held = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    removed, _by_model = Lease.objects.filter(question=held, moderator=by).delete()
    if removed and held.state in UNDECIDED:
        inbox.show(held)


def end(question: Question) -> None:
    """Nobody holds a question that is decided or withdrawn. Called in the transaction of that."""
    Lease.objects.filter(question=question).delete()


def refuse_if_held(question: Question, *, by: User) -> None:
    """Raise Refused (conflict) with the name and the time while somebody other than `by` holds the question."""
    lease = Lease.objects.filter(question=question).select_related("moderator").first()
    if lease is not None and lease.holds and lease.moderator_id != by.pk:
        until = timezone.localtime(lease.until)
        raise Refused("conflict", f"{lease.moderator.name}正在审核提问 {question.label}，到 {until:%H:%M:%S} 为止；请先看别的提问。")
