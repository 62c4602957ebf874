"""The door to the people on air: the host's desk, and each guest's own sheet."""

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from interview.models import Draft, Guest, Programme, Question
from interview.states import QuestionState
from interview.topics import DESK, GUEST
from realtime import publishing
from realtime.publishing import Position


def position(programme: Programme) -> Position:
    """Where the desk stands; read before the desk's content."""
    return publishing.position(DESK.name(str(programme.pk)))


def sheet_position(guest: Guest) -> Position:
    """Where a guest's sheet stands; read before its content."""
    return publishing.position(GUEST.name(str(guest.pk)))


def on_desk(programme: Programme) -> QuerySet[Question]:
    """What the host chooses from: approved, owed and answered questions, by number."""
    return (
        programme.questions.filter(state__in=[QuestionState.APPROVED, QuestionState.OWED, QuestionState.ANSWERED])
        .select_related("programme", "put_to")
        .order_by("number")
    )


def on_sheet(guest: Guest) -> QuerySet[Question]:
    """What a guest sees: only what is put to them and waits."""
    return guest.questions.filter(state=QuestionState.APPROVED).select_related("programme", "put_to").order_by("put_at")


def cards(guest: Guest) -> list[tuple[Question, Draft | None]]:
    """What a guest sees, each with the guest's own draft of an answer: two statements."""
    rows = list(on_sheet(guest))
    drafts = {draft.question_id: draft for draft in Draft.objects.filter(seat__guest=guest, question__in=rows)}
    return [(question, drafts.get(question.pk)) for question in rows]


# What is pushed or stored is one for all: in the language of the site, not in that of the page somebody happened to act on.
@translation.override(settings.LANGUAGE_CODE)
def show(question: Question) -> None:
    """Bring the desk, and the sheet of the guest it is put to, up to date with this question."""
    data = {
        "id": str(question.pk),
        "question": question.label,
        "state": question.state,
        "put_to": str(question.put_to_id) if question.put_to_id else None,
    }
    guests = list(question.programme.guests.all())
    html = render_to_string("interview/desk_question.html", {"question": question, "guests": guests})
    publishing.publish(topic=DESK.name(str(question.programme_id)), kind="question.changed", data=data, html=html)
    if question.put_to is not None:
        _sheet(question, question.put_to, data, gone=question.state != QuestionState.APPROVED)


def hide(question: Question) -> None:
    """A question that was on the desk is withdrawn or screened again: its words leave the logs of desk and guests."""
    forget(question)
    show(question)


def forget(question: Question) -> None:
    """The words of a question leave the logs of desk and guests."""
    for topic in [
        DESK.name(str(question.programme_id)),
        *(GUEST.name(str(key)) for key in question.programme.guests.values_list("pk", flat=True)),
    ]:
        publishing.redact(topic=topic, match=lambda data: data.get("question") == question.label)


def clear(question: Question, *, guest: Guest) -> None:
    """Take a question off a guest's sheet."""
    _sheet(question, guest, {"id": str(question.pk), "question": question.label, "state": question.state, "put_to": None}, gone=True)


def pulse_supports(question: Question) -> None:
    """Tell the desk how many want the same answer now. Called by support."""
    publishing.pulse(topic=DESK.name(str(question.programme_id)), fact=f"supports/{question.pk}", value=question.supports)


def pulse_answering(question: Question, guest: Guest, *, seconds: float) -> None:
    """Tell the desk that this guest is answering. Called by answers."""
    publishing.pulse(topic=DESK.name(str(question.programme_id)), fact=f"answering/{question.pk}", value=guest.name, seconds=seconds)


@translation.override(settings.LANGUAGE_CODE)
def _sheet(question: Question, guest: Guest, data: dict, *, gone: bool) -> None:
    draft = None if gone else Draft.objects.filter(question=question, seat__guest=guest).first()
    html = render_to_string("interview/sheet_question.html", {"question": question, "guest": guest, "gone": gone, "draft": draft})
    publishing.publish(topic=GUEST.name(str(guest.pk)), kind="question.changed", data=data, html=html)
