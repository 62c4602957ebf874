"""`GET /healthz`: whether the parts that a visitor needs are all there."""

import asyncio
import logging
from collections.abc import Callable

from asgiref.sync import async_to_sync
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from operations import heartbeat
from realtime.doorbell import doorbell

log = logging.getLogger(__name__)
LAYER_SECONDS = 2.0


def database() -> str:
    """Return "ok" after a statement was answered; raises what the database raises."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def layer() -> str:
    """Return "ok" after a message has gone the way of the hints between processes and come back within LAYER_SECONDS."""
    async_to_sync(_echo)()
    return "ok"


async def _echo() -> None:
    async with asyncio.timeout(LAYER_SECONDS):
        await doorbell.echo()


def worker() -> str:
    """Return "ok", or say that no worker has been seen lately."""
    return "ok" if heartbeat.is_fresh() else "no sign of life: is `manage.py worker` running?"


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 if database, layer and worker are ready, else 503; the reason stays in the log, not on the web."""
    parts = {"database": _say(database), "layer": _say(layer), "worker": _say(worker)}
    ready = all(word == "ok" for word in parts.values())
    if not ready:
        log.warning("not ready: %s", ", ".join(f"{part}: {word}" for part, word in parts.items() if word != "ok"))
    return JsonResponse({"status": "ok" if ready else "unready", **parts}, status=200 if ready else 503)


def _say(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception:
        log.exception("health: %s failed", check.__name__)
        return "failed: see the log"
