"""What a netizen is told while typing: who asked that already, and what was answered."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from accounts import callers
from interview import support
from interview.models import Programme
from interview.states import PUBLIC, QuestionState
from interview.text import QUESTION_LIMIT, clean
from interview.views.refusals import as_json
from moderation import similar as likeness
from moderation import throttle
from moderation.similar import Answered, Asked

# Enough to see whether it is the same; all of it stands behind the link.
EXCERPT = 120


# What is typed and perhaps never sent must not stand in the log of any proxy, as it would in an address.
@require_POST
def similar(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """At most three questions of the programme that ask alike and three answered ones; nothing of what was typed is kept."""
    programme = get_object_or_404(Programme, pk=programme_id, state__in=PUBLIC)
    response = _throttled(request, programme) or _found(programme, request.POST.get("text", ""))
    patch_cache_control(response, no_store=True, private=True)
    return response


def _throttled(request: HttpRequest, programme: Programme) -> HttpResponse | None:
    caller = callers.from_request(request)
    # As where one asks: a rehearsal is played from one machine.
    typist = throttle.Typist(caller.visitor or caller.address, None if programme.rehearsal else caller.address)
    try:
        throttle.take(typist)
    except throttle.TooOften as refusal:
        response = as_json(refusal)
        response["Retry-After"] = str(refusal.seconds)
        return response
    return None


def _found(programme: Programme, text: str) -> HttpResponse:
    # Cut before it is cleaned: what is longer cannot be asked.
    asked, answered = likeness.for_reader(programme, clean(text[:QUESTION_LIMIT]))
    return JsonResponse({"asked": [_asked(each) for each in asked], "answered": [_answered(each) for each in answered]})


def _asked(found: Asked) -> dict[str, Any]:
    question = found.question
    waits = question.state == QuestionState.APPROVED
    return {
        "id": str(question.pk),
        "label": question.label,
        "text": _excerpt(question.text),
        "state": question.state,
        "supports": support.told(question),
        "url": f"{question.programme.get_absolute_url()}#waiting-{question.pk}",
        "support": f"{reverse('support', args=[question.programme_id])}?question={question.pk}" if waits else None,
    }


def _answered(found: Answered) -> dict[str, Any]:
    # As the transcript has it now; the day is that of the answer, here.
    return {
        "question": _excerpt(found.question.text),
        "answer": _excerpt(found.answer.text),
        "when": f"{timezone.localtime(found.answer.at):%Y-%m-%d}",
        "programme": found.answer.programme.title,
        "url": f"{found.answer.programme.get_absolute_url()}#{found.answer.anchor}",
    }


def _excerpt(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(EXCERPT, truncate="…")
