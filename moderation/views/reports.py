"""Reports: the page on which a reader reports a question, and how moderators settle what was reported."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import callers, visitors
from interview.models import Programme
from interview.states import PUBLIC
from interview.views.admission import person
from interview.views.named import question_of
from interview.views.outcomes import done, wants_json
from interview.views.refusals import STATUS, answers_refusals, as_json
from moderation import reports, supporting
from moderation.throttle import TooOften
from moderation.views.moderators import only_moderators
from realtime.commands import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The form for one question; sent, the reader reads that moderators will look."""
    programme = get_object_or_404(Programme.objects.select_related("unit"), pk=programme_id, state__in=PUBLIC)
    # As where one asks: the cookie comes with this answer at the latest.
    carrier = HttpResponse()
    visitors.ensure(request, carrier)
    response = _report(request, programme)
    response.cookies.update(carrier.cookies)
    patch_cache_control(response, no_store=True, private=True)
    return response


@require_POST
@only_moderators
@answers_refusals
def settle(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The question stays, or, where the address says `act=take_back`, its approval is taken back."""
    question = question_of(programme, request.POST.get("question", ""))
    take_back = request.GET.get("act") == "take_back"
    reports.settle(question=question, take_back=take_back, by=person(request))
    sentence = _("提问 %(label)s 已收回，重新等待审核。") if take_back else _("提问 %(label)s 保留，举报已处理。")
    return done(
        request, sentence % {"label": question.label}, to=f"{reverse('inbox', args=[programme.pk])}?show=reported", question=question.label
    )


def _report(request: HttpRequest, programme: Programme) -> HttpResponse:
    given = request.POST or request.GET
    context: dict[str, Any] = {"programme": programme, "reasons": reports.REASONS, "limit": reports.LIMIT, "given": given}
    try:
        context["question"] = question = supporting.find(supporting.key_of(given.get("question", "")))
        if request.method != "POST":
            return render(request, "moderation/report.html", context)
        words = {name: request.POST.get(name, "") for name in ("reason", "words")}
        reports.report(question=question, caller=callers.from_request(request), **words)
    except Refused as refusal:
        context["refusal"] = refusal
        response = (
            as_json(refusal) if wants_json(request) else render(request, "moderation/report.html", context, status=STATUS[refusal.code])
        )
        if isinstance(refusal, TooOften):
            response["Retry-After"] = str(refusal.seconds)
        return response
    return done(request, _("举报已收到，审核员会再看一遍这个提问。"), to=programme.get_absolute_url())
