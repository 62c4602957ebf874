"""How a refusal is answered over HTTP."""

from django.http import HttpRequest

STATUS = {
    "forbidden": 403,
    "no_visitor": 403,
    "not_found": 404,
    "conflict": 409,
    "closed": 409,
    "gone": 410,
    "invalid": 422,
    "throttled": 429,
}


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, and not a person's form."""
    return "application/json" in request.headers.get("Accept", "")
