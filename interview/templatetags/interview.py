"""What the templates of the interview need beyond Django's own tags."""

from datetime import datetime

from django import template
from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from interview import countdown
from interview.markup import paragraphs
from interview.models import Entry

register = template.Library()


@register.filter
def words(entry: Entry) -> SafeString:
    """The entry's text as HTML: staff's web addresses become links, a netizen's stay text."""
    return paragraphs(entry.text, links=entry.voice != Entry.Voice.NETIZEN)


@register.filter
def plain(text: str) -> SafeString:
    """A text as escaped paragraphs, without links."""
    return paragraphs(text)


@register.filter
def staff_words(text: str) -> SafeString:
    """A text that staff wrote, as paragraphs with its web addresses as links."""
    return paragraphs(text, links=True)


@register.filter
def until(moment: datetime) -> str:
    """How long it is to the moment, from now: 还有3天4小时."""
    return countdown.until(moment, now=timezone.now())


@register.simple_tag(takes_context=True)
def media_url(context: Context, file: FieldFile) -> str:
    """The address of an uploaded picture: below MEDIA_URL on our pages, below `media_base` where a page is written to disk."""
    return f"{context.get('media_base', settings.MEDIA_URL)}{file.name}"
