from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from archive import portal
from interview import entries, transcript
from tests.archive.records import held

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command("publish_archive", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def two():
    (one, editor), (other, _) = held(), held()
    for programme in (one, other):
        portal.publish(programme=programme, by=editor)
    transcript.revise(entry=entries.of(one).get(position=1), text="大家好。", seen=1, by=editor)
    return one, other


@pytest.mark.parametrize("words", [[], ["--stale"]])
def test_what_is_out_of_date_is_written(two, portal_root, words):
    assert run(*words) == f"1 of 1 written to {portal_root}\n"
    assert run(*words) == f"0 of 0 written to {portal_root}\n"


def test_all_is_everything_that_is_archived(two, portal_root):
    held()
    assert run("--all") == f"2 of 2 written to {portal_root}\n"


def test_a_change_of_the_sites_name_reaches_every_page(two, portal_root, settings):
    settings.SITE_NAME = "新名字的门户网站"
    run("--all")
    pages = list(portal_root.rglob("index.html"))
    assert len(pages) == 3
    assert all("新名字的门户网站" in page.read_text() for page in pages)


def test_what_could_not_be_written_fails_the_command(two, settings, tmp_path):
    settings.PORTAL_ROOT = tmp_path / "file"
    settings.PORTAL_ROOT.write_text("a file")
    with pytest.raises(CommandError, match="2 could not be written"):
        run("--all")
