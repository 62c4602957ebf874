"""The moderators' page: its people, its buttons with and without scripts, and its size."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import decisions, leases
from moderation.models import Lease, Record
from realtime.models import Event
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
VERBS = ["take", "release", "approve", "decline", "take_back"]
JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(client, chen):
    client.force_login(chen)
    return client


def address(name, programme):
    return reverse(name, args=[programme.pk])


def press(client, verb, question, *, json=False, **fields):
    where = address(verb, question.programme)
    return client.post(where, {"question": str(question.pk)} | fields, headers=JSON if json else {})


def whole():
    return (
        sorted(Question.objects.values_list("pk", "state")),
        Record.objects.count(),
        sorted(Lease.objects.values_list("question", "moderator")),
        Event.objects.count(),
    )


# ── Who may come in ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stranger_is_sent_to_sign_in_and_back(client, programme):
    response = client.get(address("inbox", programme))
    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next={address('inbox', programme)}")


@pytest.mark.parametrize("role", ["host", "stenographer", "guest", "moderator of another", None])
@pytest.mark.parametrize("name", ["inbox", *VERBS])
def test_others_see_and_do_nothing(client, programme, role, name):
    question = make.question(programme)
    if role == "moderator of another":
        person = make.seated(make.programme(), "moderator")
    else:
        guest = make.guest(programme) if role == "guest" else None
        person = make.seated(programme, role, guest=guest) if role else make.user()
    client.force_login(person)
    before = whole()
    response = client.get(address(name, programme)) if name == "inbox" else press(client, name, question, reason="legal")
    assert (response.status_code, question.text in response.content.decode(), whole()) == (403, False, before)


@pytest.mark.parametrize("verb", VERBS)
def test_a_script_whose_session_is_over_is_told(client, programme, verb):
    question, before = make.question(programme), whole()
    response = press(client, verb, question, json=True)
    assert (response.status_code, response.json()["code"], whole()) == (401, "signed_out", before)


def test_an_editor_may_do_everything(client, programme):
    question = make.question(programme)
    client.force_login(make.editor())
    assert client.get(address("inbox", programme)).status_code == 200
    assert [press(client, verb, question, json=True, reason="legal").status_code for verb in VERBS] == [200, 200, 200, 409, 200]


@pytest.mark.parametrize("verb", VERBS)
def test_without_the_csrf_token_nothing_happens(programme, chen, verb):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(chen)
    question, before = make.question(programme), whole()
    assert press(strict, verb, question, reason="legal").status_code == 403
    assert whole() == before


def test_the_pages_own_form_passes_the_csrf_check_by_form_and_by_header(programme, chen):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(chen)
    first, second = make.question(programme), make.question(programme)
    page = pages.parse(strict.get(address("inbox", programme)).content.decode())
    token = page.find(".//form[@id='acts']/input").get("value")
    assert press(strict, "approve", first, csrfmiddlewaretoken=token).status_code == 302
    where = address("approve", programme)
    assert strict.post(where, {"question": str(second.pk)}, headers=JSON | {"X-CSRFToken": token}).status_code == 200


# ── What it shows ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_waits_is_shown_in_full_the_oldest_first_with_its_length(desk, programme):
    long = "水" * 1_000
    for text in ("第一个", long, "𠮷"):
        make.question(programme, text=text)
    page = desk.get(address("inbox", programme)).content.decode()
    assert (long in page, "· 1000字" in page, "· 1字" in page) == (True, True, True)
    assert page.index("第一个") < page.index(long) < page.index("𠮷")


def test_who_holds_what_is_told(desk, programme, lin):
    question = make.question(programme)
    leases.take(question=question, by=lin)
    assert "林审核正在审核，到" in desk.get(address("inbox", programme)).content.decode()


def test_nothing_of_the_asker_is_shown_but_the_nickname(desk, programme, chen):
    secrets = {"visitor": "secret-visitor", "address": "203.0.113.9"}
    asked = [make.question(programme, **secrets) for _question in range(2)]
    decisions.approve(question=asked[0], by=chen)
    page = desk.get(address("inbox", programme)).content.decode()
    private = ["secret-visitor", "203.0.113.9", *(str(row.client_token) for row in asked), *(row.receipt_token for row in asked)]
    assert [secret for secret in private if secret in page] == []


def test_an_empty_inbox_says_what_will_appear(desk, programme):
    page = desk.get(address("inbox", programme)).content.decode()
    assert ("新的提问会出现在这里" in page, "审核过的提问会出现在这里" in page) == (True, True)


def test_whatever_was_asked_stays_text(desk, programme, chen):
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    make.question(programme, text=hostile, nickname=hostile[:20])
    decisions.decline(question=make.question(programme, text=hostile, nickname=hostile[:20]), reason="legal", words=hostile, by=chen)
    page = pages.parse(desk.get(address("inbox", programme)).content.decode())
    assert [each for each in page.iter("script") if not each.get("src")] + list(page.iter("style")) == []
    assert [name for each in page.iter() for name in each.attrib if name == "style" or name.startswith("on")] == []


def test_the_page_takes_the_same_statements_however_much_waits(desk, programme, chen, lin):
    def fill():
        leases.take(question=make.question(programme), by=lin)
        make.question(programme)
        decisions.approve(question=make.question(programme), by=chen)
        decisions.decline(question=make.question(programme), reason="legal", by=lin)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address("inbox", programme)).status_code == 200
        return len(captured)

    fill()
    statements()
    one = statements()
    fill()
    fill()
    assert statements() == one


def test_five_hundred_waiting_are_shown_in_pages(desk, programme):
    usual = {"programme": programme, "origin": "live", "text": "水" * 200, "visitor": "v"}
    Question.objects.bulk_create(
        Question(number=number, label=programme.label(number), client_token=uuid4(), **usual) for number in range(1, 501)
    )
    first = desk.get(address("inbox", programme))
    assert [row.number for row in first.context["waiting"]] == list(range(1, 51))
    assert ("after=000050" in first.content.decode(), len(first.content) < 300_000) == (True, True)
    last = desk.get(address("inbox", programme), {"after": "450"})
    assert ([row.number for row in last.context["waiting"]], last.context["more"]) == (list(range(451, 501)), False)
    assert 'data-waiting="500"' in first.content.decode()


@pytest.mark.parametrize("after", ["nix", "-1", "²", "9" * 30, "", "1.5"])
def test_a_strange_place_to_begin_is_the_beginning(desk, programme, after):
    question = make.question(programme)
    assert desk.get(address("inbox", programme), {"after": after}).context["waiting"] == [question]


def test_a_draft_has_an_inbox_for_its_own_people_only(client):
    draft = make.programme(state=ProgrammeState.DRAFT)
    client.force_login(make.user())
    assert client.get(address("inbox", draft)).status_code == 404
    client.force_login(make.seated(draft, "moderator"))
    assert client.get(address("inbox", draft)).status_code == 200


# ── What its buttons do ──────────────────────────────────────────────────────────────────────────────────────────────


def test_without_scripts_each_button_acts_and_leads_back(desk, programme):
    question = make.question(programme)
    sentences = {
        "take": f"您正在审核提问 {question.label}。",
        "release": f"提问 {question.label} 已放回。",
        "approve": f"提问 {question.label} 已通过。",
        "take_back": f"提问 {question.label} 的审核已收回，重新等待审核。",
        "decline": f"提问 {question.label} 未采用，已告知提问人。",
    }
    for verb, sentence in sentences.items():
        response = press(desk, verb, question, reason="unclear")
        assert (verb, response.status_code, response["Location"]) == (verb, 302, address("inbox", programme))
        assert sentence in desk.get(address("inbox", programme)).content.decode()
    question.refresh_from_db()
    assert (question.state, question.reason) == (QuestionState.DECLINED, "unclear")


def test_a_script_is_told_the_sentence(desk, programme):
    question = make.question(programme)
    response = press(desk, "approve", question, json=True)
    assert (response.status_code, response.json()["detail"], response.json()["question"]) == (
        200, f"提问 {question.label} 已通过。", question.label,
    )  # fmt: skip


def test_the_second_moderator_is_told_who_was_first_by_form_and_by_script(desk, programme, lin):
    question = make.question(programme)
    decisions.approve(question=question, by=lin)
    before = whole()
    told = press(desk, "decline", question, json=True, reason="legal")
    assert (told.status_code, told.json()["code"]) == (409, "conflict")
    assert told.json()["detail"].startswith(f"提问 {question.label} 已由林审核在 ")
    press(desk, "approve", question)
    assert "已由林审核在 " in desk.get(address("inbox", programme)).content.decode()
    assert whole() == before


def test_what_another_holds_is_refused_with_the_name(desk, programme, lin):
    question = make.question(programme)
    leases.take(question=question, by=lin)
    before = whole()
    for verb in ("take", "approve", "decline"):
        told = press(desk, verb, question, json=True, reason="legal")
        assert (told.status_code, told.json()["detail"].startswith("林审核正在审核提问")) == (409, True)
    assert whole() == before


@pytest.mark.parametrize("key", ["", "x", "01900000-0000-7000-8000-000000000000", "of another programme"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_question_that_is_not_here_is_not_found(desk, programme, verb, key):
    other = make.question(make.programme())
    before = whole()
    sent = {"question": str(other.pk) if " " in key else key, "reason": "legal"}
    response = desk.post(address(verb, programme), sent, headers=JSON)
    assert (response.status_code, response.json()["code"], whole()) == (404, "not_found", before)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "decline"])
def test_nothing_is_done_by_looking(desk, programme, verb):
    assert desk.get(address(verb, programme)).status_code == 405


def test_without_scripts_the_reason_is_chosen_on_a_page_of_its_own(desk, programme):
    question = make.question(programme)
    response = desk.get(address("decline", programme), {"question": str(question.pk)})
    page = pages.parse(response.content.decode())
    assert [button.get("value") for button in page.iter("button") if button.get("name") == "reason"] == Question.Reason.values
    assert (question.text in response.content.decode(), question.state) == (True, QuestionState.RECEIVED)


def test_words_that_are_too_long_are_given_back(desk, programme):
    question, before = make.question(programme), whole()
    words = "请" * 301
    response = press(desk, "decline", question, reason="unclear", words=words)
    assert (response.status_code, words in response.content.decode()) == (422, True)
    assert "给提问人的话有301字，最多300字，请删去1字。" in response.content.decode()
    told = press(desk, "decline", question, json=True, reason="unclear", words=words)
    assert (told.status_code, told.json()["fields"]) == (422, {"words": ["太长。"]})
    assert whole() == before


def test_the_page_is_kept_nowhere(desk, programme):
    assert "no-store" in desk.get(address("inbox", programme))["Cache-Control"]


def test_three_thousand_waiting_are_a_page_of_less_than_300_kilobytes(desk, programme):
    usual = {"programme": programme, "origin": "live", "text": "水" * 200, "nickname": "湖" * 20, "visitor": "v"}
    Question.objects.bulk_create(
        Question(number=number, label=programme.label(number), client_token=uuid4(), **usual) for number in range(1, 3_001)
    )
    for order in ("waiting", "newest", "supports", "noticed"):
        response = desk.get(address("inbox", programme), {"order": order})
        assert (order, len(response.context["waiting"]), len(response.content) < 300_000) == (order, 50, True)


def test_the_order_somebody_chose_is_kept_for_this_browser(desk, programme):
    make.question(programme)
    last = make.question(programme)
    assert desk.get(address("inbox", programme), {"order": "newest"}).context["waiting"][0] == last
    assert desk.get(address("inbox", programme)).context["waiting"][0] == last
    desk.get(address("inbox", programme), {"order": "waiting"})
    assert desk.get(address("inbox", programme)).context["waiting"][-1] == last


def test_the_numbers_are_fragments_for_places_that_the_page_has(desk, programme):
    make.question(programme)
    page = pages.parse(desk.get(address("inbox", programme)).content.decode())
    fragments = [each.get("id") for each in pages.parse(desk.get(address("inbox_numbers", programme)).content.decode())]
    assert [name for name in fragments if page.find(f".//*[@id='{name}']") is None] == []
    assert {"inbox-load", "inbox-oldest", "inbox-team", "count-open"} <= set(fragments)
