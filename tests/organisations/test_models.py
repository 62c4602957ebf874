import pytest
from django.db import IntegrityError, models, transaction

from organisations.models import Kind, Organisation, RegistryChange
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_a_name_is_taken_once():
    make.organisation(name="市自来水公司")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.organisation(name="市自来水公司")


def test_the_database_itself_refuses_what_is_no_registry():
    department = make.organisation(kind=Kind.DEPARTMENT)
    for fields in ({"kind": "company"}, {"kind": Kind.DEPARTMENT, "parent": department}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.organisation(**fields)
    assert Organisation.objects.get() == department


def test_a_department_with_enterprises_is_not_deleted():
    department = make.organisation(kind=Kind.DEPARTMENT)
    make.organisation(parent=department)
    with pytest.raises(models.ProtectedError):
        department.delete()


def test_rows_name_themselves_for_the_log():
    assert str(Organisation(name="市自来水公司")) == "市自来水公司"
    assert str(RegistryChange(action="merge", actor="li")) == "合并 li"
