"""The door to the public: nothing reaches the stage but through here."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import User
from interview import entries
from interview.models import Answer, Entry, Guest, Programme, Question, Revision, Seat
from interview.programmes import locked
from interview.seats import may_type, must
from interview.states import ProgrammeState
from interview.text import ANSWER_LIMIT, INTAKE_LIMIT, clean, clean_line
from interview.topics import STAGE
from realtime import publishing
from realtime.commands import Refused
from realtime.publishing import Position

Kind, Voice = Entry.Kind, Entry.Voice


def position(programme: Programme) -> Position:
    """Where the stage stands; a page reads it before its content, so that what falls between comes again, not never."""
    return publishing.position(STAGE.name(str(programme.pk)))


def positions(programme_ids: Iterable[UUID]) -> dict[UUID, Position]:
    """Where these stages stand, in one statement: what was written at another position is out of date."""
    names = {STAGE.name(str(key)): key for key in programme_ids}
    return {names[name]: position for name, position in publishing.positions(names).items()}


def latest(programme: Programme, count: int) -> list[Entry]:
    """The last entries, newest first and each answer under its question: what just happened."""
    last = reversed(entries.of(programme).order_by("-position")[:count])
    return sorted(last, key=lambda entry: entry.order, reverse=True)


def host_name(programme: Programme) -> str:
    """The name under which the host speaks: that of the host's seat."""
    seat = Seat.objects.filter(programme=programme, role=Seat.Role.HOST).select_related("user").first()
    return seat.user.name if seat else "主持人"


# What is pushed or stored is one for all: in the language of the site, not in that of the page somebody happened to act on.
@translation.override(settings.LANGUAGE_CODE)
def publish_question(question: Question) -> Entry:
    """Publish a question on the transcript, once: the second call returns the first entry."""
    entry = Entry.objects.filter(question=question, kind=Kind.QUESTION).first()
    if entry is not None:
        return entry
    return _publish(
        question.programme, kind=Kind.QUESTION, voice=Voice.NETIZEN, speaker=question.asker, question=question, text=question.text
    )


def publish_answer(answer: Answer) -> Entry:
    """Publish an answer behind its question."""
    guest, organisation = answer.guest, answer.organisation
    return _publish(
        answer.question.programme,
        kind=Kind.ANSWER,
        voice=Voice.GUEST,
        guest=guest,
        speaker=guest.name if guest else organisation.name if organisation else "",
        post=guest.post if guest else "",
        question=answer.question,
        answer=answer,
        text=answer.text,
        by=answer.by,
    )


@transaction.atomic
def publish_remark(*, programme: Programme, text: str, by: User, guest: Guest | None = None, token: UUID | None = None) -> Entry:
    """Publish what the host (no guest) or a guest says; the same `token` again returns the first entry, whatever has happened since.

    Raises Refused: forbidden, closed, invalid, conflict (the token was used for other words).
    """
    own = guest is not None and guest.seats.filter(user=by).exists()
    must(own or may_type(by, programme.pk), "您不是本期的主持人或速录员，不能记录发言。")
    if guest is not None and guest.programme_id != programme.pk:
        raise Refused("invalid", "这位嘉宾不在本期访谈中。")
    words = _words(text)
    held = locked(programme)
    known = entries.of(held).filter(client_token=token).first() if token else None
    if known is not None:
        if known.revision == 1 and known.text != words:
            raise Refused("conflict", "这段发言已经发布过，文字不同。请核对实录后再发。")
        return known
    if held.state != ProgrammeState.LIVE:
        raise Refused("closed", "访谈不在直播中，发言没有发布。")
    return _publish(
        held,
        kind=Kind.REMARK,
        voice=Voice.GUEST if guest else Voice.HOST,
        guest=guest,
        speaker=guest.name if guest else host_name(held),
        post=guest.post if guest else "",
        text=words,
        by=by,
        client_token=token,
    )


def publish_notice(programme: Programme, *, text: str, by: User | None = None) -> Entry:
    """Publish a notice of the portal itself: opened, extended, closed, postponed, cancelled."""
    return _publish(programme, kind=Kind.NOTICE, voice=Voice.PORTAL, text=text, by=by)


@transaction.atomic
def revise(*, entry: Entry, text: str, reason: str = "", seen: int, by: User) -> Entry:
    """Correct an entry: the earlier words become a revision readers can open.

    `seen` is the revision number the corrector had before them. Raises Refused (forbidden, conflict, invalid, gone).
    """
    must(may_type(by, entry.programme_id), "您不能修订本期的实录。")
    words = _words(text)
    locked(entry.programme)
    entry = entries.of(entry.programme).get(pk=entry.pk)
    if entry.withdrawn_at:
        raise Refused("gone", "这一条已撤下，不能修订。")
    if entry.revision != seen:
        raise Refused("conflict", "这一条刚刚被别人修订过，请看过新的文字再改。")
    if words == entry.text:
        return entry
    Revision.objects.create(entry=entry, number=entry.revision, text=entry.text, reason=_reason(reason), by=by)
    entry.text, entry.revision, entry.revised_at = words, entry.revision + 1, timezone.now()
    entry.save(update_fields=["text", "revision", "revised_at"])
    entry = entries.of(entry.programme).get(pk=entry.pk)
    _tell(entry, "entry.revised")
    return entry


