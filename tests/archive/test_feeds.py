from xml.etree import ElementTree as ET

import pytest

from archive import feeds, portal, publications
from archive.importing import import_transcript
from interview.models import Programme
from tests import scenes as make
from tests.archive.records import OPENED, held, record

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def feed() -> ET.Element:
    return ET.fromstring(feeds.write(list(publications.listed())))  # noqa: S314 - our own words


def test_every_archived_interview_is_an_entry_with_a_relative_link(settings):
    editor = make.editor()
    programme = import_transcript(record(make.organisation(name="浔江市自来水公司")), by=editor)
    publication = portal.publish(programme=programme, by=editor)
    root = feed()
    entry = root.find(f"{ATOM}entry")
    assert [child.text for child in root if child.tag in {f"{ATOM}title", f"{ATOM}id"}] == [
        f"{settings.SITE_NAME} · 在线访谈",
        f"tag:{settings.SITE_DOMAIN},2010:interviews",
    ]
    assert {child.tag.removeprefix(ATOM): child.text for child in entry if child.text and child.text.strip()} == {
        "title": "汛期供水与龙头水质",
        "id": f"tag:{settings.SITE_DOMAIN},2010:{programme.pk}",
        "summary": "进入主汛期，水源浊度升高。",
        "published": publication.first_written_at.isoformat(),
        "updated": publication.revised_at.isoformat(),
    }
    assert entry.find(f"{ATOM}link").get("href") == f"{publication.folder}/index.html"
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "浔江市自来水公司"


def test_an_empty_feed_is_a_feed():
    assert feed().findall(f"{ATOM}entry") == []


def test_the_latest_come_first_and_older_ones_are_left_to_the_index():
    editor, unit = make.editor(), make.organisation()
    for number in range(feeds.LATEST + 1):
        programme = import_transcript(
            record(unit, key=str(number), title=f"第{number}期", opened_at=OPENED.replace(day=1 + number)), by=editor
        )
        portal.publish(programme=programme, by=editor)
    titles = [entry.find(f"{ATOM}title").text for entry in feed().findall(f"{ATOM}entry")]
    assert titles == [f"第{number}期" for number in range(feeds.LATEST, 0, -1)]


def test_characters_that_xml_cannot_hold_do_not_break_it():
    programme, editor = held()
    Programme.objects.filter(pk=programme.pk).update(title="供水\x08<&>\ufffe", introduction="\x0b介绍\x1f")
    portal.publish(programme=programme, by=editor)
    entry = feed().find(f"{ATOM}entry")
    assert (entry.find(f"{ATOM}title").text, entry.find(f"{ATOM}summary").text) == ("供水<&>", "介绍")
