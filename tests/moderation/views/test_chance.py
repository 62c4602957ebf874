"""Rewriting and appealing from a receipt: plain forms that work without scripts."""

import pytest
from django.test import Client
from django.urls import reverse

from interview.states import ProgrammeState, QuestionState
from moderation import blocks, decisions, holds, throttle, wordings
from moderation.models import Appeal
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
SENT = "水压什么时候恢复？"
ANEW = "湖滨路12栋顶楼的水压什么时候恢复？"
FORMS = {"rewrite": ("text", ANEW), "appeal": ("words", "我问的就是供水。")}


@pytest.fixture
def question(programme, chen):
    question = make.question(programme, text=SENT)
    wordings.add(question=question, text=SENT, by=None)
    return decisions.decline(question=question, reason="unclear", words="请写清<b>哪里</b>。", by=chen)


def address(name, question):
    return reverse(name, args=[question.receipt_token])


def send(client, name, question, words=None):
    field, usual = FORMS[name]
    return client.post(address(name, question), {field: usual if words is None else words})


@pytest.mark.parametrize("name", FORMS)
def test_the_receipt_leads_to_the_form_and_the_form_back(client, question, name):
    receipt = pages.parse(client.get(question.get_absolute_url()).content.decode())
    link = receipt.find(f".//a[@href='{address(name, question)}']")
    page = client.get(link.get("href"))
    form = pages.parse(page.content.decode()).find(f".//form[@action='{address(name, question)}']")
    assert (page.status_code, form.find(".//textarea").get("name")) == (200, FORMS[name][0])
    assert "请写清&lt;b&gt;哪里&lt;/b&gt;。" in page.content.decode()
    done = send(client, name, question)
    question.refresh_from_db()
    assert (done.status_code, done["Location"], question.state) == (302, question.get_absolute_url(), QuestionState.RECEIVED)
    assert "由另一位审核员决定" in client.get(question.get_absolute_url()).content.decode()


def test_what_was_asked_back_is_answered_on_the_same_form(client, programme, chen):
    question = make.question(programme, text=SENT)
    holds.ask_back(question=question, words="请写明<i>小区</i>。", by=chen)
    page = client.get(address("rewrite", question)).content.decode()
    assert ("请写明&lt;i&gt;小区&lt;/i&gt;。" in page, pages.parse(page).find(".//textarea").text.strip()) == (True, SENT)
    send(client, "rewrite", question)
    question.refresh_from_db()
    assert (question.text, Appeal.objects.count()) == (ANEW, 0)


@pytest.mark.parametrize(("name", "words"), [("rewrite", "字" * 1001), ("appeal", "字" * 301), ("rewrite", SENT), ("appeal", " ")])
def test_what_was_typed_is_given_back(client, question, name, words):
    response = send(client, name, question, words)
    question.refresh_from_db()
    typed = pages.parse(response.content.decode()).find(".//textarea").text or ""
    assert (response.status_code, typed.strip(), question.state) == (422, words.strip(), QuestionState.DECLINED)


@pytest.mark.parametrize("name", FORMS)
def test_too_often_says_when_and_gives_the_words_back(client, question, settings, name):
    settings.ASK_LIMITS_PER_VISITOR = ["1/minute"]
    throttle.take(throttle.Asker(question.visitor, None))
    response = send(client, name, question)
    assert (response.status_code, 0 < int(response["Retry-After"]) <= 60, FORMS[name][1] in response.content.decode()) == (429, True, True)


@pytest.mark.parametrize("name", FORMS)
def test_sent_twice_it_is_the_same_one_and_other_words_are_told_on_the_receipt(client, question, name):
    first, second = send(client, name, question), send(client, name, question)
    assert (first["Location"], second["Location"], Appeal.objects.count()) == (question.get_absolute_url(), question.get_absolute_url(), 1)
    throttle.forget()
    third = send(client, name, question, "另外的话，另外的话。")
    assert (third.status_code, "已经改写或申诉过一次" in third.content.decode()) == (409, True)


@pytest.mark.parametrize("name", FORMS)
def test_after_the_archive_it_is_told_on_the_receipt(client, question, name):
    make.move(question.programme, ProgrammeState.ARCHIVED)
    page = client.get(address(name, question)).content.decode()
    response = send(client, name, question)
    assert ("这条提问现在不能改写或申诉。" in page, "<textarea" in page) == (True, False)
    assert (response.status_code, "访谈已归档，不再受理改写和申诉。" in response.content.decode()) == (409, True)
    assert address(name, question) not in client.get(question.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("token", ["x", "x" * 27, "\x00" * 27, "🙂" * 27])
def test_a_forged_address_is_told_in_chinese(client, name, token):
    for response in (client.get(reverse(name, args=[token])), client.post(reverse(name, args=[token]), {FORMS[name][0]: "字"})):
        assert (response.status_code, "没有这张回执" in response.content.decode()) == (404, True)


@pytest.mark.parametrize("name", FORMS)
def test_its_address_stays_out_of_caches_and_a_browser_may_send_the_form(question, name):
    strict = Client(enforce_csrf_checks=True)
    response = strict.get(address(name, question))
    assert (response["Cache-Control"], response["Referrer-Policy"], response["X-Robots-Tag"]) == (
        "no-store, private", "same-origin", "noindex, nofollow, noarchive",
    )  # fmt: skip
    token = pages.parse(response.content.decode()).find(".//input[@name='csrfmiddlewaretoken']").get("value")
    field, words = FORMS[name]
    assert strict.post(address(name, question), {field: words}).status_code == 403
    assert strict.post(address(name, question), {field: words, "csrfmiddlewaretoken": token}).status_code == 302


def test_personal_data_of_the_asker_is_not_on_the_form(client, programme, chen):
    question = make.question(programme, text="手机[手机号]，水压何时恢复？")
    wordings.add(question=question, text="手机13812345678，水压何时恢复？", by=None)
    decisions.decline(question=question, reason="personal", by=chen)
    assert "13812345678" not in client.get(address("rewrite", question)).content.decode()


def test_whoever_is_blocked_keeps_what_was_typed_and_is_led_to_the_appeal_of_the_block(client, question, chen):
    block = blocks.block(question=question, scope="visitor", everywhere=False, days=7, reason="一再发布广告", by=chen)
    response = send(client, "rewrite", question)
    page = response.content.decode()
    assert (response.status_code, ANEW in page, f'href="/blocks/{block.appeal_token}/"' in page) == (403, True, True)
