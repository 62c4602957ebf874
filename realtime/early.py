"""Middleware: answers that are the same for everybody leave before anybody is asked who they are."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
GetResponse = Callable[[HttpRequest], HttpResponseBase]

_MARK = "answers_early"


def early(view: View) -> View:
    """Mark a view: what stands below this middleware in MIDDLEWARE neither sees its requests nor adds to its answers.

    A session, a language or a form's token would set cookies and name headers to vary by, and a cache in front would
    keep one answer for each reader. What the view needs of the caller it reads from the request by itself.
    """
    setattr(view, _MARK, True)
    return view


def middleware(get_response: GetResponse) -> GetResponse:
    """Call marked views at once; pass on every other request."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        if not getattr(match.func, _MARK, False):
            return get_response(request)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response

    return answer
