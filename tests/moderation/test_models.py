"""Decisions are only ever added, whatever somebody tries in Python."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from moderation import audit
from moderation.models import AppendOnly, Decision, Lease
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision():
    question = make.question(make.programme())
    return audit.record(question=question, action=Decision.Action.APPROVE, by=make.user())


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: Decision.objects.update(words="x"),
        lambda row: Decision.objects.filter(pk=row.pk).delete(),
        lambda row: Decision.objects.bulk_update([row], ["words"]),
        lambda row: Decision.objects.update_or_create(pk=row.pk, words="x"),
        lambda row: row.question.decisions.all().delete(),
    ],
)
def test_a_stored_decision_is_neither_changed_nor_removed(decision, change):
    with pytest.raises(AppendOnly, match="expected only new rows of Decision, got "):
        change(decision)
    assert list(Decision.objects.values_list("pk", "words")) == [(decision.pk, "")]


def test_a_row_with_a_key_that_exists_is_refused_not_replaced(decision):
    copy = Decision(pk=decision.pk, programme=decision.programme, number=2, question=decision.question, action="decline", by=decision.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()
    assert Decision.objects.get().action == "approve"


def test_a_number_is_given_once(decision):
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(programme=decision.programme, number=1, question=decision.question, action="decline", by=decision.by)


def test_what_a_decision_speaks_of_stays(decision):
    for row in (decision.question, decision.by):
        with pytest.raises(ProtectedError):
            row.delete()


def test_a_lease_holds_until_its_time_is_over():
    with time_machine.travel("2010-07-30T15:00:00+08:00", tick=False) as clock:
        lease = Lease(until=timezone.now())
        assert lease.holds is False
        clock.shift(-1)
        assert lease.holds is True
