"""The form in which a moderator changes a little of a question's words, beside what was sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from interview.models import Programme, Question
from interview.views.admission import person
from interview.views.named import question_of
from interview.views.outcomes import wants_json
from interview.views.refusals import STATUS, answers_refusals
from moderation import edits, wordings
from moderation.views.moderators import answered, only_moderators, seen
from realtime.commands import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_moderators
@answers_refusals
def edit(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The form with the words as they stand; sent, what everybody reads."""
    if request.method != "POST":
        return _page(request, programme, question_of(programme, request.GET.get("question", "")))
    question = question_of(programme, request.POST.get("question", ""))
    text, number = request.POST.get("text", ""), seen(request)
    try:
        edits.edit(question=question, text=text, seen=-1 if number is None else number, by=person(request))
    except Refused as refusal:
        if refusal.code != "invalid" or wants_json(request):
            raise
        # What was typed is still there, to be made smaller.
        return _page(request, programme, question, text=text, refusal=refusal)
    return answered(request, question, _("提问 %(label)s 已改写，公众看得到“由审核员编辑”。"))


def _page(
    request: HttpRequest, programme: Programme, question: Question, *, text: str | None = None, refusal: Refused | None = None
) -> HttpResponse:
    last, own = wordings.latest(question), edits.original(question)
    context = {
        "programme": programme,
        "question": question,
        "text": question.text if text is None else text,
        "seen": last.number if last else 0,
        "original": own,
        "most": edits.most(own),
        "refusal": refusal,
    }
    return render(request, "moderation/edit.html", context, status=STATUS[refusal.code] if refusal else 200)
