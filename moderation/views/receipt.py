"""The private page of one question: its state, live, and the way to take it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from interview import questions, receipts
from interview.models import Question
from interview.models.question import may_be_receipt_token
from interview.states import QUESTION_MOVES, QuestionState
from interview.topics import RECEIPT
from interview.views.refusals import STATUS
from moderation import intake, reason_texts
from realtime.commands import Refused


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt of whoever knows its address."""
    return guarded(page(request, token))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, because it cannot be undone; then take the question back and show its receipt."""
    question = find(token)
    if question is None:
        response = missing(request)
    elif request.method == "POST":
        response = _withdraw(request, token)
    else:
        response = render(request, "moderation/withdraw.html", {"question": question, "may_withdraw": _may_withdraw(question)})
    # Not no-referrer as on the receipt: from such a page browsers send forms with the origin "null", which no CSRF check accepts.
    return guarded(response, referrer="same-origin")


def page(request: HttpRequest, token: str, *, status: int = 200, problem: str = "") -> HttpResponse:
    """The receipt as it is now, with what was refused a moment ago."""
    known = find(token)
    if known is None:
        return missing(request)
    # The position first, then the state: what falls between comes again.
    position = receipts.position(known)
    question = questions.find(token)
    context = receipts.told(question) | {
        "programme": question.programme,
        "topic": RECEIPT.name(token),
        "position": position,
        "may_withdraw": _may_withdraw(question),
        "problem": problem,
        "reason_english": in_english(question),
    }
    return render(request, "moderation/receipt.html", context, status=status)


def _withdraw(request: HttpRequest, token: str) -> HttpResponse:
    try:
        question = intake.withdraw(token=token)
    except Refused as refusal:
        return page(request, token, status=STATUS[refusal.code], problem=refusal.detail)
    return redirect(question)


def missing(request: HttpRequest) -> HttpResponse:
    """No receipt has this address."""
    return render(request, "moderation/receipt_missing.html", status=404)


def find(token: str) -> Question | None:
    """The question of a receipt, if the address can be one at all and somebody was given it."""
    if not may_be_receipt_token(token):
        return None
    try:
        return questions.find(token)
    except Question.DoesNotExist:
        return None


def _may_withdraw(question: Question) -> bool:
    return QuestionState.WITHDRAWN in QUESTION_MOVES[QuestionState(question.state)]


def in_english(question: Question) -> str:
    """Why it was declined, in English, for a page that is read in English; empty elsewhere, and where nobody said it in English."""
    return reason_texts.english_of(question) if get_language() == "en" else ""


def guarded(response: HttpResponse, *, referrer: str = "no-referrer") -> HttpResponse:
    """The answer, kept out of what would give the address away."""
    # The address is the key: it must not stay in caches or search engines, nor travel to the sites that are linked.
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = referrer
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
