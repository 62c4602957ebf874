"""What a POST answers when it is done: JSON for a script on the page, a message and the way back for a plain form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def wants_json(request: HttpRequest) -> bool:
    """Whether a script sent this and will apply the answer to the page itself."""
    return "HX-Request" in request.headers or "application/json" in request.headers.get("Accept", "")


def done(request: HttpRequest, detail: str, *, to: str, html: str = "", **data: Any) -> HttpResponse:
    """Answer a POST that was carried out.

    A script gets `detail`, `html` (fragments to apply) and `data`; a plain form goes to its own `next` on this site,
    else to `to`, and reads `detail` there.
    """
    if wants_json(request):
        return JsonResponse({"detail": detail, "html": html, **data})
    messages.success(request, detail)
    wished = request.POST.get("next", "")
    return redirect(wished if url_has_allowed_host_and_scheme(wished, {request.get_host()}) else to)
