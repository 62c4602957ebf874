"""The feed of what is archived, as Atom."""

from collections.abc import Sequence
from io import BytesIO

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from archive.models import Publication
from interview.text import clean, clean_line

# Readers want the latest; the index has all.
LATEST = 20


def write(publications: Sequence[Publication]) -> bytes:
    """feed.xml: the latest archived interviews; links are relative to it, identities are tag URIs that never change."""
    feed = Atom1Feed(
        title=_("%s · 在线访谈") % settings.SITE_NAME,
        link="index.html",
        description="",
        subtitle=_("公共企事业单位负责人在线访谈的文字实录"),
        language="zh-CN",
        author_name=settings.SITE_NAME,
        feed_url="feed.xml",
        feed_guid=f"tag:{settings.SITE_DOMAIN},2010:interviews",
    )
    for publication in publications[:LATEST]:
        programme = publication.programme
        feed.add_item(
            # XML has no word for control characters; one in an old title must not take the feed away.
            title=clean_line(programme.title),
            link=f"{publication.folder}/index.html",
            unique_id=f"tag:{settings.SITE_DOMAIN},2010:{programme.pk}",
            description=clean(programme.introduction or programme.topic),
            author_name=clean_line(programme.unit.name),
            categories=[clean_line(programme.topic)],
            pubdate=publication.first_written_at,
            updateddate=publication.revised_at,
        )
    out = BytesIO()
    feed.write(out, "utf-8")
    return out.getvalue()
