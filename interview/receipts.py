"""The door to the one asker: the receipt shows what became of the question."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from interview.models import Question
from interview.states import QuestionState
from interview.topics import RECEIPT
from realtime import publishing
from realtime.publishing import Position


def position(question: Question) -> Position:
    """Where the receipt stands; read before its content."""
    return publishing.position(RECEIPT.name(question.receipt_token))


def state_of(question: Question) -> Question.State:
    """The state as the asker is told it: where two persons have to agree, nothing is decided before the second did."""
    return Question.State.RECEIVED if question.state == QuestionState.SCREENED else Question.State(question.state)


def told(question: Question) -> dict[str, Any]:
    """What the receipt says, for the page and the push alike: the question, its state, the entry of its answer.

    A merged question is answered with its `target`, of which its asker is told no more than number, state and answer.
    """
    target = question.merged_into
    answered = target or question
    return {
        "question": question,
        "state": state_of(question),
        "target": target,
        "target_state": state_of(target) if target else None,
        "entry": answered.entries.filter(kind="answer").order_by("position").first(),
    }


def forget(question: Question) -> None:
    """What the receipt told so far leaves its log: the question was withdrawn."""
    publishing.redact(topic=RECEIPT.name(question.receipt_token), match=lambda _data: True)


# What is pushed or stored is one for all: in the language of the site, not in that of the page somebody happened to act on.
@translation.override(settings.LANGUAGE_CODE)
def show(question: Question) -> None:
    """Bring the receipt up to date."""
    data = {"question": question.label, "state": state_of(question).value, "reason": question.reason, "words": question.reason_words}
    context = told(question)
    html = "".join(render_to_string(f"interview/receipt_{part}.html", context) for part in ("state", "words"))
    publishing.publish(topic=RECEIPT.name(question.receipt_token), kind="receipt.changed", data=data, html=html)
