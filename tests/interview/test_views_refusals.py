import json

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse

from interview.views.refusals import STATUS, answers_refusals, as_json, origin
from realtime.commands import Refused


def posted(rf, **headers):
    request = rf.post("/staff/", headers=headers)
    for middleware in (SessionMiddleware, MessageMiddleware):
        middleware(lambda _request: HttpResponse()).process_request(request)
    return request


@answers_refusals
def refusing(request, *, code="conflict"):
    raise Refused(code, "刚刚被别人处理。", {"text": ["太长。"]})


@pytest.mark.parametrize(("code", "status"), [*STATUS.items(), ("something_new", 400)])
def test_every_refusal_has_its_status(code, status):
    response = as_json(Refused(code, "没有执行。"))
    assert (response.status_code, json.loads(response.content)) == (status, {"code": code, "detail": "没有执行。", "fields": {}})


def test_a_script_gets_code_sentence_and_fields(rf):
    response = refusing(posted(rf, accept="application/json"))
    assert response.status_code == 409
    assert json.loads(response.content) == {"code": "conflict", "detail": "刚刚被别人处理。", "fields": {"text": ["太长。"]}}


def test_a_plain_form_goes_back_where_it_came_from_and_reads_why(rf):
    request = posted(rf, referer="http://testserver/staff/interviews/1/desk/?a=b")
    response = refusing(request)
    assert (response.status_code, response["Location"]) == (302, "/staff/interviews/1/desk/?a=b")
    assert [(message.level_tag, str(message)) for message in get_messages(request)] == [("error", "刚刚被别人处理。")]


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/x", "javascript:alert(1)", "http://testserver.elsewhere.example/"])
def test_who_comes_from_nowhere_goes_to_the_first_page(rf, referer):
    assert origin(posted(rf, referer=referer)) == "/staff/"


def test_a_path_with_two_slashes_names_no_other_host(rf):
    assert origin(posted(rf, referer="http://testserver//elsewhere.example/x")) == "/elsewhere.example/x"


def test_what_is_done_passes_through(rf):
    assert answers_refusals(lambda request: HttpResponse("done"))(posted(rf)).content == b"done"
