"""The pages of blocks: laid from a question, listed, lifted, appealed against; and what the blocked asker reads."""

from uuid import uuid4

import pytest
from django.urls import reverse

from moderation import blocks
from moderation.models import Block
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def question(programme):
    return make.question(programme, address="192.0.2.7")


@pytest.fixture
def desk(client, programme):
    client.force_login(make.seated(programme, "moderator", user=make.user(name="陈审核")))
    return client


def address(name, programme):
    return reverse(name, args=[programme.pk])


def fields(question, **changes):
    return {"question": str(question.pk), "scope": "visitor", "days": "7", "reason": "反复<b>刷</b>广告"} | changes


def lay(question, by=None, **changes):
    words = {"scope": "visitor", "everywhere": False, "days": 7, "reason": "反复刷广告"}
    return blocks.block(question=question, by=by or make.editor(), **(words | changes))


def names(page):
    form = next(form for form in pages.parse(page).iter("form") if form.get("action", "").endswith("/inbox/block/"))
    return sorted({field.get("name") for kind in ("input", "select", "textarea") for field in form.iter(kind)} - {"csrfmiddlewaretoken"})


def test_the_form_shows_the_question_and_no_address(desk, programme, question):
    page = desk.get(address("block", programme), {"question": str(question.pk)}).content.decode()
    assert (question.text in page, "192.0.2" in page, names(page)) == (True, False, ["days", "question", "reason", "scope"])


def test_an_editor_may_choose_all_programmes(client, programme, question):
    client.force_login(make.editor())
    assert "everywhere" in names(client.get(address("block", programme), {"question": str(question.pk)}).content.decode())
    client.post(address("block", programme), fields(question, everywhere="on", days="0"))
    assert (Block.objects.get().programme, Block.objects.get().until) == (None, None)


@pytest.mark.parametrize("json", [False, True])
def test_by_form_and_by_script_it_is_done_and_told(desk, programme, question, json):
    answer = desk.post(address("block", programme), fields(question, scope="network"), headers=JSON if json else {})
    assert (answer.status_code, Block.objects.get().network) == (200 if json else 302, "192.0.2.0/24")
    page = desk.get(address("blocks", programme)).content.decode()
    assert ("192.0.2.0/24" in page, "反复&lt;b&gt;刷&lt;/b&gt;广告" in page) == (True, True)


@pytest.mark.parametrize("days", ["", "-1", "5", "x", "٧", "9" * 5_000])
def test_what_is_wrong_is_given_back(desk, programme, question, days):
    answer = desk.post(address("block", programme), fields(question, days=days, reason="广告" * 200))
    assert (answer.status_code, "广告" * 200 in answer.content.decode(), Block.objects.count()) == (422, True, 0)
    told = desk.post(address("block", programme), fields(question, days=days), headers=JSON)
    assert (told.status_code, list(told.json()["fields"])) == (422, ["days"])


def test_lifted_or_kept_by_button(desk, programme, question):
    row = lay(question)
    blocks.appeal(token=row.appeal_token, words="我<i>没有</i>。")
    page = desk.get(address("blocks", programme)).content.decode()
    assert "我&lt;i&gt;没有&lt;/i&gt;。" in page
    for act in ("keep", "lift"):
        answer = desk.post(address("lift_block", programme), {"block": str(row.pk), "act": act}, headers=JSON)
        assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.lifted_at is None, row.appeal_settled_at is None) == (False, False)
    again = desk.post(address("lift_block", programme), {"block": str(row.pk), "act": "lift"}, headers=JSON)
    assert again.status_code == 409


def test_a_moderator_sees_but_does_not_lift_what_holds_everywhere(desk, programme, question):
    row = lay(question, everywhere=True)
    page = desk.get(address("blocks", programme)).content.decode()
    assert ("反复刷广告" in page, str(row.pk) in page) == (True, False)
    assert desk.post(address("lift_block", programme), {"block": str(row.pk), "act": "lift"}, headers=JSON).status_code == 403


def test_a_block_of_another_programme_is_not_there(desk, programme):
    row = lay(make.question(make.programme()))
    for key in (str(row.pk), "x", "", str(uuid4())):
        assert desk.post(address("lift_block", programme), {"block": key, "act": "lift"}, headers=JSON).status_code == 404


@pytest.mark.parametrize("name", ["block", "blocks"])
def test_others_see_nothing(client, programme, question, name):
    for person in (make.user(), make.seated(programme, "host"), make.seated(make.programme(), "moderator")):
        client.force_login(person)
        assert client.get(address(name, programme), {"question": str(question.pk)}).status_code == 403
        assert client.post(address("block", programme), fields(question)).status_code == 403
        assert client.post(address("lift_block", programme), {"block": str(uuid4())}).status_code == 403
    assert Block.objects.count() == 0


def test_the_blocked_asker_reads_why_and_goes_to_the_appeal(client, programme):
    words = {"nickname": "", "text": "水压何时恢复？"}
    client.post(address("ask", programme), words | {"token": str(uuid4())})
    row = lay(programme.questions.get())
    refused = client.post(address("ask", programme), words | {"token": str(uuid4())})
    appeal = reverse("block_appeal", args=[row.appeal_token])
    links = [link.get("href") for link in pages.parse(refused.content.decode()).iter("a")]
    assert (refused.status_code, appeal in links, words["text"] in refused.content.decode()) == (403, True, True)
    assert client.post(address("ask", programme), words | {"token": str(uuid4())}, headers=JSON).json()["fields"] == {"appeal": [appeal]}
    page = client.get(appeal).content.decode()
    assert ("反复刷广告" in page, [form.get("action") for form in pages.parse(page).iter("form")].count(appeal)) == (True, 1)
    assert client.post(appeal, {"words": "我没有刷广告。"}).status_code == 302
    after = client.get(appeal).content.decode()
    assert ("申诉已收到" in after, [form.get("action") for form in pages.parse(after).iter("form")].count(appeal)) == (True, 0)
    assert client.post(appeal, {"words": "另外的话。"}).status_code == 409
    blocks.settle(block=row, lift=True, by=make.editor())
    assert "可以提问了" in client.get(appeal).content.decode()


def test_an_appeal_without_words_is_given_back(client, question):
    appeal = reverse("block_appeal", args=[lay(question).appeal_token])
    answer = client.post(appeal, {"words": "字" * 301})
    assert (answer.status_code, "字" * 301 in answer.content.decode(), Block.objects.get().appealed_at) == (422, True, None)


@pytest.mark.parametrize("token", ["x", "x" * 27, "x" * 3_000, "%00" * 9])
def test_an_address_nobody_was_told_is_404(client, token):
    assert client.get(f"/blocks/{token}/").status_code == 404


def test_the_address_of_an_appeal_is_kept_by_nobody(client, question):
    answer = client.get(reverse("block_appeal", args=[lay(question).appeal_token]))
    assert (answer["Cache-Control"], answer["X-Robots-Tag"], answer["Referrer-Policy"]) == (
        "no-store, private", "noindex, nofollow, noarchive", "same-origin",
    )  # fmt: skip
