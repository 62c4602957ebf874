"""The database refuses to change the record, also for whoever goes around the application."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from moderation import audit
from moderation.models import Record
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision():
    question = make.question(make.programme())
    return audit.record(question=question, action=Record.Action.APPROVE, by=make.user())


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize("sql", ["UPDATE moderation_record SET words = 'x'", "DELETE FROM moderation_record"])
def test_no_statement_changes_or_removes_a_row(decision, sql):
    with pytest.raises(IntegrityError, match=r"moderation_record is append-only: (UPDATE|DELETE) refused"):
        run(sql)
    assert list(Record.objects.values_list("pk", "words")) == [(decision.pk, "")]


def test_a_row_is_not_replaced_either(decision):
    columns = ", ".join(field.column for field in Record._meta.concrete_fields)
    insert = f"moderation_record ({columns}) SELECT {columns} FROM moderation_record"  # noqa: S608 - names of our own columns
    replace = {
        "sqlite": f"INSERT OR REPLACE INTO {insert}",
        "postgresql": f"INSERT INTO {insert} ON CONFLICT (id) DO UPDATE SET words = 'x'",
    }
    with pytest.raises(IntegrityError, match="append-only"):
        run(replace[connection.vendor])


@pytest.mark.django_db(transaction=True)
def test_the_guard_goes_and_comes_with_its_migration():
    migration = import_module("moderation.migrations.0004_records_are_only_added")
    with transaction.atomic():
        audit.record(question=make.question(make.programme()), action=Record.Action.APPROVE, by=make.user())
    with connection.schema_editor() as editor:
        migration.remove(apps, editor)
    try:
        run("UPDATE moderation_record SET words = 'x'")
    finally:
        with connection.schema_editor() as editor:
            migration.install(apps, editor)
    with pytest.raises(IntegrityError, match="append-only"):
        run("UPDATE moderation_record SET words = 'y'")
