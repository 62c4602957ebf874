"""The guest's sheet: the questions put to them, a draft that stays, and the answer."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from interview import answers, desk, transcript
from interview.models import Guest, Programme, Seat
from interview.seats import guest_of
from interview.topics import GUEST, STAGE
from interview.views.entrance import entrance, person
from interview.views.host import question_of
from interview.views.refusals import act, refused
from realtime.commands import Refused


def _may_answer(user: User | None, programme_id: object) -> bool:
    return user is not None and Seat.objects.filter(programme_id=programme_id, user=user, role=Seat.Role.GUEST).exists()


_only_guest = entrance(_may_answer, gettext_lazy("这一页只供本期嘉宾使用。如果您是嘉宾，请联系编辑安排席位。"))


@require_safe
@_only_guest
def sheet(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What is put to this guest now, then live."""
    guest = _guest(request, programme)
    sheet_position, stage_position = desk.sheet_position(guest), transcript.position(programme)
    context = {
        "programme": programme,
        "guest": guest,
        "cards": desk.cards(guest),
        "guest_topic": GUEST.name(str(guest.pk)),
        "guest_position": sheet_position,
        "stage_topic": STAGE.name(str(programme.pk)),
        "stage_position": stage_position,
    }
    return render(request, "interview/staff/sheet.html", context)


@require_POST
@_only_guest
def answer(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Publish the answer to one of the questions."""
    guest, key = _guest(request, programme), request.POST.get("question", "")

    def verb() -> str:
        question = question_of(programme, key)
        text = request.POST.get(f"text-{question.pk}", "")
        try:
            answers.answer(question=question, guest=guest, text=text, by=person(request))
        except Refused:
            # Whatever was refused, the words stay: the page may be a plain one that forgets them.
            _keep(request, programme, key)
            raise
        return _("提问 %(label)s 的答复已发布。") % {"label": question.label}

    return act(request, verb, back=reverse("sheet", args=[programme.pk]))


@require_POST
@_only_guest
def save_draft(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Keep what is typed so far; tells when."""
    try:
        _keep(request, programme, request.POST.get("question", ""))
    except Refused as refusal:
        return refused(refusal)
    return JsonResponse({"detail": _("草稿已保存 %(time)s") % {"time": timezone.localtime().strftime("%H:%M:%S")}})


def _keep(request: HttpRequest, programme: Programme, key: str) -> None:
    question = question_of(programme, key)
    seat = Seat.objects.get(programme=programme, user=person(request), role=Seat.Role.GUEST)
    answers.save_draft(question=question, seat=seat, text=request.POST.get(f"text-{question.pk}", ""))


def _guest(request: HttpRequest, programme: Programme) -> Guest:
    guest = guest_of(person(request), programme)
    if guest is None:
        raise PermissionDenied
    return guest
