"""Answering: on air by a guest or whoever types for them, afterwards in writing."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import is_editor
from interview import desk, questions, transcript
from interview.models import Answer, Draft, Guest, Question, Seat
from interview.programmes import locked
from interview.seats import may_answer_as, must
from interview.states import WRAPPING_UP, ProgrammeState, QuestionState
from interview.text import ANSWER_LIMIT, INTAKE_LIMIT, clean
from organisations.models import Organisation
from realtime.commands import Refused

# So long after the last sign of it somebody still counts as answering: people pause to think.
ANSWERING = 20.0  # seconds


@transaction.atomic
def answer(*, question: Question, guest: Guest, text: str, by: User) -> Answer:
    """The guest answers on air: the question and its answer stand on the transcript, the asker is told.

    The same words from the same person again are the same answer: a browser that lost the acknowledgement sends them twice.
    Raises Refused: forbidden, closed (not live), invalid (empty, too long), conflict (answered or taken back meanwhile).
    """
    must(may_answer_as(by, guest), "您不能以这位嘉宾的名义答复。")
    words = _words(text)
    held = locked(question.programme)
    known = Answer.objects.filter(question=question, guest=guest, by=by, text=words).first()
    if known is not None:
        return known
    if held.state != ProgrammeState.LIVE:
        raise Refused("closed", "访谈不在直播中，答复没有发布；文字已保留在草稿里。")
    question = Question.objects.select_related("programme", "put_to").get(pk=question.pk)
    if guest.programme_id != question.programme_id:
        raise Refused("invalid", "这位嘉宾不在本期访谈中。")
    own_seat = Seat.objects.filter(guest=guest, user=by).exists()
    if own_seat and question.put_to_id != guest.pk and question.state == QuestionState.APPROVED:
        raise Refused("conflict", f"提问 {question.label} 已被主持人收回；文字已保留在草稿里。")
    return _store(question, mode=Answer.Mode.LIVE, guest=guest, text=words, by=by)


@transaction.atomic
def answer_in_writing(*, question: Question, text: str, by: User) -> Answer:
    """After the close an editor enters the unit's written reply to an owed question. Raises Refused as answer() does."""
    must(is_editor(by), "只有编辑可以登记书面答复。")
    words = _words(text)
    if locked(question.programme).state not in WRAPPING_UP:
        raise Refused("closed", "访谈结束以后才登记书面答复。")
    question = Question.objects.select_related("programme", "put_to").get(pk=question.pk)
    return _store(question, mode=Answer.Mode.WRITTEN, organisation=question.programme.unit, text=words, by=by)


@transaction.atomic
def save_draft(*, question: Question, seat: Seat, text: str) -> Draft:
    """Keep what a guest has typed so far, as it was typed; the last one saved wins. Raises Refused (invalid) above the limit.

    While the question is theirs to answer this tells that they are at it.
    """
    if len(text) > ANSWER_LIMIT:
        raise Refused("invalid", f"文字有{len(text)}字，最多{ANSWER_LIMIT}字，超出的部分没有保存。")
    # But for the one character that PostgreSQL keeps nowhere.
    kept = {"text": text.replace("\0", ""), "saved_at": timezone.now()}
    draft, _created = Draft.objects.update_or_create(question=question, seat=seat, defaults=kept)
    if seat.guest is not None and question.put_to_id == seat.guest_id and draft.text.strip():
        tell_answering(question=question, guest=seat.guest)
    return draft


def tell_answering(*, question: Question, guest: Guest) -> None:
    """Readers and the desk see for ANSWERING seconds that the guest is answering: a pulse, which may be lost and nothing depends on.

    Says nothing where no answer would be taken: not live, or not waiting for one.
    """
    if question.programme.state == ProgrammeState.LIVE and question.state == QuestionState.APPROVED:
        transcript.pulse_answering(question, guest, seconds=ANSWERING)
        desk.pulse_answering(question, guest, seconds=ANSWERING)


def _store(
    question: Question, *, mode: str, text: str, by: User, guest: Guest | None = None, organisation: Organisation | None = None
) -> Answer:
    if question.state not in {QuestionState.APPROVED, QuestionState.OWED}:
        raise Refused("conflict", f"提问 {question.label} 现在是“{question.get_state_display()}”，答复没有发布；文字已保留在草稿里。")
    row = Answer.objects.create(question=question, guest=guest, organisation=organisation, mode=mode, text=text, by=by)
    # The receipt links to the answer, so the entries come before the question is told to be answered.
    transcript.publish_question(question)
    transcript.publish_answer(row)
    questions.mark_answered(question)
    Draft.objects.filter(question=question).delete()
    return row


def _words(text: str) -> str:
    words = clean(text) if len(text) <= INTAKE_LIMIT else text
    if not words:
        raise Refused("invalid", "还没有写答复。", {"text": ["请写答复。"]})
    if len(words) > ANSWER_LIMIT:
        raise Refused("invalid", f"答复有{len(words)}字，最多{ANSWER_LIMIT}字。", {"text": ["太长。"]})
    return words
