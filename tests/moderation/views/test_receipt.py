"""The private page of one question: for whoever knows its address, and kept out of every cache and index."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from accounts.callers import Caller
from interview import answers, questions, receipts, schedule
from interview.states import QuestionState
from moderation import appeals, decisions, edits, holds, intake
from moderation.reasons import ENGLISH, WORDS
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
FED = ("@id='receipt-state'", "@id='receipt-words'")


@pytest.fixture
def chen(programme):
    return make.seated(programme, "moderator")


def page_of(client, question, status=200):
    response = client.get(question.get_absolute_url())
    assert response.status_code == status
    return response.content.decode()


def test_it_shows_number_words_and_state(client, question):
    page = page_of(client, question)
    assert (question.label in page, question.text in page, 'data-state="received"' in page) == (True, True, True)


def test_it_shows_nothing_else_of_the_asker(client, programme):
    question = make.question(programme, visitor="secret-visitor", address="203.0.113.9")
    page = page_of(client, question)
    assert [secret for secret in ("secret-visitor", "203.0.113.9", str(question.client_token), str(question.pk)) if secret in page] == []


def test_its_address_stays_out_of_caches_indexes_and_referrers(client, question):
    response = client.get(question.get_absolute_url())
    assert (response["Cache-Control"], response["Referrer-Policy"], response["X-Robots-Tag"]) == (
        "no-store, private", "no-referrer", "noindex, nofollow, noarchive",
    )  # fmt: skip


def test_it_follows_its_own_topic_from_where_it_was_rendered(client, question, chen):
    decisions.approve(question=question, by=chen)
    main = pages.parse(page_of(client, question)).find(".//main")
    assert (main.get("data-topic"), main.get("data-epoch"), int(main.get("data-number"))) == (
        f"receipt:{question.receipt_token}", *receipts.position(question),
    )  # fmt: skip


@pytest.mark.parametrize(
    "token", ["x", "x" * 27, "x" * 200, "..%2f..%2fetc%2fpasswd", "' OR 1=1 --", "\x00" * 27, "🙂" * 27, "A" * 26 + "\n"]
)
@pytest.mark.parametrize("name", ["receipt", "withdraw"])
def test_a_forged_receipt_is_told_in_chinese(client, question, token, name):
    address = reverse(name, args=[token])
    for response in [client.get(address)] + [client.post(address)] * (name == "withdraw"):
        assert (response.status_code, "没有这张回执" in response.content.decode()) == (404, True)
    question.refresh_from_db()
    assert question.state == QuestionState.RECEIVED


def test_the_answer_is_linked(client, programme, question, chen):
    guest = make.guest(programme)
    decisions.approve(question=question, by=chen)
    answers.answer(question=question, guest=guest, text="已经恢复。", by=make.seated(programme, "stenographer"))
    assert f'href="{programme.get_absolute_url()}#entry-2"' in page_of(client, question)


def happen(programme, question, chen):
    decisions.decline(question=question, reason="unclear", words="请写清<b>哪里</b>。", by=chen)
    yield "declined"
    decisions.take_back(question=question, by=chen)
    yield "taken back"
    holds.hold(question=question, by=chen)
    yield "held"
    holds.ask_back(question=question, words="请写明<b>小区</b>。", by=chen)
    yield "asked back"
    holds.resume(question=question, by=chen)
    yield "resumed"
    edits.edit(question=question, text=question.text.replace("恢复", "好"), seen=0, by=chen)
    yield "edited"
    lin = make.seated(programme, "moderator")
    decisions.decline(question=question, reason="off_topic", by=chen)
    yield "declined again"
    appeals.appeal(token=question.receipt_token, words="请再看一次。", caller=Caller(None, "v", "203.0.113.9"))
    yield "appealed"
    decisions.decline(question=question, reason="off_topic", by=lin)
    yield "declined for good"
    decisions.take_back(question=question, by=lin)
    yield "taken back again"
    decisions.approve(question=question, by=lin)
    yield "approved"
    schedule.close(programme=programme, by=make.seated(programme, "host"))
    yield "owed"
    answers.answer_in_writing(question=question, text="已经恢复。", by=make.editor())
    yield "answered"


def test_the_page_before_with_the_frames_after_is_the_page_after(client, programme, question, chen):
    page, seen = pages.parse(page_of(client, question)), 0
    for step in happen(programme, question, chen):
        told = make.events(f"receipt:{question.receipt_token}")
        for event in told[seen:]:
            pages.apply(page, event.html)
        seen = len(told)
        now = pages.shown(pages.parse(page_of(client, question)), *FED)
        assert (step, pages.shown(page, *FED)) == (step, now)


def test_withdrawing_asks_once_more_and_then_does_it(client, question):
    address = reverse("withdraw", args=[question.receipt_token])
    asked = client.get(address)
    question.refresh_from_db()
    assert (asked.status_code, "撤回不能取消" in asked.content.decode(), question.state) == (200, True, QuestionState.RECEIVED)
    done = client.post(address)
    question.refresh_from_db()
    assert (done.status_code, done["Location"], question.state) == (302, question.get_absolute_url(), QuestionState.WITHDRAWN)
    page = page_of(client, question)
    assert (question.text in page, "您已撤回这个提问" in page) == (False, True)


def test_a_browser_may_send_the_form_of_the_page_that_asks(question):
    strict = Client(enforce_csrf_checks=True)
    address = reverse("withdraw", args=[question.receipt_token])
    response = strict.get(address)
    # From a page with "no-referrer" the form would come with the origin "null" and be refused.
    assert response["Referrer-Policy"] == "same-origin"
    token = pages.parse(response.content.decode()).find(".//input[@name='csrfmiddlewaretoken']").get("value")
    assert strict.post(address).status_code == 403
    assert strict.post(address, {"csrfmiddlewaretoken": token}, headers={"Origin": "http://evil.example"}).status_code == 403
    assert strict.post(address, {"csrfmiddlewaretoken": token}, headers={"Origin": "http://testserver"}).status_code == 302


@pytest.mark.parametrize("state", [QuestionState.DECLINED, QuestionState.ANSWERED, QuestionState.WITHDRAWN])
def test_what_is_over_offers_no_withdrawal_and_refuses_it(client, programme, state):
    question = make.question(programme, state=state)
    address = reverse("withdraw", args=[question.receipt_token])
    assert address not in page_of(client, question)
    assert "不能撤回" in client.get(address).content.decode()
    response = client.post(address)
    question.refresh_from_db()
    assert (response.status_code, "这一步没有执行" in response.content.decode(), question.state) == (409, True, state)


def test_withdrawn_twice_is_told_not_done_twice(client, question):
    intake.withdraw(token=question.receipt_token)
    before = len(make.events(f"receipt:{question.receipt_token}"))
    assert client.post(reverse("withdraw", args=[question.receipt_token])).status_code == 409
    assert len(make.events(f"receipt:{question.receipt_token}")) == before


def test_the_page_takes_a_constant_number_of_statements(client, programme, question, chen):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            page_of(client, question)
        return len(captured)

    statements()
    before = statements()
    for _other in range(3):
        decisions.approve(question=make.question(programme), by=chen)
    questions.withdraw(make.question(programme))
    assert statements() == before


def test_read_in_english_it_tells_the_reason_in_english_where_somebody_said_it(client, programme, chen):
    ours, own = make.question(programme), make.question(programme)
    decisions.decline(question=ours, reason="legal", by=chen)
    decisions.decline(question=own, reason="legal", words="请看<b>公告</b>。", by=chen)
    chinese = page_of(client, ours)
    client.cookies["django_language"] = "en"
    pages_read = [page_of(client, ours), client.get(reverse("appeal", args=[ours.receipt_token])).content.decode()]
    english, words = escape(ENGLISH["legal"]), escape(WORDS["legal"])
    assert ([english in page for page in (chinese, *pages_read)], [words in page for page in (chinese, *pages_read)]) == (
        [False, True, True], [True, False, False],
    )  # fmt: skip
    assert "请看&lt;b&gt;公告&lt;/b&gt;。" in page_of(client, own)