@transaction.atomic
def withdraw(*, entry: Entry, reason: str, by: User) -> Entry:
    """Take an entry's words away everywhere, log included, and leave a visible trace. Raises Refused."""
    must(may_type(by, entry.programme_id), "您不能撤下本期的实录。")
    reason = _reason(reason)
    if not reason:
        raise Refused("invalid", "请写明撤下的原因，读者会看到。", {"reason": ["请写明原因。"]})
    locked(entry.programme)
    entry = entries.of(entry.programme).get(pk=entry.pk)
    if entry.withdrawn_at:
        return entry
    entry.withdrawn_at, entry.withdrawn_reason = timezone.now(), reason
    entry.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    publishing.redact(topic=STAGE.name(str(entry.programme_id)), match=partial(_tells_words_of, entry))
    _tell(entry, "entry.withdrawn")
    return entry


@translation.override(settings.LANGUAGE_CODE)
def show_question(question: Question) -> None:
    """Bring the public list of waiting questions up to date with an approved, owed or answered one."""
    data = {"question": question.label, "state": question.state}
    _ring(question.programme, "question.changed", data, render_to_string("interview/waiting_question.html", {"question": question}))


@translation.override(settings.LANGUAGE_CODE)
def hide_question(question: Question) -> None:
    """A question the public saw is withdrawn or screened again: it leaves the pages, and its words leave the log."""
    forget_question(question)
    data = {"question": question.label, "state": "gone"}
    _ring(
        question.programme,
        "question.changed",
        data,
        render_to_string("interview/waiting_question.html", {"question": question, "gone": True}),
    )


def forget_question(question: Question) -> None:
    """The words of a question that is not answered leave the log: whoever comes later gets only what is shown next."""
    publishing.redact(topic=STAGE.name(str(question.programme_id)), match=lambda data: data.get("question") == question.label)


def pulse_supports(question: Question) -> None:
    """Tell the readers how many want the same answer now; called by support, never while the count is hidden."""
    publishing.pulse(topic=STAGE.name(str(question.programme_id)), fact=f"supports/{question.pk}", value=question.supports)


def pulse_answering(question: Question, guest: Guest, *, seconds: float) -> None:
    """Tell the readers that this guest is answering; called by answers."""
    publishing.pulse(topic=STAGE.name(str(question.programme_id)), fact=f"answering/{question.pk}", value=guest.name, seconds=seconds)


@translation.override(settings.LANGUAGE_CODE)
def show_state(programme: Programme) -> None:
    """Bring the state bar of every page up to date."""
    _ring(
        programme,
        "programme.changed",
        {"state": programme.state, "planned_start": programme.planned_start.isoformat(), "planned_minutes": programme.planned_minutes},
        render_to_string("interview/state_bar.html", {"programme": programme}),
    )


def _publish(programme: Programme, *, text: str, **fields: object) -> Entry:
    # The programme's row lock makes positions dense and keeps them in the order of the log.
    Programme.objects.filter(pk=programme.pk).update(entries_published=F("entries_published") + 1)
    number = Programme.objects.values_list("entries_published", flat=True).get(pk=programme.pk)
    entry = Entry.objects.create(programme=programme, position=number, text=text, **fields)
    _tell(entry, "entry.published")
    return entry


def _tell(entry: Entry, kind: str) -> None:
    _ring(entry.programme, kind, entries.record(entry), entries.render(entry))


def _ring(programme: Programme, kind: str, data: dict, html: str) -> None:
    publishing.publish(topic=STAGE.name(str(programme.pk)), kind=kind, data=data, html=html)


def _tells_words_of(entry: Entry, data: dict) -> bool:
    # A netizen's words went out twice: while the question waited, and as its entry.
    waited = (
        entry.kind == Kind.QUESTION and entry.question is not None and "id" not in data and data.get("question") == entry.question.label
    )
    return data.get("id") == str(entry.pk) or waited


def _reason(text: str) -> str:
    # The field holds 200; what is typed by hand and longer is cut, what is absurd is not even cleaned.
    return clean_line(text[:1_000])[:200]


def _words(text: str) -> str:
    words = clean(text) if len(text) <= INTAKE_LIMIT else text
    if not words:
        raise Refused("invalid", "还没有写文字。", {"text": ["请写文字。"]})
    if len(words) > ANSWER_LIMIT:
        raise Refused("invalid", f"文字有{len(words)}字，最多{ANSWER_LIMIT}字。", {"text": ["太长。"]})
    return words
