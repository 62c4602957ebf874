import re

import pytest
from django.core.signing import Signer
from django.http import HttpResponse

from accounts import visitors


def visit(rf, **cookies):
    request = rf.get("/")
    request.COOKIES.update(cookies)
    return request


def test_a_first_visit_gets_a_cookie_and_keeps_its_key(rf):
    request, response = visit(rf), HttpResponse()
    assert visitors.key_of(request) is None
    key = visitors.ensure(request, response)
    cookie = response.cookies["visitor"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", key)
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["path"]) == (True, "Lax", 31_536_000, "/")
    assert (response["Cache-Control"], response["Vary"]) == ("private", "Cookie")
    assert (visitors.key_of(request), visitors.ensure(request, HttpResponse())) == (key, key)
    assert visitors.key_of(visit(rf, visitor=cookie.value)) == key


def test_a_known_visitor_gets_no_new_cookie(rf):
    first = HttpResponse()
    key = visitors.ensure(visit(rf), first)
    again = HttpResponse()
    assert visitors.ensure(visit(rf, visitor=first.cookies["visitor"].value), again) == key
    assert (list(again.cookies), again.has_header("Cache-Control")) == ([], False)


def test_a_cookie_tells_when_it_was_made_and_one_from_before_that_is_as_good(rf, monkeypatch):
    monkeypatch.setattr("accounts.visitors.time.time", lambda: 1_790_000_000.9)
    response = HttpResponse()
    key = visitors.ensure(visit(rf), response)
    assert visitors.read(response.cookies["visitor"].value) == visitors.Visitor(key, 1_790_000_000)
    old, again = signed("A" * 22), HttpResponse()
    assert (visitors.read(old), visitors.read(old).age) == (visitors.Visitor("A" * 22, None), None)
    assert (visitors.ensure(visit(rf, visitor=old), again), list(again.cookies)) == ("A" * 22, [])


def test_two_visitors_are_two(rf):
    assert visitors.ensure(visit(rf), HttpResponse()) != visitors.ensure(visit(rf), HttpResponse())


def test_over_https_the_cookie_is_secure(rf, settings):
    settings.SESSION_COOKIE_SECURE = True
    response = HttpResponse()
    visitors.ensure(visit(rf), response)
    assert response.cookies["visitor"]["secure"] is True


def signed(value, salt="accounts.visitors", key=None):
    return Signer(salt=salt, key=key).sign(value)


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "A" * 22,
        "A" * 22 + ":forged",
        signed("A" * 22)[:-1],
        "B" + signed("A" * 22)[1:],
        signed("A" * 22, salt="another"),
        signed("A" * 22, key="another key"),
        signed("short"),
        signed("A" * 22 + "\n"),
        signed("<b>" + "A" * 19),
        # Another time than that which was signed, none, or what is no time.
        signed("A" * 22 + ":1790000000").replace(":1790", ":1690"),
        signed("A" * 22 + ":1790000000").replace(":1790000000", ""),
        signed("A" * 22).replace(":", ":1690000000:"),
        signed("A" * 22 + ":"),
        signed("A" * 22 + ":-1"),
        signed("A" * 22 + ":" + "9" * 12),
        signed("A" * 22 + ":1790000000\n"),
        "x" * 100_000,
    ],
)
def test_a_forged_cookie_is_no_cookie_and_is_replaced(rf, forged):
    request, response = visit(rf, visitor=forged), HttpResponse()
    assert (visitors.read(forged), visitors.key_of(request)) == (None, None)
    assert visitors.ensure(request, response) not in forged
    assert list(response.cookies) == ["visitor"]
