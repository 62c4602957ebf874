"""The page of an archived interview and the list of all of them: complete by themselves, at any address and at none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone

from archive import linked
from archive.edition import PICTURES, Edition
from archive.models import Publication

# What the page is built from: the look of the site, of its entries, and what only the archive has.
_SHEETS = ("css/tokens.css", "css/base.css", "css/public.css", "css/archive.css")
# The national rules for the tags of government pages (网页标签) write times like this.
_TAG_TIME = "%Y-%m-%d %H:%M"
_DESCRIPTION_LENGTH = 120


@dataclass(frozen=True)
class Neighbour:
    """The archived interview before or after, as a link from this folder."""

    title: str
    path: str


@dataclass(frozen=True)
class Tag:
    """A meta element."""

    name: str
    content: str


def render(
    edition: Edition,
    *,
    publication: Publication,
    downloads: Sequence[tuple[str, int]],
    previous: Publication | None,
    following: Publication | None,
) -> bytes:
    """index.html of the programme's folder; every address in it is relative. `downloads` are names and sizes in bytes."""
    assert publication.first_written_at is not None
    context = {
        "edition": edition,
        "programme": edition.programme,
        "publication": publication,
        "downloads": downloads,
        "previous": _neighbour(publication, previous),
        "following": _neighbour(publication, following),
        "top": _up(publication),
        "media_base": PICTURES,
        "tags": [*_site_tags(), *_article_tags(edition, published_at=publication.first_written_at)],
        "linked": linked.write(edition, published_at=publication.first_written_at),
        **_site(),
    }
    return _page("archive/page.html", context)


def render_index(publications: Sequence[Publication]) -> bytes:
    """index.html of the portal's folder: everything archived, the latest first."""
    return _page("archive/index.html", {"publications": publications, "tags": _site_tags(), **_site()})


def style() -> bytes:
    """The one style sheet of a folder; it names no other file."""
    return b"\n".join(_read_sheet(name) for name in _SHEETS)


def _page(template: str, context: dict[str, object]) -> bytes:
    return render_to_string(template, context).encode()


def _read_sheet(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"expected the style sheet {name} among the static files, found none")
    with open(found, "rb") as file:  # noqa: PTH123 - what finders give is a string
        return file.read()


def _site() -> dict[str, object]:
    return {"SITE_NAME": settings.SITE_NAME, "SITE_DOMAIN": settings.SITE_DOMAIN, "DEMONSTRATION": settings.DEMONSTRATION}


def _site_tags() -> list[Tag]:
    """Site and column, by the annex on page tags of the State Council's guide for government sites (国办发〔2017〕47号)."""
    return [
        Tag("SiteName", settings.SITE_NAME),
        Tag("SiteDomain", settings.SITE_DOMAIN),
        Tag("SiteIDCode", settings.SITE_ID_CODE),
        Tag("ColumnName", "在线访谈"),
        Tag("ColumnType", "互动交流"),
    ]


def _article_tags(edition: Edition, *, published_at: datetime) -> list[Tag]:
    programme = edition.programme
    # Of an older interview the portal's date is the one it was held on, not the one of its import.
    moment = programme.closed_at if programme.is_imported and programme.closed_at else published_at
    words = programme.introduction or programme.topic
    description = " ".join(words.split())
    if len(description) > _DESCRIPTION_LENGTH:
        description = description[: _DESCRIPTION_LENGTH - 1] + "…"
    tags = [
        Tag("ArticleTitle", programme.title),
        Tag("PubDate", timezone.localtime(moment).strftime(_TAG_TIME)),
        Tag("ContentSource", settings.SITE_NAME),
        Tag("Keywords", f"在线访谈,{programme.topic},{programme.unit.name}"),
        Tag("Description", description),
    ]
    if programme.cover:
        tags.append(Tag("Image", f"{PICTURES}{programme.cover.name}"))
    return tags


def _up(publication: Publication) -> str:
    return "../" * len(PurePosixPath(publication.folder).parts)


def _neighbour(publication: Publication, other: Publication | None) -> Neighbour | None:
    return Neighbour(other.programme.title, f"{_up(publication)}{other.folder}/index.html") if other else None
