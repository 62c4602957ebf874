"""The guest's sheet: the questions put to them, a draft that stays, and the answer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from interview import answers, desk, transcript
from interview.models import Guest, Programme, Question, Seat
from interview.topics import GUEST, STAGE
from interview.views.admission import admits, person
from interview.views.host import LATEST
from interview.views.named import question_of
from interview.views.outcomes import done
from interview.views.refusals import answers_refusals
from realtime.commands import Refused


def _sits_as_guest(user: User, programme_id: UUID | str) -> bool:
    return Seat.objects.filter(programme_id=programme_id, user=user, role=Seat.Role.GUEST).exists()


_only_guest = admits(_sits_as_guest, only=gettext_lazy("本期的嘉宾"))


@require_safe
@never_cache
@_only_guest
def sheet(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """What is put to this guest now, then live."""
    guest = _seat(request, programme)[1]
    sheet_position, stage_position = desk.sheet_position(guest), transcript.position(programme)
    context = {
        "programme": programme,
        "guest": guest,
        "cards": desk.cards(guest),
        "latest": transcript.latest(programme, LATEST),
        "guest_topic": GUEST.name(str(guest.pk)),
        "guest_position": sheet_position,
        "stage_topic": STAGE.name(str(programme.pk)),
        "stage_position": stage_position,
    }
    return render(request, "interview/staff/sheet.html", context)


@require_POST
@_only_guest
@answers_refusals
def answer(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Publish the answer to one of the questions."""
    seat, guest = _seat(request, programme)
    question = question_of(programme, request.POST.get("question", ""))
    try:
        answers.answer(question=question, guest=guest, text=_typed(request, question), by=person(request))
    except Refused:
        # Whatever was refused, the words stay: a plain page has already forgotten them.
        answers.save_draft(question=question, seat=seat, text=_typed(request, question))
        raise
    return done(request, _("提问 %(label)s 的答复已发布。") % {"label": question.label}, to=_sheet(programme))


@require_POST
@_only_guest
@answers_refusals
def save_draft(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Keep what is typed so far; tells when."""
    question = question_of(programme, request.POST.get("question", ""))
    answers.save_draft(question=question, seat=_seat(request, programme)[0], text=_typed(request, question))
    return done(request, _("已保存 %(time)s") % {"time": timezone.localtime().strftime("%H:%M:%S")}, to=_sheet(programme))


def _typed(request: HttpRequest, question: Question) -> str:
    # One form for all questions of the sheet, so that it works as a plain form too: each text has its question's name.
    return request.POST.get(f"text-{question.pk}", "")


def _seat(request: HttpRequest, programme: Programme) -> tuple[Seat, Guest]:
    seat = Seat.objects.select_related("guest").get(programme=programme, user=person(request), role=Seat.Role.GUEST)
    # The database has no guest's seat without a guest.
    assert seat.guest is not None
    return seat, seat.guest


def _sheet(programme: Programme) -> str:
    return reverse("sheet", args=[programme.pk])
