"""What moderators put beside a question: a hold, a question to its asker, a note; each form on a page of its own without JavaScript."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from interview.models import Programme, Question
from interview.views.admission import person
from interview.views.outcomes import wants_json
from interview.views.refusals import STATUS, answers_refusals
from moderation import holds, notes
from moderation.views.chosen import answered, chosen, only_moderators
from realtime.commands import Refused

# What the page of each form says: its heading, what the field is for, the button.
_FORMS = {
    "hold": (gettext_lazy("搁置提问"), gettext_lazy("为什么搁置（可以不填，同事看得到）"), gettext_lazy("搁置")),
    "escalate": (gettext_lazy("上报提问，请编辑决定"), gettext_lazy("请编辑看什么（可以不填，编辑和同事看得到）"), gettext_lazy("上报")),
    "ask_back": (gettext_lazy("请提问人补充"), gettext_lazy("请提问人补充什么（提问人会看到）"), gettext_lazy("发给提问人")),
    "note": (gettext_lazy("批注"), gettext_lazy("批注（只有审核员和编辑看得到）"), gettext_lazy("加批注")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_moderators
@answers_refusals
def hold(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Put a question aside."""
    return _form(request, programme, "hold", _hold, _("提问 %(label)s 已搁置。"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_moderators
@answers_refusals
def escalate(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Leave a question to the editors."""
    return _form(request, programme, "escalate", _escalate, _("提问 %(label)s 已上报，等编辑决定。"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_moderators
@answers_refusals
def ask_back(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Ask the asker for something."""
    return _form(request, programme, "ask_back", _ask_back, _("已请提问 %(label)s 的提问人补充。"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_moderators
@answers_refusals
def note(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Put a note beside a question."""
    return _form(request, programme, "note", _note, _("提问 %(label)s 的批注已保存。"))


@require_POST
@only_moderators
@answers_refusals
def resume(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Put a question back among the others."""
    question = chosen(programme, request.POST.get("question", ""))
    holds.resume(question=question, by=person(request))
    return answered(request, question, _("提问 %(label)s 已回到等待审核里。"))


def _form(
    request: HttpRequest, programme: Programme, name: str, verb: Callable[[HttpRequest, Question], object], sentence: str
) -> HttpResponse:
    if request.method != "POST":
        return _page(request, programme, name, chosen(programme, request.GET.get("question", "")))
    question = chosen(programme, request.POST.get("question", ""))
    try:
        verb(request, question)
    except Refused as refusal:
        if refusal.code != "invalid" or wants_json(request):
            raise
        # What was typed is still there, to be made shorter.
        return _page(request, programme, name, question, words=request.POST.get("words", ""), refusal=refusal)
    return answered(request, question, sentence)


def _page(
    request: HttpRequest, programme: Programme, name: str, question: Question, *, words: str = "", refusal: Refused | None = None
) -> HttpResponse:
    heading, label, button = _FORMS[name]
    context = {
        "programme": programme,
        "question": question,
        "words": words,
        "refusal": refusal,
        "notes": question.notes.select_related("by"),
    }
    context |= {"act": name, "heading": heading, "label": label, "button": button}
    return render(request, "moderation/aside.html", context, status=STATUS[refusal.code] if refusal else 200)


def _hold(request: HttpRequest, question: Question) -> object:
    return holds.hold(question=question, words=request.POST.get("words", ""), by=person(request))


def _escalate(request: HttpRequest, question: Question) -> object:
    return holds.escalate(question=question, words=request.POST.get("words", ""), by=person(request))


def _ask_back(request: HttpRequest, question: Question) -> object:
    return holds.ask_back(question=question, words=request.POST.get("words", ""), by=person(request))


def _note(request: HttpRequest, question: Question) -> object:
    return notes.add(question=question, words=request.POST.get("words", ""), by=person(request))
