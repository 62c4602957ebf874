"""The asker's forms on the way from a receipt: rewrite the question, or appeal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import callers
from interview.models import Question
from interview.text import QUESTION_LIMIT
from interview.views.refusals import STATUS
from moderation import appeals
from moderation.lines import LIMIT
from moderation.throttle import TooOften
from moderation.views import receipt
from realtime.commands import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: HttpRequest, token: str) -> HttpResponse:
    """The question as it was sent, to be written anew; sent, it waits under its number again."""

    def form(question: Question) -> dict[str, object]:
        return {
            "title": _("改写提问 %(label)s") % {"label": question.label},
            "allowed": appeals.may_rewrite(question),
            "name": "text",
            "label": _("改写后的提问"),
            "typed": question.text,
            "limit": QUESTION_LIMIT,
            "rows": 7,
            "button": _("提交改写"),
        }

    def send(typed: str) -> Question:
        return appeals.rewrite(token=token, text=typed, caller=callers.from_request(request))

    return _answer(request, token, "rewrite", form, send)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """Why another moderator should look at it; sent, it waits under its number again."""

    def form(question: Question) -> dict[str, object]:
        return {
            "title": _("申诉：提问 %(label)s") % {"label": question.label},
            "allowed": appeals.may_appeal(question),
            "name": "words",
            "label": _("为什么应该采用"),
            "typed": "",
            "limit": LIMIT,
            "rows": 4,
            "button": _("提交申诉"),
        }

    def send(typed: str) -> Question:
        return appeals.appeal(token=token, words=typed, caller=callers.from_request(request))

    return _answer(request, token, "appeal", form, send)


def _answer(
    request: HttpRequest, token: str, act: str, form: Callable[[Question], dict[str, object]], send: Callable[[str], Question]
) -> HttpResponse:
    question = receipt.find(token)
    if question is None:
        return receipt.guarded(receipt.missing(request))
    context = form(question) | {"question": question, "programme": question.programme, "act": act}
    context["reason_english"] = receipt.in_english(question)
    if request.method == "POST":
        context["typed"] = request.POST.get(str(context["name"]), "")
        try:
            return receipt.guarded(redirect(send(str(context["typed"]))))
        except Refused as refusal:
            response = _refused(request, token, context, refusal)
    else:
        response = render(request, "moderation/chance.html", context)
    # Not no-referrer as on the receipt: from such a page browsers send forms with the origin "null", which no CSRF check accepts.
    return receipt.guarded(response, referrer="same-origin")


def _refused(request: HttpRequest, token: str, context: dict[str, object], refusal: Refused) -> HttpResponse:
    if refusal.code in {"conflict", "closed"}:
        return receipt.page(request, token, status=STATUS[refusal.code], problem=refusal.detail)
    # What was typed is still there, to be changed or sent a little later.
    appeal_of_block = (refusal.fields or {}).get("appeal", [""])[0]
    context |= {"allowed": True, "problem": refusal.detail, "block_appeal": appeal_of_block}
    response = render(request, "moderation/chance.html", context, status=STATUS[refusal.code])
    if isinstance(refusal, TooOften):
        response["Retry-After"] = str(refusal.seconds)
    return response
