"""The page on which a netizen wants the same answer (同问), where no script does it on the spot."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from accounts import callers, visitors
from interview import support as supports
from interview.models import Programme
from interview.states import PUBLIC
from interview.views.outcomes import wants_json
from interview.views.refusals import STATUS, as_json
from moderation import supporting
from moderation.throttle import TooOften
from realtime.commands import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """One question and whether one wants its answer too; sent, it is wanted or not any more."""
    programme = get_object_or_404(Programme.objects.select_related("unit"), pk=programme_id, state__in=PUBLIC)
    # As where one asks: the cookie comes with this answer at the latest.
    carrier = HttpResponse()
    visitors.ensure(request, carrier)
    response = _press(request, programme) if request.method == "POST" else _look(request, programme)
    response.cookies.update(carrier.cookies)
    patch_cache_control(response, no_store=True, private=True)
    return response


def _press(request: HttpRequest, programme: Programme) -> HttpResponse:
    wanted = request.POST.get("wanted", "yes") == "yes"
    try:
        question = supporting.support_or_not(
            key=supporting.key_of(request.POST.get("question", "")), caller=callers.from_request(request), wanted=wanted
        )
    except Refused as refusal:
        response = as_json(refusal) if wants_json(request) else _look(request, programme, refusal=refusal)
        if isinstance(refusal, TooOften):
            response["Retry-After"] = str(refusal.seconds)
        return response
    if wants_json(request):
        return JsonResponse(supporting.answer(question, wanted=wanted))
    return redirect(f"{reverse('support', args=[question.programme_id])}?question={question.pk}")


def _look(request: HttpRequest, programme: Programme, *, refusal: Refused | None = None) -> HttpResponse:
    context: dict[str, Any] = {"programme": programme, "refusal": refusal}
    try:
        question = supporting.find(supporting.key_of(request.POST.get("question") or request.GET.get("question", "")))
        context |= {
            "question": question,
            "supported": supports.is_supported(question, visitor=visitors.key_of(request)),
            "supports": supports.told(question),
        }
    except Refused as missing:
        context["refusal"] = refusal = refusal or missing
    return render(request, "moderation/support.html", context, status=STATUS[refusal.code] if refusal else 200)
