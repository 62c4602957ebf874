"""The original wordings of one question, with personal data in clear."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from interview.models import Programme, Question
from interview.seats import may_moderate
from interview.views.admission import admits, person
from interview.views.outcomes import wants_json
from interview.views.refusals import answers_refusals
from moderation import highlights, unmasking
from realtime.commands import Refused


@require_POST
@never_cache
@admits(may_moderate, only=gettext_lazy("本期的审核员"))
@answers_refusals
def unmask(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Show every wording of a question: a POST, because looking is recorded."""
    question = _question(programme, request.POST.get("question", ""))
    wordings = unmasking.unmask(question=question, by=person(request))
    shown = [(wording, highlights.cut(wording.text, wording.findings, masked=False)) for wording in wordings]
    context = {"programme": programme, "question": question, "wordings": shown}
    if wants_json(request):
        return JsonResponse({"html": render_to_string("moderation/wordings.html", context, request)})
    return render(request, "moderation/unmasked.html", context)


def _question(programme: Programme, key: str) -> Question:
    try:
        return Question.objects.select_related("programme").get(pk=UUID(key), programme=programme)
    except (ValueError, Question.DoesNotExist):
        raise Refused("not_found", "没有找到这个提问，可能页面已经过时。请刷新页面。") from None
