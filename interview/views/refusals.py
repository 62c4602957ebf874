"""How a refused verb is answered over HTTP: JSON for a script on the page, a message and the way back for a plain form."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from interview.views.outcomes import wants_json
from realtime.commands import Refused

View = Callable[..., HttpResponse]

STATUS = {
    "signed_out": 401,
    "sign_in": 401,
    "forbidden": 403,
    "blocked": 403,
    "no_visitor": 403,
    "not_found": 404,
    "conflict": 409,
    "closed": 409,
    "gone": 410,
    "invalid": 422,
    "challenge": 428,
    "throttled": 429,
    "storage": 507,
}


def as_json(refusal: Refused) -> JsonResponse:
    """The refusal for a script: its code, its sentence, and what to correct where."""
    body = {"code": refusal.code, "detail": refusal.detail, "fields": refusal.fields or {}}
    return JsonResponse(body, status=STATUS.get(refusal.code, 400))


def origin(request: HttpRequest) -> str:
    """The page on this site a form was sent from; the staff's first page if nobody says."""
    sent_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        parts = urlsplit(sent_from)
        # One slash: two would name another host.
        path = f"/{parts.path.lstrip('/')}"
        return f"{path}?{parts.query}" if parts.query else path
    return "/staff/"


def answers_refusals(view: View) -> View:
    """Decorate a POST view: what it refuses is answered, not raised. A plain form goes back where it came from and reads why."""

    @wraps(view)
    def answered(request: HttpRequest, **kwargs: object) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except Refused as refusal:
            if wants_json(request):
                return as_json(refusal)
            messages.error(request, refusal.detail)
            return redirect(origin(request))

    return answered
