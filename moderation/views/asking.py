"""The page on which a netizen asks, with or without JavaScript."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts import callers, visitors
from interview.models import Programme
from interview.states import PUBLIC
from interview.views.outcomes import wants_json
from interview.views.refusals import STATUS, as_json
from moderation import challenge, commands, intake
from moderation.forms import AskForm
from moderation.throttle import TooOften
from realtime.commands import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The form, or what became of it: the receipt, or the form again with what was typed and what to change."""
    programme = get_object_or_404(Programme.objects.select_related("unit"), pk=programme_id, state__in=PUBLIC)
    # The cookie comes with this answer at the latest; whoever refuses it never gets past the CSRF check.
    carrier = HttpResponse()
    visitors.ensure(request, carrier)
    response = _receive(request, programme) if request.method == "POST" else _page(request, programme, AskForm(programme=programme))
    response.cookies.update(carrier.cookies)
    patch_cache_control(response, no_store=True, private=True)
    return response


@require_safe
def challenge_for(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """A challenge for this browser; whoever has no cookie of ours has none to solve."""
    programme = get_object_or_404(Programme, pk=programme_id, state__in=PUBLIC)
    visitor = visitors.key_of(request)
    if visitor is None:
        return as_json(Refused("no_visitor", "浏览器没有接受本站的 Cookie。请允许 Cookie 后刷新页面，再提交一次。"))
    response = JsonResponse(challenge.make(programme=programme, visitor=visitor))
    patch_cache_control(response, no_store=True, private=True)
    return response


def _receive(request: HttpRequest, programme: Programme) -> HttpResponse:
    words = {name: request.POST.get(name, "") for name in ("nickname", "text", "token", "solution")}
    try:
        receipt = intake.receive(programme=programme, caller=callers.from_request(request), **words)
    except Refused as refusal:
        response = _refused(request, programme, refusal)
        if isinstance(refusal, TooOften):
            response["Retry-After"] = str(refusal.seconds)
        return response
    if wants_json(request):
        return JsonResponse(commands.answer(receipt))
    return redirect(receipt.question)


def _refused(request: HttpRequest, programme: Programme, refusal: Refused) -> HttpResponse:
    if wants_json(request):
        return as_json(refusal)
    data = request.POST.copy()
    if refusal.code == "conflict" or "token" in (refusal.fields or {}):
        # The words are new: so must be the token, or the next attempt is refused as well.
        data["token"] = str(uuid4())
    form = AskForm(data, programme=programme)
    if form.is_valid():
        form.add_error(None, refusal.detail)
    return _page(request, programme, form, status=STATUS[refusal.code], refusal=refusal)


def _page(request: HttpRequest, programme: Programme, form: AskForm, *, status: int = 200, refusal: Refused | None = None) -> HttpResponse:
    context: dict[str, Any] = {"programme": programme, "form": form, "refusal": refusal}
    return render(request, "moderation/ask.html", context, status=status)
