"""The page to ask on works without JavaScript, and loses nothing."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from interview.models import Question
from interview.states import ProgrammeState
from realtime.models import Event
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
TEXT = "我们小区的水压什么时候恢复？"


@pytest.fixture
def programme():
    return make.programme()


def address(programme):
    return reverse("ask", args=[programme.pk])


def form(**changes):
    return {"nickname": "湖滨老李", "text": TEXT, "token": str(uuid4())} | changes


def sends(client, programme, *, json=False, **changes):
    return client.post(address(programme), form(**changes), headers={"Accept": "application/json"} if json else {})


def fields(response):
    page = pages.parse(response.content.decode())
    found = page.find(".//form[@id='ask-form']")
    assert found is not None
    values = {each.get("name"): each.get("value", "") for each in found.iter("input")}
    values |= {each.get("name"): (each.text or "") for each in found.iter("textarea")}
    return values


def test_the_form_opens_with_a_token_and_a_cookie(client, programme):
    response = client.get(address(programme))
    assert response.status_code == 200
    assert str(UUID(fields(response)["token"])) == fields(response)["token"]
    assert client.cookies["visitor"]["httponly"] is True
    assert {"no-store", "private"} <= set(response["Cache-Control"].replace(",", " ").split())


def test_a_question_by_form_leads_to_its_receipt(client, programme):
    client.get(address(programme))
    response = sends(client, programme)
    question = Question.objects.get()
    assert (response.status_code, response["Location"]) == (302, question.get_absolute_url())
    assert (question.text, question.nickname, question.address, question.origin) == (TEXT, "湖滨老李", "127.0.0.1", "before")


def test_the_first_request_may_be_the_question_itself(client, programme):
    response = sends(client, programme)
    assert response.status_code == 302
    assert client.cookies["visitor"].value
    assert len(Question.objects.get().visitor) == 22


def test_a_forged_cookie_is_no_cookie(client, programme):
    client.cookies["visitor"] = "AAAAAAAAAAAAAAAAAAAAAA:forged"
    sends(client, programme)
    assert Question.objects.get().visitor != "AAAAAAAAAAAAAAAAAAAAAA"
    assert not client.cookies["visitor"].value.endswith("forged")


def test_a_form_sent_twice_is_one_question(client, programme):
    token = str(uuid4())
    first, second = (sends(client, programme, token=token) for _send in range(2))
    assert first["Location"] == second["Location"]
    assert Question.objects.count() == 1


def test_a_script_reads_number_and_address(client, programme):
    response = sends(client, programme, json=True)
    question = Question.objects.get()
    assert (response.status_code, response.json()) == (
        200, {"number": question.label, "url": question.get_absolute_url(), "created": True},
    )  # fmt: skip


def test_the_origin_and_the_state_are_not_fields_of_a_form(client, programme):
    sends(client, programme, origin="live", state="approved", visitor="x", number="99", received_at="2001-01-01")
    question = Question.objects.get()
    assert (question.origin, question.state, question.number) == ("before", "received", 1)
    assert question.received_at.year > 2001


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": ""}, "请写下您的提问。"),
        ({"text": " \u200b\n"}, "请写下您的提问。"),
        ({"text": "水" * 1_001}, "提问有1001字，最多1000字，请删去1字。"),
        ({"text": "水" * 100_000}, "提问有100000字，最多1000字，请删去99000字。"),
        ({"nickname": "主　持　人"}, "昵称里不能用“主持人”"),
        ({"nickname": "李" * 21}, "昵称有21字，最多20字，请删去1字。"),
        ({"token": "nix"}, "提交凭证不对。请刷新页面后重新提交。"),
        ({"token": ""}, "缺少提交凭证。请刷新页面后重新提交。"),
    ],
)
def test_what_is_wrong_is_told_above_what_was_typed(client, programme, changes, sentence):
    response = sends(client, programme, **changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    kept = fields(response)
    typed = form(**changes)
    assert (kept["text"], kept["nickname"]) == (" ".join(typed["text"].split()), typed["nickname"])
    assert (Question.objects.count(), Event.objects.count()) == (0, 0)
    assert sends(client, programme, token=kept["token"]).status_code == 302


def test_markup_that_was_typed_stays_text(client, programme):
    response = sends(client, programme, nickname="主持人", text="</textarea><script>alert(1)</script>")
    assert "<script>alert(1)" not in response.content.decode()
    assert fields(response)["text"] == "</textarea><script>alert(1)</script>"


def test_too_often_is_told_with_the_time_and_nothing_is_lost(client, programme):
    sends(client, programme)
    response = sends(client, programme, text="第二个问题")
    assert (response.status_code, int(response["Retry-After"]) in range(1, 11)) == (429, True)
    assert "提问太频繁了，请在 " in response.content.decode()
    assert fields(response)["text"] == "第二个问题"
    again = sends(client, programme, json=True)
    assert (again.status_code, again.json()["code"], again["Retry-After"].isdigit()) == (429, "throttled", True)


def test_a_token_used_for_other_words_is_answered_with_a_new_one(client, programme, settings):
    settings.ASK_LIMITS_PER_VISITOR = []
    token = str(uuid4())
    sends(client, programme, token=token)
    response = sends(client, programme, token=token, text="改过的问题")
    assert response.status_code == 409
    assert fields(response)["text"] == "改过的问题"
    assert fields(response)["token"] != token
    assert sends(client, programme, token=fields(response)["token"], text="改过的问题").status_code == 302


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (ProgrammeState.POSTPONED, "访谈已延期，暂时不接受提问；重新预告后即可提问。"),
        (ProgrammeState.CANCELLED, "访谈已取消，不再接受提问。"),
        (ProgrammeState.ENDED, "访谈已经结束，不再接受提问。"),
        (ProgrammeState.ARCHIVED, "访谈已经结束"),
    ],
)
def test_a_programme_that_takes_no_questions_says_so_and_gives_the_words_back(client, state, sentence):
    programme = make.programme(state=state)
    for response, status in ((client.get(address(programme)), 200), (sends(client, programme), 409)):
        assert (response.status_code, sentence in response.content.decode()) == (status, True)
    assert TEXT in sends(client, programme).content.decode()
    assert Question.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_draft_and_what_does_not_exist_look_the_same(client, method):
    draft = make.programme(state=ProgrammeState.DRAFT)
    addresses = [address(draft), reverse("ask", args=[uuid4()])]
    for where in addresses:
        response = getattr(client, method)(where, form())
        assert (response.status_code, "没有这个页面" in response.content.decode()) == (404, True)
    assert Question.objects.count() == 0


def test_without_the_csrf_token_nothing_is_stored(programme):
    strict = Client(enforce_csrf_checks=True)
    strict.get(address(programme))
    for token in ("", "x" * 32, "y" * 64):
        response = strict.post(address(programme), form(csrfmiddlewaretoken=token))
        assert (response.status_code, "这次提交没有收下" in response.content.decode()) == (403, True)
    assert Question.objects.count() == 0


def test_the_form_of_the_page_passes_the_csrf_check(programme):
    strict = Client(enforce_csrf_checks=True)
    values = fields(strict.get(address(programme)))
    assert strict.post(address(programme), values | {"text": TEXT}).status_code == 302


def test_more_than_the_server_reads_is_told_in_chinese(client, programme):
    client.raise_request_exception = False
    response = client.post(address(programme), form(text="水" * 1_000_000))
    assert (response.status_code, "太大" in response.content.decode()) == (400, True)
    assert Question.objects.count() == 0


def test_other_methods_are_refused(client, programme):
    assert client.put(address(programme)).status_code == 405


@pytest.mark.parametrize("state", [ProgrammeState.ANNOUNCED, ProgrammeState.LIVE])
def test_the_programmes_own_page_carries_the_same_form(client, state):
    programme = make.programme(state=state)
    values = fields(client.get(programme.get_absolute_url()))
    assert set(values) == {"csrfmiddlewaretoken", "token", "solution", "nickname", "text"}
    assert str(UUID(values["token"])) == values["token"]


def test_the_page_carries_no_inline_script_or_style(client, programme):
    page = pages.parse(client.get(address(programme)).content.decode())
    assert [each for each in page.iter("script") if not each.get("src")] + list(page.iter("style")) == []
    assert [name for each in page.iter() for name in each.attrib if name == "style" or name.startswith("on")] == []
