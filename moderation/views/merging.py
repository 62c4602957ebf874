"""What asks the same as one question, for the moderators' page; merging it, and splitting it again."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from interview.models import Programme
from interview.views.admission import person
from interview.views.refusals import answers_refusals
from moderation import merging, similar
from moderation.views.chosen import answered, chosen, only_moderators, seen
from moderation.views.similar import as_data


@require_safe
@never_cache
@only_moderators
@answers_refusals
def alike(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """What a moderator may merge `question` with, the nearest first, and what was answered to the same before; for scripts."""
    found, past = similar.for_desk(chosen(programme, request.GET.get("question", "")))
    return JsonResponse({"alike": [_alike(each) for each in found], "answered": [as_data(each) | {"score": each.score} for each in past]})


@require_POST
@only_moderators
@answers_refusals
def merge(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Answer a question together with another one."""
    question, into = (chosen(programme, request.POST.get(name, "")) for name in ("question", "into"))
    merging.merge(question=question, into=into, by=person(request), seen=seen(request))
    return answered(request, question, _("提问 %(label)s 已合并，提问人会一起得到答复。"))


@require_POST
@only_moderators
@answers_refusals
def split(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Let a merged question stand by itself again."""
    question = chosen(programme, request.POST.get("question", ""))
    merging.split(question=question, by=person(request))
    return answered(request, question, _("提问 %(label)s 已拆开，重新等待审核。"))


def _alike(found: similar.Asked) -> dict[str, Any]:
    question = found.question
    return {
        "id": str(question.pk),
        "label": question.label,
        "text": question.text,
        "state": question.state,
        "supports": question.supports,
        "score": found.score,
    }
