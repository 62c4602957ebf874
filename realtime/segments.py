"""The log over HTTP: a tip that tells where a topic stands, and segments of a hundred events that never change."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import URLPattern, path
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe
from msgspec import Raw, Struct

from realtime import log
from realtime.early import early
from realtime.protocol import Dialect, encode_event
from realtime.topics import Access, TopicTable

# A cache may say for a second what a tip says, and for another one while it asks us: so we are asked once a second for
# each topic, whether ten or ten million read along, and what was withdrawn is gone everywhere after two.
TIP_KEPT = "public, max-age=1, stale-while-revalidate=1"
SEGMENT_KEPT = "public, max-age=31536000, immutable"
# One spelling for each segment, and nothing that a database would refuse to compare with.
_EPOCH = re.compile(r"[A-Za-z0-9_-]{1,16}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


class Tip(Struct):
    """Where a topic stands and its events after the last full segment; `every`: seconds until it is worth asking again."""

    topic: str
    epoch: str
    generation: int
    head: int
    segment: int
    every: float
    events: list[Raw]


class Segment(Struct):
    """The events `index` × 100 + 1 to `index` × 100 + 100."""

    topic: str
    epoch: str
    generation: int
    index: int
    events: list[Raw]


class Nothing(Struct):
    """Why there is nothing at this address."""

    code: str
    detail: str


# One answer for unknown and forbidden, so that asking tells nothing about what exists.
NO_TOPIC = Nothing("no_topic", "没有这个主题，或您无权查看。")
NO_SEGMENT = Nothing("no_segment", "没有这一段：它还不满，已被更新，或不再保留。请重新读取tip.json。")


def urls(*, topics: TopicTable, caller: Callable[[HttpRequest], Any]) -> list[URLPattern]:
    """The addresses of the log, to be mounted somewhere.

    `caller(request)` tells who asks. It is called for topics that are not public, anew every time, and has to do
    without sessions and the like: see realtime.early.
    """

    @early
    @require_safe
    def tip(request: HttpRequest, topic: str) -> HttpResponse:
        access = topics.access(topic, partial(caller, request))
        if access is Access.NONE:
            return _answer(NO_TOPIC, status=404)
        return _tip(topic, known=parse_etags(request.headers.get("If-None-Match", "")), public=access is Access.PUBLIC)

    @early
    @require_safe
    def segment(request: HttpRequest, topic: str, epoch: str, generation: str, index: str) -> HttpResponse:
        access = topics.access(topic, partial(caller, request))
        if access is Access.NONE:
            return _answer(NO_TOPIC, status=404)
        return _segment(topic, epoch, generation, index, public=access is Access.PUBLIC)

    @early
    @require_safe
    def nothing(_request: HttpRequest, **_: str) -> HttpResponse:
        return _answer(NO_TOPIC, status=404)

    return [
        path("<topic>/tip.json", tip, name="log_tip"),
        path("<topic>/<epoch>/<generation>/<index>.json", segment, name="log_segment"),
        path("<path:rest>", nothing),
    ]


def _tip(topic: str, *, known: Iterable[str], public: bool) -> HttpResponse:
    if known and _etag(head := log.head(topic)) in [_weak(etag) for etag in known]:
        response: HttpResponse = HttpResponseNotModified()
    else:
        head, records = log.tail(topic)
        body = Tip(topic, head.epoch, head.generation, head.number, log.SEGMENT, settings.POLL_SECONDS, _encoded(records))
        response = _answer(body)
    response["ETag"] = _etag(head)
    return _kept(response, TIP_KEPT if public else "private, no-cache", public=public)


def _segment(topic: str, epoch: str, generation: str, index: str, *, public: bool) -> HttpResponse:
    records = None
    if _EPOCH.fullmatch(epoch) and _NUMBER.fullmatch(generation) and _NUMBER.fullmatch(index):
        records = log.segment(topic=topic, epoch=epoch, generation=int(generation), index=int(index))
    if records is None:
        return _kept(_answer(NO_SEGMENT, status=404), "no-store", public=public)
    response = _answer(Segment(topic, epoch, int(generation), int(index), _encoded(records)))
    return _kept(response, SEGMENT_KEPT if public else "private, no-store", public=public)


def _encoded(records: Iterable[log.Record]) -> list[Raw]:
    return [encode_event(*record, dialect=Dialect.HTML) for record in records]


def _etag(head: log.Head) -> str:
    # Weak: it is the same for the compressed and the plain answer.
    return f'W/"{head.epoch}-{head.generation}-{head.number}-{settings.POLL_SECONDS}"'


def _weak(etag: str) -> str:
    return "W/" + etag.removeprefix("W/")


def _answer(body: Struct, *, status: int = 200) -> HttpResponse:
    content = msgspec.json.encode(body)
    headers = {"Content-Length": str(len(content)), "Cache-Control": "no-store"}
    return HttpResponse(content, status=status, content_type="application/json", headers=headers)


def _kept(response: HttpResponse, cache_control: str, *, public: bool) -> HttpResponse:
    """The response with what it says to caches and, if it is public, to pages of other sites."""
    response["Cache-Control"] = cache_control
    # Also where nothing was compressed: a cache must not take this for the only form there is.
    response["Vary"] = "Accept-Encoding"
    if public:
        response["Access-Control-Allow-Origin"] = "*"
    return response
