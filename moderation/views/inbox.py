"""The moderators' page: what waits, what they do with it, what was decided."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from interview.models import Programme, Question
from interview.seats import may_moderate
from moderation import audit, decisions, leases
from moderation import inbox as door
from moderation.topics import INBOX
from moderation.views.refusals import STATUS, wants_json
from realtime.commands import Refused

# What one page shows; the rest follows as these are decided.
WAITING_PER_PAGE = 50
DECIDED_PER_PAGE = 30


@require_safe
def inbox(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The questions that wait, the oldest first, from `after` on; beside them the latest decisions."""
    programme = get_object_or_404(Programme.objects.select_related("unit"), pk=programme_id)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not may_moderate(_user(request), programme.pk):
        raise PermissionDenied(_("您不是本期的审核员。如需审核提问，请联系编辑安排席位。"))
    position = door.position(programme)
    after = request.GET.get("after", "")
    beyond = door.waiting(programme).filter(number__gt=int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0)
    found = list(beyond[: WAITING_PER_PAGE + 1])
    context = {
        "programme": programme,
        "waiting": found[:WAITING_PER_PAGE],
        "more": len(found) > WAITING_PER_PAGE,
        "after": after,
        "decided": [(row, row.question) for row in audit.standing(programme)[:DECIDED_PER_PAGE]],
        "load": door.load(programme),
        "topic": INBOX.name(str(programme.pk)),
        "position": position,
        "lease_seconds": int(leases.SPAN.total_seconds()),
    }
    response = render(request, "moderation/inbox.html", context)
    patch_cache_control(response, no_store=True, private=True)
    return response


@require_POST
def take(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Hold a question, or hold it longer."""
    return _act(request, programme_id, leases.take, _("您正在审核提问 %(label)s。"))


@require_POST
def release(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Hold a question no longer."""
    return _act(request, programme_id, leases.release, _("提问 %(label)s 已放回。"))


@require_POST
def approve(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Approve a question."""
    return _act(request, programme_id, decisions.approve, _("提问 %(label)s 已通过。"))


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Decline a question; without JavaScript its reason is chosen on a page of its own."""
    if request.method != "POST":
        return _reasons(request, programme_id)
    verb = partial(decisions.decline, reason=request.POST.get("reason", ""), words=request.POST.get("words", ""))
    return _act(request, programme_id, verb, _("提问 %(label)s 未采用，已告知提问人。"))


@require_POST
def take_back(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Take a decision back."""
    return _act(request, programme_id, decisions.take_back, _("提问 %(label)s 的审核已收回，重新等待审核。"))


def _act(request: HttpRequest, programme_id: UUID, verb: Callable[..., Any], done: str) -> HttpResponse:
    if not request.user.is_authenticated and not wants_json(request):
        return redirect_to_login(request.path.rsplit("/", 2)[0] + "/")
    try:
        user = _signed_in(request)
        question = _question(programme_id, request.POST.get("question", ""))
        verb(question=question, by=user)
    except Refused as refusal:
        if wants_json(request):
            return JsonResponse(
                {"code": refusal.code, "detail": refusal.detail, "fields": refusal.fields or {}}, status=STATUS[refusal.code]
            )
        messages.error(request, refusal.detail)
    else:
        sentence = done % {"label": question.label}
        if wants_json(request):
            return JsonResponse({"detail": sentence, "question": question.label})
        messages.success(request, sentence)
    return redirect("inbox", programme_id=programme_id)


def _reasons(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not may_moderate(_user(request), programme_id):
        raise PermissionDenied(_("您不是本期的审核员。如需审核提问，请联系编辑安排席位。"))
    try:
        question = _question(programme_id, request.GET.get("question", ""))
    except Refused as refusal:
        messages.error(request, refusal.detail)
        return redirect("inbox", programme_id=programme_id)
    return render(request, "moderation/decline.html", {"programme": question.programme, "question": question})


def _question(programme_id: UUID, key: str) -> Question:
    try:
        return Question.objects.select_related("programme").get(pk=UUID(key), programme=programme_id)
    except (ValueError, Question.DoesNotExist):
        raise Refused("not_found", "没有找到这个提问，可能页面已经过时。请刷新页面。") from None


def _signed_in(request: HttpRequest) -> User:
    user = _user(request)
    if user is None:
        raise Refused("forbidden", "登录已过期，这一步没有执行。请重新登录。")
    return user


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) and request.user.is_active else None
