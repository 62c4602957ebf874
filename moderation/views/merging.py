"""What asks the same as one question, beside it; merging it, and splitting it again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from interview import questions
from interview.models import Programme
from interview.states import UNDECIDED
from interview.views.admission import person
from interview.views.named import question_of
from interview.views.refusals import answers_refusals
from moderation import merging, similar
from moderation.views.moderators import answered, only_moderators, seen


@require_safe
@never_cache
@only_moderators
@answers_refusals
def alike(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The question, what was merged into it, what it may be merged with, the nearest first, and what was answered to the same before."""
    question = question_of(programme, request.GET.get("question", ""))
    found, past = similar.for_desk(question)
    context = {
        "programme": programme,
        "question": question,
        "seen": question.wordings.count(),
        "merged": questions.merged_into(question),
        "alike": [(each.question, each.score, each.question.state in merging.TARGETS, each.question.state in UNDECIDED) for each in found],
        "answered": past,
    }
    return render(request, "moderation/alike.html", context)


@require_POST
@only_moderators
@answers_refusals
def merge(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Answer a question together with another one."""
    question, into = (question_of(programme, request.POST.get(name, "")) for name in ("question", "into"))
    merging.merge(question=question, into=into, by=person(request), seen=seen(request))
    return answered(request, question, _("提问 %(label)s 已合并，提问人会一起得到答复。"))


@require_POST
@only_moderators
@answers_refusals
def split(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Let a merged question stand by itself again."""
    question = question_of(programme, request.POST.get("question", ""))
    merging.split(question=question, by=person(request))
    return answered(request, question, _("提问 %(label)s 已拆开，重新等待审核。"))
