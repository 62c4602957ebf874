"""The moderators' page: what waits, what they do with it, what was decided."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Programme
from interview.views.admission import person
from interview.views.named import question_of
from interview.views.outcomes import wants_json
from interview.views.refusals import STATUS, answers_refusals
from moderation import audit, decisions, leases, queue
from moderation import inbox as door
from moderation.inbox import Load, Member
from moderation.queue import Choice, Order, Show
from moderation.topics import INBOX
from moderation.views.moderators import answered, only_moderators, seen
from realtime.commands import Refused

# What one page shows; the rest follows as these are decided.
WAITING_PER_PAGE = 50
DECIDED_PER_PAGE = 20
# The order somebody chose is that of this browser, until another one is chosen.
_ORDER_COOKIE = "inbox_order"
_ORDER_KEPT = 365 * 24 * 3600  # seconds


@require_safe
@never_cache
@only_moderators
def inbox(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The questions that wait, as this moderator looks at them; beside them who is at work, and the latest decisions."""
    # The position first, then the content: what falls between comes again.
    position = door.position(programme)
    choice = Choice.of(request.GET, remembered=request.COOKIES.get(_ORDER_COOKIE, ""))
    rows = door.reported(programme) if choice.show == Show.REPORTED else door.waiting(programme)
    found = list(choice.narrow(rows, by=person(request))[: WAITING_PER_PAGE + 1])
    shown = found[:WAITING_PER_PAGE]
    load, team = door.load(programme), door.team(programme)
    context = {
        "programme": programme,
        "choice": choice,
        "views": _views(choice, load, team, by=person(request)),
        "orders": Order.choices,
        "waiting": shown,
        "more": len(found) > WAITING_PER_PAGE,
        "last": queue.places(shown[-1])[choice.attribute] if shown else "",
        "decided": [(row, row.question) for row in audit.standing(programme)[:DECIDED_PER_PAGE]],
        "load": load,
        "team": team,
        "editor": is_editor(request.user),
        "topic": INBOX.name(str(programme.pk)),
        "position": position,
    }
    response = render(request, "moderation/inbox.html", context)
    if "order" in request.GET:
        response.set_cookie(_ORDER_COOKIE, choice.order, max_age=_ORDER_KEPT, path="/staff/", httponly=True, samesite="Lax")
    return response


@require_safe
@never_cache
@only_moderators
def numbers(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """How much waits and who is at work, as fragments: leases run out and the pace falls without any event."""
    return HttpResponse(door.numbers(programme))


@require_POST
@only_moderators
@answers_refusals
def take(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Hold a question, or hold it longer."""
    question = question_of(programme, request.POST.get("question", ""))
    leases.take(question=question, by=person(request))
    return answered(request, question, _("您正在审核提问 %(label)s。"))


@require_POST
@only_moderators
@answers_refusals
def release(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Hold a question no longer."""
    question = question_of(programme, request.POST.get("question", ""))
    leases.release(question=question, by=person(request))
    return answered(request, question, _("提问 %(label)s 已放回。"))


@require_POST
@only_moderators
@answers_refusals
def approve(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Approve a question."""
    question = question_of(programme, request.POST.get("question", ""))
    decisions.approve(question=question, by=person(request), seen=seen(request))
    return answered(request, question, _("提问 %(label)s 已通过。"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_moderators
@answers_refusals
def decline(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Decline a question; without JavaScript its reason is chosen on a page of its own."""
    if request.method != "POST":
        question = question_of(programme, request.GET.get("question", ""))
        return render(request, "moderation/decline.html", {"programme": programme, "question": question})
    question = question_of(programme, request.POST.get("question", ""))
    words = request.POST.get("words", "")
    try:
        decisions.decline(question=question, reason=request.POST.get("reason", ""), words=words, by=person(request), seen=seen(request))
    except Refused as refusal:
        if refusal.code != "invalid" or wants_json(request):
            raise
        # What was typed is still there, to be made shorter.
        context = {"programme": programme, "question": question, "words": words, "problem": refusal.detail}
        return render(request, "moderation/decline.html", context, status=STATUS[refusal.code])
    return answered(request, question, _("提问 %(label)s 未采用，已告知提问人。"))


@require_POST
@only_moderators
@answers_refusals
def take_back(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Take a decision back."""
    question = question_of(programme, request.POST.get("question", ""))
    decisions.take_back(question=question, by=person(request))
    return answered(request, question, _("提问 %(label)s 的审核已收回，重新等待审核。"))


def _views(choice: Choice, load: Load, team: list[Member], *, by: User) -> list[dict[str, object]]:
    mine = sum(member.holds for member in team if member.user == by)
    return [
        {"show": show, "query": replace(choice, show=show, group=None).query, "count": (load.counts | {Show.MINE.value: mine})[show.value]}
        for show in Show
    ]
