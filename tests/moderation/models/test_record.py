"""Records are only ever added, whatever somebody tries in Python."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from moderation import audit
from moderation.models import AppendOnly, Record
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision():
    question = make.question(make.programme())
    return audit.record(question=question, action=Record.Action.APPROVE, by=make.user())


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: Record.objects.update(words="x"),
        lambda row: Record.objects.filter(pk=row.pk).delete(),
        lambda row: Record.objects.bulk_update([row], ["words"]),
        lambda row: Record.objects.update_or_create(pk=row.pk, words="x"),
        lambda row: row.question.records.all().delete(),
    ],
)
def test_a_stored_decision_is_neither_changed_nor_removed(decision, change):
    with pytest.raises(AppendOnly, match="expected only new rows of Record, got "):
        change(decision)
    assert list(Record.objects.values_list("pk", "words")) == [(decision.pk, "")]


def test_a_row_with_a_key_that_exists_is_refused_not_replaced(decision):
    copy = Record(pk=decision.pk, chain=decision.chain, number=2, question=decision.question, action="decline", by=decision.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()
    assert Record.objects.get().action == "approve"


def test_a_number_is_given_once(decision):
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.create(chain=decision.chain, number=1, question=decision.question, action="decline", by=decision.by)


def test_what_a_decision_speaks_of_stays(decision):
    for row in (decision.question, decision.by):
        with pytest.raises(ProtectedError):
            row.delete()


def test_who_did_it_is_a_person_the_asker_or_a_rule():
    person = make.user(name="陈审核")
    rows = [Record(action="approve", by=person), Record(action="appeal"), Record(action="rewrite"), Record(action="hold")]
    assert [row.actor for row in rows] == ["陈审核", "提问人", "提问人", "规则"]
