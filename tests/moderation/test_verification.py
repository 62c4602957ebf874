"""Whatever is done to a record behind the application's back is found (T-50)."""

import random

import pytest
from django.db import connection, transaction

from moderation import anchors, audit, verification
from moderation.models import Chain, Record
from tests import scenes as make

pytestmark = pytest.mark.django_db

TRIALS = 240


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AUDIT_ROOT = tmp_path / "audit"


@pytest.fixture
def programme():
    """A programme whose record has an anchor in the middle and one at its end; the triggers that guard it are off."""
    programme, chen = make.programme(), make.user()
    question = make.question(programme)
    for number, action in enumerate([*Record.Action][:12]):
        audit.record(question=question, action=action, by=chen, words=f"第{number}步", data={"number": number})
        if number == 5:
            anchors.write()
    anchors.write()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in ("updated", "deleted", "replaced"):
                cursor.execute(f"DROP TRIGGER moderation_record_never_{event}")
        else:
            cursor.execute("DROP TRIGGER moderation_record_append_only ON moderation_record")
    return programme


def rows(programme):
    return Record.objects.filter(programme=programme).order_by("number")


def overwrite(row, **columns):
    sets = ", ".join(f"{column} = %s" for column in columns)
    with connection.cursor() as cursor:
        # As it is stored: a UUID has no dashes on SQLite.
        key = row.pk.hex if connection.vendor == "sqlite" else row.pk
        cursor.execute(f"UPDATE moderation_record SET {sets} WHERE id = %s", [*columns.values(), key])  # noqa: S608 - our own columns
        assert cursor.rowcount == 1


def remove(row):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM moderation_record WHERE chain_id = %s AND number = %s", [row.chain_id, row.number])
        assert cursor.rowcount == 1


def rechain(programme, start):
    """Make every digest anew from a number on, and the end of the chain, as somebody would who has read chain.py."""
    before = rows(programme).filter(number__lt=start).last()
    digest = before.digest if before else ""
    for row in rows(programme).filter(number__gte=start):
        row.previous = digest
        digest = audit.digest(row)
        overwrite(row, previous=row.previous, digest=digest)
    last = rows(programme).last()
    Chain.objects.filter(key=str(programme.pk)).update(number=last.number, digest=last.digest)


def edit(programme, chance):
    row = chance.choice(rows(programme))
    overwrite(row, **chance.choice([{"words": "改过"}, {"action": "appeal"}, {"reason": "legal"}, {"data": '{"number": 99}'}]))


def delete(programme, chance):
    remove(chance.choice(rows(programme)[:11]))


def cut_tail(programme, chance):
    for row in list(rows(programme))[chance.randrange(6, 12) :]:
        remove(row)


def cut_tail_and_end(programme, chance):
    cut_tail(programme, chance)
    last = rows(programme).last()
    Chain.objects.filter(key=str(programme.pk)).update(number=last.number, digest=last.digest)


def swap(programme, chance):
    one, other = chance.sample(list(rows(programme)), 2)
    overwrite(one, number=99)
    overwrite(other, number=one.number)
    overwrite(one, number=other.number)


def insert(programme, chance):
    at = chance.randrange(1, 12)
    for row in reversed(rows(programme).filter(number__gte=at)):
        overwrite(row, number=row.number + 1)
    before = rows(programme).filter(number=at - 1).first()
    row = Record(chain_id=str(programme.pk), number=at, programme=programme, action="note", previous=before.digest if before else "")
    row.digest = audit.digest(row)
    row.save()


def rewrite(programme, chance):
    row = chance.choice(rows(programme))
    overwrite(row, words="改过")
    rechain(programme, row.number)


def insert_and_rewrite(programme, chance):
    insert(programme, chance)
    rechain(programme, 1)


TAMPERING = [edit, delete, cut_tail, cut_tail_and_end, swap, insert, rewrite, insert_and_rewrite]


def test_a_record_as_it_was_written_is_sound(programme):
    audit.record(action=Record.Action.LIST_CHANGE, by=None)
    assert verification.verify() == verification.Verified(chains=2, records=13, anchors=2, flaws=[])


def test_every_kind_of_tampering_is_found(programme):
    chance = random.Random(50)
    for trial in range(TRIALS):
        tamper = TAMPERING[trial % len(TAMPERING)]
        with transaction.atomic():
            tamper(programme, chance)
            assert {flaw.chain for flaw in verification.verify().flaws} == {str(programme.pk)}, tamper.__name__
            transaction.set_rollback(True)
    assert verification.verify().flaws == []


def test_what_is_wrong_is_said_at_its_number(programme):
    overwrite(rows(programme)[3], words="改过")
    assert [(flaw.number, flaw.what) for flaw in verification.verify().flaws] == [
        (4, "its digest is not that of its columns: the row was changed")
    ]


def test_a_chain_that_is_gone_is_missed_by_the_anchors(programme):
    for row in rows(programme):
        remove(row)
    Chain.objects.filter(key=str(programme.pk)).delete()
    found = verification.verify()
    assert [(flaw.chain, flaw.number) for flaw in found.flaws] == [(str(programme.pk), 12)]
