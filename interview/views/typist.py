"""The stenographer's page: who speaks, and what is said."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from interview import answers, desk, transcript
from interview.models import Entry, Programme
from interview.seats import may_type
from interview.topics import DESK, STAGE
from interview.views.admission import admits, person
from interview.views.host import LATEST
from interview.views.named import guest_of, question_of
from interview.views.outcomes import done
from interview.views.refusals import answers_refusals
from realtime.commands import Refused

# What the stenographer corrects with one key: what a person on air said, no notice, and not the question above an answer.
SAID = {Entry.Kind.REMARK, Entry.Kind.ANSWER}

only_typist = admits(may_type, only=gettext_lazy("本期的速录员和主持人"))


@require_safe
@never_cache
@only_typist
def typist(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The page as it is now, then live."""
    desk_position, stage_position = desk.position(programme), transcript.position(programme)
    latest = transcript.latest(programme, LATEST)
    context = {
        "programme": programme,
        "questions": desk.on_desk(programme),
        "guests": list(programme.guests.all()),
        "host_name": transcript.host_name(programme),
        "latest": latest,
        "last_said": max((entry for entry in latest if entry.kind in SAID), key=lambda entry: entry.position, default=None),
        "token": uuid4(),
        "desk_topic": DESK.name(str(programme.pk)),
        "desk_position": desk_position,
        "stage_topic": STAGE.name(str(programme.pk)),
        "stage_position": stage_position,
    }
    return render(request, "interview/staff/typist.html", context)


@require_POST
@only_typist
@answers_refusals
def speak(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Publish what a speaker says: with `question` it is the guest's answer, without it a remark; an empty `guest` is the host."""
    guest = guest_of(programme, request.POST["guest"]) if request.POST.get("guest") else None
    text, back = request.POST.get("text", ""), reverse("typist", args=[programme.pk])
    if not request.POST.get("question"):
        transcript.publish_remark(programme=programme, text=text, guest=guest, token=_token(request), by=person(request))
        return done(request, _("发言已发布。"), to=back)
    if guest is None:
        raise Refused("invalid", "答复要由嘉宾说出，请先选择是哪一位嘉宾。")
    answers.answer(question=question_of(programme, request.POST["question"]), guest=guest, text=text, by=person(request))
    return done(request, _("答复已发布。"), to=back)


@require_POST
@only_typist
@answers_refusals
def answering(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The stenographer is writing down what a guest answers: readers see that it comes."""
    question, guest = question_of(programme, request.POST.get("question", "")), guest_of(programme, request.POST.get("guest", ""))
    answers.tell_answering(question=question, guest=guest)
    sentence = _("读者看得到%(guest)s正在答复提问 %(label)s。") % {"guest": guest.name, "label": question.label}
    return done(request, sentence, to=reverse("typist", args=[programme.pk]))


def _token(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return None
