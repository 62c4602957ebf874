"""The door to the one asker: the receipt shows what became of the question."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from interview.models import Question
from interview.topics import RECEIPT
from realtime import publishing
from realtime.publishing import Position


def position(question: Question) -> Position:
    """Where the receipt stands; read before its content."""
    return publishing.position(RECEIPT.name(question.receipt_token))


# What is pushed or stored is one for all: in the language of the site, not in that of the page somebody happened to act on.
@translation.override(settings.LANGUAGE_CODE)
def show(question: Question) -> None:
    """Bring the receipt up to date."""
    entry = question.entries.filter(kind="answer").order_by("position").first()
    data = {"question": question.label, "state": question.state, "reason": question.reason, "words": question.reason_words}
    html = render_to_string("interview/receipt_state.html", {"question": question, "entry": entry})
    publishing.publish(topic=RECEIPT.name(question.receipt_token), kind="receipt.changed", data=data, html=html)
