"""What a page answers when a verb was done, and when it was refused: for people, and for the page's own scripts."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from realtime.commands import Refused

STATUS = {
    "forbidden": 403,
    "no_visitor": 403,
    "not_found": 404,
    "conflict": 409,
    "closed": 409,
    "gone": 410,
    "invalid": 422,
    "throttled": 429,
    "storage": 507,
}


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script asks: it reads JSON and redraws by itself."""
    return request.headers.get("Accept", "").startswith("application/json")


def refused(refusal: Refused) -> JsonResponse:
    """The refusal for a script: its code, its sentence, and the fields to correct."""
    body = {"code": refusal.code, "detail": refusal.detail, "fields": refusal.fields or {}}
    return JsonResponse(body, status=STATUS.get(refusal.code, 400))


def act(request: HttpRequest, verb: Callable[[], str], *, back: str) -> HttpResponse:
    """Run the verb, which returns the sentence that tells what happened; then tell it, or the refusal.

    A script gets JSON; a person is sent `back` (an address) with the sentence on top of the page.
    """
    try:
        sentence = verb()
    except Refused as refusal:
        if wants_json(request):
            return refused(refusal)
        messages.error(request, refusal.detail)
        return redirect(back)
    if wants_json(request):
        return JsonResponse({"detail": sentence})
    messages.success(request, sentence)
    return redirect(back)
