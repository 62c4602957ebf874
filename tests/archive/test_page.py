import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.core.files.base import ContentFile

from archive import page, portal, publications
from archive.importing import import_transcript
from archive.models import Publication
from interview import answers, entries, questions, transcript
from interview.models import Guest, Programme
from organisations.models import Organisation
from tests import scenes as make
from tests.archive.records import held, record, speaker

pytestmark = pytest.mark.django_db

# The tag names and the form of the date are those of the national guide for government sites.
SITE = ["SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnType"]


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        self._in_script = tag == "script"

    def handle_endtag(self, tag):
        self._in_script = False

    def handle_data(self, data):
        if self._in_script:
            self.scripts.append(data)

    def metas(self) -> dict[str, str]:
        return {attrs["name"]: attrs["content"] for tag, attrs in self.found if tag == "meta" and "name" in attrs}

    def addresses(self) -> list[str]:
        return [
            attrs[name] for _tag, attrs in self.found for name in ("href", "src", "srcset", "action", "poster", "data") if name in attrs
        ]


def archived(programme: Programme, editor) -> tuple[Publication, str]:
    publication = portal.publish(programme=programme, by=editor)
    return publication, (page_of(publication)).read_text()


def page_of(publication: Publication) -> Path:
    return Path(site.PORTAL_ROOT) / publication.folder / "index.html"


def articles(html: str) -> list[str]:
    return re.findall(r"<article.*?</article>", html, re.DOTALL)


def full_house(client) -> tuple[Programme, object]:
    """An interview with everything a page can show: cover, portrait, revised, withdrawn, written, owed."""
    programme, editor = held()
    guest = speaker(programme)
    guest.portrait.save("face.webp", ContentFile(b"face"))
    programme.cover.save("cover.webp", ContentFile(b"cover"))
    owed = make.question(programme, text="还有一条")
    answers.answer_in_writing(question=questions.approve(owed), text="书面答复。", by=editor)
    transcript.revise(entry=entries.of(programme).get(position=1), text="大家好。", reason="口误", seen=1, by=editor)
    transcript.withdraw(entry=entries.of(programme).get(text="今晚八点前恢复。"), reason="有误", by=editor)
    return programme, editor


def test_the_entries_are_those_of_the_public_page(client, settings):
    programme, editor = full_house(client)
    publication, written = archived(programme, editor)
    shown = client.get(programme.get_absolute_url()).content.decode()
    assert len(articles(written)) == entries.of(programme).count() == 8
    assert articles(written) == [article.replace(settings.MEDIA_URL, "pictures/") for article in articles(shown)]
    assert publication.revision == 1


def test_every_address_is_relative_and_leads_to_a_file_that_is_there(client):
    first = import_transcript(record(make.organisation()), by=make.editor())
    portal.publish(programme=first, by=make.editor())
    programme, editor = full_house(client)
    publication, written = archived(programme, editor)
    at = page_of(publication)
    for address in Elements(written).addresses():
        parts = urlsplit(address)
        if parts.netloc:
            # Only where staff wrote it.
            assert address == "https://water.example/report"
        elif parts.path:
            assert not parts.path.startswith("/")
            assert (at.parent / parts.path).resolve().is_file(), address
        else:
            assert f'id="{parts.fragment}"' in written
    assert "@import" not in page.style().decode()
    assert "url(" not in page.style().decode()


def test_nothing_on_the_page_runs(client):
    _publication, written = archived(*full_house(client))
    found = Elements(written).found
    assert [attrs for tag, attrs in found if tag == "script"] == [{"type": "application/ld+json"}]
    assert [(tag, name) for tag, attrs in found for name in attrs if name.startswith("on") or name == "style"] == []
    assert {tag for tag, _attrs in found} & {"form", "iframe", "object", "embed", "base", "style"} == set()


def test_the_portal_finds_its_tags(settings):
    unit = make.organisation(name="浔江市自来水公司")
    _publication, written = archived(import_transcript(record(unit), by=make.editor()), make.editor())
    metas = Elements(written).metas()
    assert [metas[name] for name in SITE] == [settings.SITE_NAME, settings.SITE_DOMAIN, settings.SITE_ID_CODE, "在线访谈", "互动交流"]
    assert {name: metas[name] for name in ("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Description")} == {
        "ArticleTitle": "汛期供水与龙头水质",
        "PubDate": "2010-07-14 16:00",
        "ContentSource": settings.SITE_NAME,
        "Keywords": "在线访谈,供水保障与水质,浔江市自来水公司",
        "Description": "进入主汛期，水源浊度升高。",
    }
    index = Elements((Path(settings.PORTAL_ROOT) / "index.html").read_text()).metas()
    assert [index[name] for name in SITE] == [metas[name] for name in SITE]
    assert "ArticleTitle" not in index


