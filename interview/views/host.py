"""The host's desk: open, put questions to guests, keep the time, close."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import is_editor
from interview import desk, questions, schedule, transcript
from interview.models import Programme
from interview.seats import may_lead
from interview.states import ProgrammeState, QuestionState
from interview.text import number_of
from interview.topics import DESK, STAGE
from interview.views.admission import admits, person
from interview.views.named import guest_of, question_of
from interview.views.outcomes import done
from interview.views.refusals import answers_refusals

# The desk shows what was said last; the whole transcript is one click away.
LATEST = 12
EXTENSIONS = (5, 10, 15)  # minutes
# So long before the planned start a click on "open" is more likely a slip: the page asks once more.
EARLY = timedelta(minutes=30)

_only_host = admits(may_lead, only=gettext_lazy("本期的主持人"))


@require_safe
@never_cache
@_only_host
def host(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The desk as it is now, then live."""
    # Positions first, then content: what falls between comes again.
    desk_position, stage_position = desk.position(programme), transcript.position(programme)
    rows = list(desk.on_desk(programme))
    context = {
        "programme": programme,
        "questions": rows,
        "guests": list(programme.guests.all()),
        "waiting": sum(row.state == QuestionState.APPROVED for row in rows),
        "warnings": schedule.warnings(programme),
        "minutes_left": schedule.minutes_left(programme),
        "extensions": EXTENSIONS,
        "early": programme.planned_start - timezone.now() > EARLY,
        "edits": programme.state == ProgrammeState.ENDED and is_editor(person(request)),
        "latest": transcript.latest(programme, LATEST),
        "desk_topic": DESK.name(str(programme.pk)),
        "desk_position": desk_position,
        "stage_topic": STAGE.name(str(programme.pk)),
        "stage_position": stage_position,
    }
    return render(request, "interview/staff/host.html", context)


@require_POST
@_only_host
@answers_refusals
def open_programme(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Open the interview."""
    schedule.open(programme=programme, by=person(request))
    return done(request, _("访谈已经开始，读者看得到了。"), to=_desk(programme))


@require_POST
@_only_host
@answers_refusals
def close_programme(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Close the interview; what was not reached is owed."""
    schedule.close(programme=programme, by=person(request))
    return done(request, _("访谈已经结束。没有答到的提问转为书面答复。"), to=_desk(programme))


@require_POST
@_only_host
@answers_refusals
def extend(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Extend by the chosen minutes."""
    minutes = number_of(request.POST.get("minutes", ""), digits=3) or 0
    extended = schedule.extend(programme=programme, minutes=minutes, by=person(request))
    sentence = _("访谈延长%(minutes)s分钟，共%(total)s分钟。") % {"minutes": minutes, "total": extended.planned_minutes}
    return done(request, sentence, to=_desk(programme))


@require_POST
@_only_host
@answers_refusals
def put(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Put a question to a guest: `to` is both ids, as the button carries them."""
    question, _space, guest = request.POST.get("to", "").partition(" ")
    moved = questions.put(question=question_of(programme, question), guest=guest_of(programme, guest), by=person(request))
    sentence = _("提问 %(label)s 已交给%(guest)s。") % {"label": moved.label, "guest": moved.put_to.name if moved.put_to else ""}
    return done(request, sentence, to=_desk(programme))


@require_POST
@_only_host
@answers_refusals
def put_back(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Take a question back from its guest."""
    moved = questions.put_back(question=question_of(programme, request.POST.get("question", "")), by=person(request))
    return done(request, _("提问 %(label)s 已收回。") % {"label": moved.label}, to=_desk(programme))


def _desk(programme: Programme) -> str:
    return reverse("desk", args=[programme.pk])
