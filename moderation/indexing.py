"""The index of similar questions is kept up to date: at once for what is asked, soon after for what was answered."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from interview.models import Programme, Question
from interview.states import PUBLIC, QuestionState
from moderation import fingerprints, inbox, pairs, shingles, similar
from moderation.models import Fingerprint, Indexed

# So many in one transaction: others write in between.
BATCH = 200


def remember(question: Question) -> None:
    """The question can be found by its words as they are now, and has its group; the one it left is told.

    Called under the lock of its programme, in the transaction that stored or changed the text.
    """
    former = _remove(question)
    programme, told, group = question.programme, shingles.bare(question.text), similar.group_of(question)
    Indexed.objects.create(question=question, programme=programme, told=told, group_id=group)
    transaction.on_commit(partial(pairs.keep_up, programme))
    if former is not None and former != group:
        inbox.regroup(question, left=former)


def forget(question: Question) -> None:
    """Its asker withdrew it: nothing of its words is left in the index. Called in the transaction of that."""
    former = _remove(question)
    if former is not None:
        inbox.regroup(question, left=former)


def _remove(question: Question) -> UUID | None:
    """Its row goes with all its numbers; returns the group it was in, None for one that was not in the index."""
    indexed = Indexed.objects.filter(question=question).first()
    if indexed is None:
        return None
    indexed.delete()
    return indexed.group_id


def catch_up() -> int:
    """Everything that was answered, or imported as answered, can be found among the past answers; how many were added.

    A query, so that it may run at any time and twice: the interview itself does not know of this index.
    """
    answered = Question.objects.filter(state=QuestionState.ANSWERED, programme__state__in=PUBLIC, programme__rehearsal=False)
    added = _shelve_all(answered.filter(indexed__shelved=False))
    # Of an imported programme all questions are added in one transaction: where there is one, there are all.
    of_it = Indexed.objects.filter(question__programme=OuterRef("pk"))
    for programme in Programme.objects.filter(imported_from__isnull=False).exclude(Exists(of_it)):
        with transaction.atomic():
            added += _shelve_all(answered.filter(programme=programme, indexed=None))
    return added


def index_all(*, anew: bool = False) -> int:
    """Every question that is not in the index yet is, as remember() and catch_up() would have put it there; how many were added.

    `anew` empties the index first: after a change of how texts are compared.
    """
    if anew:
        Fingerprint.objects.all().delete()
        Indexed.objects.all().delete()
    added = 0
    missing = Question.objects.filter(indexed=None, programme__imported_from=None).exclude(state=QuestionState.WITHDRAWN)
    while True:
        with transaction.atomic():
            # Locked, or the words of one that is withdrawn meanwhile would stay.
            batch = list(missing.select_for_update(of=("self",)).select_related("programme").order_by("pk")[:BATCH])
            for question in batch:
                remember(question)
        added += len(batch)
        if not batch:
            return added + catch_up()


def _shelve_all(answered: QuerySet[Question]) -> int:
    added = 0
    while shelved := _shelve(answered):
        added += shelved
    return added


def _shelve(answered: QuerySet[Question]) -> int:
    batch = list(answered.order_by("pk")[:BATCH])
    with transaction.atomic():
        rows = [
            Indexed(question=question, programme_id=question.programme_id, group=question, told=shingles.bare(question.text))
            for question in batch
        ]
        Indexed.objects.bulk_create(rows, ignore_conflicts=True)
        of_batch = Indexed.objects.filter(question__in=batch)
        fingerprints.put(of_batch)
        of_batch.update(shelved=True)
    return len(batch)
