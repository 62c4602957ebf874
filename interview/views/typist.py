"""The stenographer's page: who speaks, what is said, and the last line corrected."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from interview import answers, desk, entries, transcript
from interview.models import Entry, Programme, Seat
from interview.seats import may_type
from interview.topics import DESK, STAGE
from interview.views.entrance import entrance, person
from interview.views.host import LATEST, guest_named, question_of
from interview.views.refusals import act
from realtime.commands import Refused

_only_typist = entrance(may_type, gettext_lazy("您不是本期的速录员。如需记录发言，请联系编辑安排席位。"))


@require_safe
@_only_typist
def typist(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The page as it is now, then live."""
    desk_position, stage_position = desk.position(programme), transcript.position(programme)
    context = {
        "programme": programme,
        "questions": desk.on_desk(programme),
        "guests": list(programme.guests.all()),
        "host_name": _host_name(programme),
        "latest": transcript.latest(programme, LATEST),
        "token": uuid4(),
        "desk_topic": DESK.name(str(programme.pk)),
        "desk_position": desk_position,
        "stage_topic": STAGE.name(str(programme.pk)),
        "stage_position": stage_position,
    }
    return render(request, "interview/staff/typist.html", context)


@require_POST
@_only_typist
def speak(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Publish what a speaker says: with `question` it is the guest's answer, without it a remark; `guest` empty is the host."""
    words = {name: request.POST.get(name, "") for name in ("guest", "question", "text", "token")}

    def verb() -> str:
        guest = guest_named(programme, words["guest"]) if words["guest"] else None
        if words["question"]:
            if guest is None:
                raise Refused("invalid", "答复要由嘉宾说出，请先选择是哪一位嘉宾。")
            answers.answer(question=question_of(programme, words["question"]), guest=guest, text=words["text"], by=person(request))
            return _("答复已发布。")
        transcript.publish_remark(
            programme=programme, text=words["text"], guest=guest, name=_host_name(programme), token=_token(words["token"]), by=person(request)
        )
        return _("发言已发布。")

    return act(request, verb, back=reverse("typist", args=[programme.pk]))


@require_safe
@_only_typist
def entry(request: HttpRequest, programme: Programme, position: int) -> HttpResponse:
    """One entry, to correct or to withdraw."""
    context = {"programme": programme, "entry": _entry(programme, position), "back": _back(request, programme)}
    return render(request, "interview/staff/entry.html", context)


@require_POST
@_only_typist
def revise_entry(request: HttpRequest, programme: Programme, position: int) -> HttpResponse:
    """Correct an entry; readers can open the earlier words."""
    seen = request.POST.get("seen", "")

    def verb() -> str:
        transcript.revise(
            entry=_entry(programme, position),
            text=request.POST.get("text", ""),
            reason=request.POST.get("reason", ""),
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0,
            by=person(request),
        )
        return _("第%(position)s条已修订，读者看得到修订前的文字。") % {"position": position}

    return act(request, verb, back=_back(request, programme))


@require_POST
@_only_typist
def withdraw_entry(request: HttpRequest, programme: Programme, position: int) -> HttpResponse:
    """Withdraw an entry; a trace with the reason stays."""

    def verb() -> str:
        transcript.withdraw(entry=_entry(programme, position), reason=request.POST.get("reason", ""), by=person(request))
        return _("第%(position)s条已撤下，只留下撤下的原因。") % {"position": position}

    return act(request, verb, back=_back(request, programme))


def _entry(programme: Programme, position: int) -> Entry:
    return get_object_or_404(entries.of(programme), position=position)


def _back(request: HttpRequest, programme: Programme) -> str:
    wanted = request.POST.get("back") or request.GET.get("back") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("typist", args=[programme.pk])


def _host_name(programme: Programme) -> str:
    seat = programme.seats.filter(role=Seat.Role.HOST).select_related("user").first()
    return seat.user.name if seat else ""


def _token(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