def test_what_was_held_here_is_dated_by_its_archiving():
    publication, written = archived(*held())
    assert Elements(written).metas()["PubDate"] == f"{make.local(publication.first_written_at):%Y-%m-%d %H:%M}"


def test_a_long_introduction_is_cut_for_the_description_only():
    long = "汛" * 300
    publication, written = archived(import_transcript(record(make.organisation(), introduction=long), by=make.editor()), make.editor())
    assert Elements(written).metas()["Description"] == "汛" * 119 + "…"
    assert f"<p>{long}</p>" in written
    assert publication.revision == 1


HOSTILE = "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>'\"><!--{{ x }}{% y %}&lt;"


def test_hostile_text_stays_text_in_every_field(settings):
    settings.SITE_NAME = HOSTILE
    programme, editor = held(title=HOSTILE[:120], topic=HOSTILE, introduction=HOSTILE, cover_alt=HOSTILE)
    programme.cover.save("cover.webp", ContentFile(b"cover"))
    Organisation.objects.filter(pk=programme.unit_id).update(name=HOSTILE[:100])
    Guest.objects.filter(programme=programme).update(name=HOSTILE[:40], post=HOSTILE[:80], organisation=programme.unit)
    programme.entries.update(text=HOSTILE, speaker=HOSTILE[:40], post=HOSTILE[:80])
    programme.questions.update(text=HOSTILE, nickname=HOSTILE[:20])
    entry = entries.of(programme).get(position=1)
    transcript.revise(entry=entry, text="好", reason=HOSTILE, seen=1, by=editor)
    transcript.withdraw(entry=entries.of(programme).get(position=3), reason=HOSTILE, by=editor)
    publication, written = archived(programme, editor)
    index = (Path(settings.PORTAL_ROOT) / "index.html").read_text()
    for text in (written, index):
        found = Elements(text)
        assert [attrs for tag, attrs in found.found if tag == "script"] == [{"type": "application/ld+json"}] * (text is written)
        assert [attrs for tag, attrs in found.found if "onerror" in attrs] == []
        assert "{{ x }}" in text
    assert json.loads("".join(Elements(written).scripts))["@graph"][0]["name"] == HOSTILE[:120]
    assert [attrs["alt"] for tag, attrs in Elements(written).found if tag == "img"] == [HOSTILE]
    said = json.loads((page_of(publication).parent / "transcript.json").read_text())
    assert said["programme"]["title"] == HOSTILE[:120]


def test_a_netizens_address_is_no_link_and_a_guests_is():
    programme, editor = held()
    programme.entries.filter(kind="question").update(text="见 https://evil.example/ 。")
    _publication, written = archived(programme, editor)
    assert "https://evil.example/" in written
    assert [address for address in Elements(written).addresses() if "://" in address] == ["https://water.example/report"]


def test_the_demonstration_says_that_it_is_one(settings):
    settings.DEMONSTRATION = True
    _publication, written = archived(*held())
    said = "演示站点：城市、单位、人物和内容均为虚构。"
    assert said in written
    assert said in (Path(settings.PORTAL_ROOT) / "index.html").read_text()


def test_an_imported_interview_says_where_its_times_come_from():
    said = "文字和时间按原记录录入"
    _publication, written = archived(import_transcript(record(make.organisation()), by=make.editor()), make.editor())
    assert said in written
    assert said not in archived(*held())[1]


def test_the_index_lists_by_year_and_says_so_when_there_is_nothing(settings):
    assert "还没有归档的访谈" in page.render_index([]).decode()
    unit, editor = make.organisation(), make.editor()
    for year in (2009, 2010):
        row = record(unit, key=str(year), title=f"{year}年的访谈")
        moved = {"opened_at": row.opened_at.replace(year=year)}
        portal.publish(programme=import_transcript(record(unit, key=str(year), title=f"{year}年的访谈", **moved), by=editor), by=editor)
    listed = page.render_index(list(publications.listed())).decode()
    assert re.findall(r'<h2 id="year-\d+">(.*?)</h2>', listed) == ["2010年", "2009年"]
    assert re.findall(r"<h3><a[^>]*>(.*?)</a></h3>", listed) == ["2010年的访谈", "2009年的访谈"]
    assert "收到提问4个，已答复2个" in listed
