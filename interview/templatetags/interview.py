"""What the templates of the interview need beyond Django's own tags."""

from django import template
from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.template import Context
from django.utils.safestring import SafeString

from interview.markup import paragraphs
from interview.models import Entry

register = template.Library()


@register.filter
def words(entry: Entry) -> SafeString:
    """The entry's text as HTML: staff's web addresses become links, a netizen's stay text."""
    return paragraphs(entry.text, links=entry.voice != Entry.Voice.NETIZEN)


@register.simple_tag(takes_context=True)
def media_url(context: Context, file: FieldFile) -> str:
    """The address of an uploaded picture: below MEDIA_URL on our pages, below `media_base` where a page is written to disk."""
    return f"{context.get('media_base', settings.MEDIA_URL)}{file.name}"
