"""What moderators put beside a question: a hold, a question to its asker, a note; each form on a page of its own without JavaScript."""

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from interview.models import Programme, Question
from interview.views.admission import StrOrPromise, person
from interview.views.named import question_of
from interview.views.outcomes import wants_json
from interview.views.refusals import STATUS, View, answers_refusals
from moderation import holds, notes
from moderation.views.moderators import answered, only_moderators
from realtime.commands import Refused


class Form(NamedTuple):
    """What the page of a form says (its heading, what the field is for, the button), what is done, and what is told then."""

    heading: StrOrPromise
    label: StrOrPromise
    button: StrOrPromise
    verb: Callable[..., object]
    sentence: StrOrPromise


_FORMS = {
    "hold": Form(_("搁置提问"), _("为什么搁置（可以不填，同事看得到）"), _("搁置"), holds.hold, _("提问 %(label)s 已搁置。")),
    "escalate": Form(
        _("上报提问，请编辑决定"),
        _("请编辑看什么（可以不填，编辑和同事看得到）"),
        _("上报"),
        holds.escalate,
        _("提问 %(label)s 已上报，等编辑决定。"),
    ),
    "ask_back": Form(
        _("请提问人补充"),
        _("请提问人补充什么（提问人会看到）"),
        _("发给提问人"),
        holds.ask_back,
        _("已请提问 %(label)s 的提问人补充。"),
    ),
    "note": Form(_("批注"), _("批注（只有审核员和编辑看得到）"), _("加批注"), notes.add, _("提问 %(label)s 的批注已保存。")),
}


def _aside(name: str) -> View:
    """The view of one form: read it by GET, send it by POST."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @only_moderators
    @answers_refusals
    def aside(request: HttpRequest, *, programme: Programme) -> HttpResponse:
        if request.method != "POST":
            return _page(request, programme, name, question_of(programme, request.GET.get("question", "")))
        question, words, form = question_of(programme, request.POST.get("question", "")), request.POST.get("words", ""), _FORMS[name]
        try:
            form.verb(question=question, words=words, by=person(request))
        except Refused as refusal:
            if refusal.code != "invalid" or wants_json(request):
                raise
            # What was typed is still there, to be made shorter.
            return _page(request, programme, name, question, words=words, refusal=refusal)
        return answered(request, question, str(form.sentence))

    return aside


hold, escalate, ask_back, note = map(_aside, ("hold", "escalate", "ask_back", "note"))


@require_POST
@only_moderators
@answers_refusals
def resume(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Put a question back among the others."""
    question = question_of(programme, request.POST.get("question", ""))
    holds.resume(question=question, by=person(request))
    return answered(request, question, gettext("提问 %(label)s 已回到等待审核里。"))


def _page(
    request: HttpRequest, programme: Programme, name: str, question: Question, *, words: str = "", refusal: Refused | None = None
) -> HttpResponse:
    form = _FORMS[name]
    context = {
        "programme": programme,
        "question": question,
        "words": words,
        "refusal": refusal,
        "notes": question.notes.select_related("by"),
    }
    context |= {"act": name, "heading": form.heading, "label": form.label, "button": form.button}
    return render(request, "moderation/aside.html", context, status=STATUS[refusal.code] if refusal else 200)
