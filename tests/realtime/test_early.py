"""A marked view is called before the rest of the middleware, every other request goes its way."""

from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from realtime.early import early, middleware


@early
def same_for_all(_request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(f"early {name}")


@early
def faulty(_request: HttpRequest) -> HttpResponse:
    raise Http404("nothing here")


def page(_request: HttpRequest) -> HttpResponse:
    raise AssertionError("called by the middleware")


urlpatterns = [path("early/<name>", same_for_all), path("faulty", faulty), path("page", page)]


@pytest.fixture
def ask(settings: Any) -> Any:
    settings.ROOT_URLCONF = __name__
    answer = middleware(lambda request: HttpResponse(f"the rest of the way to {request.path}"))
    return lambda address: answer(RequestFactory().get(address)).content.decode()  # type: ignore[attr-defined]


def test_a_marked_view_answers_at_once_with_what_its_address_says(ask: Any) -> None:
    assert ask("/early/one") == "early one"


@pytest.mark.parametrize("address", ["/page", "/nowhere", "/early/", "/" + "x" * 5000, "/%00"])
def test_others_go_on(ask: Any, address: str) -> None:
    assert ask(address).startswith("the rest of the way to /")


def test_what_a_marked_view_raises_is_for_the_handler(ask: Any) -> None:
    with pytest.raises(Http404, match="nothing here"):
        ask("/faulty")
