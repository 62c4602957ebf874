"""The moderators' page: what waits, what they do with it, what was decided."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from interview.models import Programme, Question
from interview.seats import may_moderate
from interview.views.admission import admits
from interview.views.outcomes import done, wants_json
from interview.views.refusals import STATUS, answers_refusals
from moderation import audit, decisions, leases
from moderation import inbox as door
from moderation.topics import INBOX
from realtime.commands import Refused

# What one page shows; the rest follows as these are decided.
WAITING_PER_PAGE = 50
DECIDED_PER_PAGE = 30

_only_moderators = admits(may_moderate, only=gettext_lazy("本期的审核员"))


@require_safe
@never_cache
@_only_moderators
def inbox(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The questions that wait, the oldest first, those after the number `after`; beside them the latest decisions."""
    # The position first, then the content: what falls between comes again.
    position = door.position(programme)
    after = _number(request.GET.get("after", ""))
    found = list(door.waiting(programme).filter(number__gt=after)[: WAITING_PER_PAGE + 1])
    context = {
        "programme": programme,
        "waiting": found[:WAITING_PER_PAGE],
        "more": len(found) > WAITING_PER_PAGE,
        "after": after,
        "decided": [(row, row.question) for row in audit.standing(programme)[:DECIDED_PER_PAGE]],
        "load": door.load(programme),
        "topic": INBOX.name(str(programme.pk)),
        "position": position,
    }
    return render(request, "moderation/inbox.html", context)


@require_POST
@_only_moderators
@answers_refusals
def take(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Hold a question, or hold it longer."""
    question = _question(programme, request.POST.get("question", ""))
    leases.take(question=question, by=_moderator(request))
    return _done(request, question, _("您正在审核提问 %(label)s。"))


@require_POST
@_only_moderators
@answers_refusals
def release(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Hold a question no longer."""
    question = _question(programme, request.POST.get("question", ""))
    leases.release(question=question, by=_moderator(request))
    return _done(request, question, _("提问 %(label)s 已放回。"))


@require_POST
@_only_moderators
@answers_refusals
def approve(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Approve a question."""
    question = _question(programme, request.POST.get("question", ""))
    decisions.approve(question=question, by=_moderator(request))
    return _done(request, question, _("提问 %(label)s 已通过。"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@_only_moderators
@answers_refusals
def decline(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Decline a question; without JavaScript its reason is chosen on a page of its own."""
    if request.method != "POST":
        question = _question(programme, request.GET.get("question", ""))
        return render(request, "moderation/decline.html", {"programme": programme, "question": question})
    question = _question(programme, request.POST.get("question", ""))
    words = request.POST.get("words", "")
    try:
        decisions.decline(question=question, reason=request.POST.get("reason", ""), words=words, by=_moderator(request))
    except Refused as refusal:
        if refusal.code != "invalid" or wants_json(request):
            raise
        # What was typed is still there, to be made shorter.
        context = {"programme": programme, "question": question, "words": words, "problem": refusal.detail}
        return render(request, "moderation/decline.html", context, status=STATUS[refusal.code])
    return _done(request, question, _("提问 %(label)s 未采用，已告知提问人。"))


@require_POST
@_only_moderators
@answers_refusals
def take_back(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Take a decision back."""
    question = _question(programme, request.POST.get("question", ""))
    decisions.take_back(question=question, by=_moderator(request))
    return _done(request, question, _("提问 %(label)s 的审核已收回，重新等待审核。"))


def _moderator(request: HttpRequest) -> User:
    # admits() let nobody else in.
    assert isinstance(request.user, User)
    return request.user


def _done(request: HttpRequest, question: Question, sentence: str) -> HttpResponse:
    return done(request, sentence % {"label": question.label}, to=reverse("inbox", args=[question.programme_id]), question=question.label)


def _question(programme: Programme, key: str) -> Question:
    try:
        return Question.objects.select_related("programme").get(pk=UUID(key), programme=programme)
    except (ValueError, Question.DoesNotExist):
        raise Refused("not_found", "没有找到这个提问，可能页面已经过时。请刷新页面。") from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
