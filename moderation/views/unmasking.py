"""The original wordings of one question, with personal data in clear."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from interview.models import Programme
from interview.views.admission import person
from interview.views.named import question_of
from interview.views.outcomes import wants_json
from interview.views.refusals import answers_refusals
from moderation import highlights, unmasking
from moderation.views.moderators import only_moderators


@require_POST
@never_cache
@only_moderators
@answers_refusals
def unmask(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Show every wording of a question: a POST, because looking is recorded."""
    question = question_of(programme, request.POST.get("question", ""))
    wordings = unmasking.unmask(question=question, by=person(request))
    shown = [(wording, highlights.cut(wording.text, wording.findings, masked=False)) for wording in wordings]
    context = {"programme": programme, "question": question, "wordings": shown}
    if wants_json(request):
        return JsonResponse({"html": render_to_string("moderation/wordings.html", context, request)})
    return render(request, "moderation/unmasked.html", context)
