import pytest
from django.db.models import ProtectedError

from archive.models import Publication
from tests import scenes as make
from tests.archive.records import OPENED

pytestmark = pytest.mark.django_db


def test_a_row_is_written_from_its_first_revision_on():
    row = Publication.objects.create(programme=make.programme(), folder="interviews/2010/0714-a")
    assert not row.is_written
    row.revision = 1
    assert row.is_written


def test_the_year_is_the_local_one():
    new_year = OPENED.replace(month=1, day=1, hour=0)
    row = Publication(programme=make.programme(planned_start=new_year), folder="interviews/2010/0101-a")
    row.programme.refresh_from_db()
    assert row.year == 2010


def test_what_is_published_is_not_deleted_with_its_programme():
    programme = make.programme()
    Publication.objects.create(programme=programme, folder="interviews/2010/0714-a")
    with pytest.raises(ProtectedError):
        programme.delete()
