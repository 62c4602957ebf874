"""What is answered when something went wrong: 503 and when to come back while the database is away, 500 for a fault of ours."""

import sys

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

from interview.views.outcomes import wants_json

# Not reached or broken off; no connection left; standing by for another that may write. What a statement itself did wrong has other names.
AWAY = (OperationalError, InterfaceError, InternalError)
RETRY_AFTER = 10  # seconds


@requires_csrf_token
def answer(request: HttpRequest) -> HttpResponse:
    """The answer to a request that raised: Django's handler500. Nothing of the request was stored, unless it was acknowledged before.

    Called while the exception is handled. Uses no database.
    """
    if not isinstance(sys.exception(), AWAY):
        return server_error(request)
    response: HttpResponse
    if wants_json(request):
        detail = "系统正在恢复，这一步还没有完成。请等十秒再提交一次，您的内容仍在页面上。"
        response = JsonResponse({"code": "unavailable", "detail": detail, "fields": {}}, status=503)
    else:
        response = HttpResponse(get_template("503.html").render(), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    patch_cache_control(response, no_store=True)
    return response
