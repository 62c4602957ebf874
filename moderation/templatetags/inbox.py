"""What the moderators' page needs of a question."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from interview.models import Question
from moderation import groups, queue
from moderation.groups import Group
from moderation.models import Wording

register = template.Library()


@register.filter
def flags(question: Question) -> str:
    """The views of the queue it belongs to, by which a page keeps it or lets it go."""
    return " ".join(queue.flags(question))


@register.filter
def aside(question: Question) -> str:
    """How it was put aside, as the views of the queue call it; "" where it was not."""
    hold = getattr(question, "hold", None)
    return str(queue.Show(hold.kind).label) if hold else ""


@register.filter
def shown(question: Question) -> Wording | None:
    """The wording that is shown."""
    return queue.shown(question)


@register.filter
def own(question: Question) -> Wording | None:
    """What its asker wrote last."""
    return queue.own(question)


@register.filter
def places(question: Question) -> SafeString:
    """Its keys as attributes, one for each order."""
    return format_html_join(" ", 'data-{}="{}"', queue.places(question).items())


@register.filter
def group(question: Question) -> Group | None:
    """The group of those that ask alike, where two or more of it wait."""
    return groups.of(question)
