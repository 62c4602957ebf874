"""Questions of one programme that ask alike stand in groups; how many of a group wait for a decision."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from interview.models import Question
from interview.states import UNDECIDED
from moderation.models import Indexed

# Of more than so many no page tells how many there are, so that one that comes to hundreds is not told of to every one of them.
TOLD = 20

_WAITING = Q(grouped__question__state__in=UNDECIDED)
# Of questions with it prefetched, of() tells the group: two statements for any number.
WITH = Prefetch("indexed__group", queryset=Question.objects.annotate(waiting=Count("grouped", filter=_WAITING)))


@dataclass(frozen=True)
class Group:
    """Two or more that wait: `key` is the first question of the group, wherever that one is by now; `more` than the TOLD wait."""

    key: UUID
    told: int
    more: bool


def of(question: Question) -> Group | None:
    """The group of a question that was read with WITH; None where it is alone, or in no index yet."""
    indexed = getattr(question, "indexed", None)
    if indexed is None or indexed.group.waiting < 2:
        return None
    return Group(indexed.group_id, min(indexed.group.waiting, TOLD), indexed.group.waiting > TOLD)


def key_of(question: Question) -> UUID | None:
    """The first question of its group, from the index as it is now; one statement."""
    return Indexed.objects.filter(question=question).values_list("group_id", flat=True).first()


def others(question: Question, key: UUID) -> QuerySet[Question]:
    """The waiting of a group that have to be told after `question` came or went: none where there are more than anybody counts."""
    waiting = Question.objects.filter(indexed__group=key, state__in=UNDECIDED).exclude(pk=question.pk)
    return waiting.prefetch_related(WITH).order_by("number") if waiting.count() <= TOLD + 1 else waiting.none()
