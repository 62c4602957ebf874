import re

import pytest
from django.utils import timezone

from archive import portal, publications
from archive.importing import import_transcript
from archive.models import Publication
from tests import scenes as make
from tests.archive.records import OPENED, held, record

pytestmark = pytest.mark.django_db


def past(unit, editor, key, **fields):
    return import_transcript(record(unit, key=key, title=key, **fields), by=editor)


def test_a_folder_is_named_by_the_date_and_the_end_of_the_id():
    programme = past(make.organisation(), make.editor(), "water")
    assert publications.of(programme).folder == f"interviews/2010/0714-{programme.pk.hex[-12:]}"


def test_a_folder_stays_where_it_is_when_the_date_is_corrected():
    programme = past(make.organisation(), make.editor(), "water")
    named = publications.of(programme).folder
    programme.planned_start = timezone.now()
    programme.save()
    assert publications.of(programme).folder == named


def test_what_could_not_be_written_is_not_listed():
    programme, _editor = held()
    Publication.objects.create(programme=programme, folder="interviews/2010/0714-x", error="没有空间")
    assert list(publications.listed()) == []


def test_the_list_has_the_latest_first_with_the_answered_counted():
    editor, unit = make.editor(), make.organisation()
    for day in (7, 21, 14):
        portal.publish(programme=past(unit, editor, str(day), opened_at=OPENED.replace(day=day)), by=editor)
    assert [(row.programme.title, row.answered) for row in publications.listed()] == [("21", 2), ("14", 2), ("7", 2)]


def test_the_list_takes_the_same_statements_for_one_and_for_three(django_assert_num_queries):
    editor, unit = make.editor(), make.organisation()
    for days in ((7,), (14, 21)):
        for day in days:
            portal.publish(programme=past(unit, editor, str(day), opened_at=OPENED.replace(day=day)), by=editor)
        with django_assert_num_queries(2):
            for row in publications.listed():
                assert (row.programme.unit.name, len(row.programme.guests.all())) == (unit.name, 1)


def test_two_of_one_moment_stand_beside_each_other_once():
    editor, unit = make.editor(), make.organisation()
    for key in ("a", "b", "c"):
        portal.publish(programme=past(unit, editor, key), by=editor)
    rows = list(publications.listed())
    beside = [[other and other.programme.title for other in publications.beside(row)] for row in rows]
    titles = [row.programme.title for row in rows]
    assert beside == [[titles[1], None], [titles[2], titles[0]], [None, titles[1]]]


def test_what_only_ended_is_not_stale():
    held()
    assert list(publications.stale()) == []


def test_an_archived_programme_without_a_row_is_stale():
    programme = make.programme(state="archived")
    assert list(publications.stale()) == [programme]


def test_the_last_letters_of_an_id_are_chance():
    folders = {publications.of(make.programme()).folder for _number in range(20)}
    assert len(folders) == 20
    assert all(re.fullmatch(r"interviews/\d{4}/\d{4}-[0-9a-f]{12}", folder) for folder in folders)
