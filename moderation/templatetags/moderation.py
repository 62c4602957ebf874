"""What the templates of asking and screening need beyond Django's own tags."""

from datetime import timedelta
from uuid import uuid4

from django import template
from django.utils.translation import gettext as _

from interview.text import NICKNAME_LIMIT, QUESTION_LIMIT
from moderation import highlights, reason_texts
from moderation.models import Wording

register = template.Library()


@register.simple_tag
def new_token() -> str:
    """A client token for a form that is about to be shown: sent twice, the form is one question."""
    return str(uuid4())


@register.simple_tag
def limit(field: str) -> int:
    """How many characters a field of the ask form may have."""
    return {"text": QUESTION_LIMIT, "nickname": NICKNAME_LIMIT}[field]


@register.simple_tag
def reasons() -> list[dict[str, str]]:
    """The reasons for a decline in their order: the key that chooses each, code, name, and the words its asker reads."""
    return [
        {"key": str(key), "code": text.reason.value, "name": str(text.reason.label), "words": text.chinese}
        for key, text in enumerate(reason_texts.texts(), start=1)
    ]


@register.filter
def pieces(wording: Wording) -> list[highlights.Piece]:
    """A wording in pieces, what screening noticed apart from the rest, personal data behind labels."""
    return highlights.cut(wording.text, wording.findings)


@register.filter
def wait(time: timedelta) -> str:
    """How long somebody waits, in the largest unit that still says something: 40秒, 12分钟, 5小时, 3天. Rounded up."""
    seconds = -int(-time.total_seconds() // 1)
    if seconds < 60:
        return _("%(count)d秒") % {"count": max(1, seconds)}
    if seconds < 3600:
        return _("%(count)d分钟") % {"count": -(-seconds // 60)}
    if seconds < 48 * 3600:
        return _("%(count)d小时") % {"count": -(-seconds // 3600)}
    return _("%(count)d天") % {"count": -(-seconds // 86400)}
