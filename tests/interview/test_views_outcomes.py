import json

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse

from interview.views.outcomes import done, wants_json


def posted(rf, data=None, **headers):
    request = rf.post("/staff/", data or {}, headers=headers)
    for middleware in (SessionMiddleware, MessageMiddleware):
        middleware(lambda _request: HttpResponse()).process_request(request)
    return request


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({}, False), ({"accept": "text/html,*/*"}, False), ({"accept": "application/json"}, True), ({"hx-request": "true"}, True)],
)
def test_a_script_says_what_it_reads(rf, headers, expected):
    assert wants_json(posted(rf, **headers)) is expected


def test_a_script_gets_the_sentence_the_fragments_and_the_facts(rf):
    response = done(posted(rf, accept="application/json"), "已保存。", to="/staff/", html="<p id=a></p>", number=1)
    assert json.loads(response.content) == {"detail": "已保存。", "html": "<p id=a></p>", "number": 1}


def test_a_plain_form_goes_on_and_reads_the_sentence_there(rf):
    request = posted(rf)
    response = done(request, "已保存。", to="/staff/desk/")
    assert (response.status_code, response["Location"]) == (302, "/staff/desk/")
    assert [str(message) for message in get_messages(request)] == ["已保存。"]


@pytest.mark.parametrize(
    ("wished", "place"),
    [
        ("/staff/interviews/1/desk/", "/staff/interviews/1/desk/"),
        ("https://elsewhere.example/", "/staff/"),
        ("//elsewhere.example/", "/staff/"),
        ("javascript:alert(1)", "/staff/"),
        ("", "/staff/"),
    ],
)
def test_a_form_may_name_where_it_goes_on_but_only_on_this_site(rf, wished, place):
    assert done(posted(rf, {"next": wished}), "已保存。", to="/staff/")["Location"] == place
