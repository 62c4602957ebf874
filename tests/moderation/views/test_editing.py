"""The form for a small edit: what was sent beside what is read, with and without scripts."""

import pytest
from django.urls import reverse

from moderation import wordings
from moderation.models import Record
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
SENT = "小区水压很底，什么时候恢复？"
BETTER = "小区水压很低，什么时候恢复？"
JSON = {"Accept": "application/json"}


@pytest.fixture
def question(programme):
    question = make.question(programme, text=SENT)
    wordings.add(question=question, text=SENT, by=None)
    return question


@pytest.fixture
def desk(client, programme):
    client.force_login(make.seated(programme, "moderator"))
    return client


def address(programme):
    return reverse("edit", args=[programme.pk])


def send(client, question, *, json=False, **fields):
    sent = {"question": str(question.pk), "seen": "1", "text": BETTER} | fields
    return client.post(address(question.programme), sent, headers=JSON if json else {})


def test_the_form_has_both_texts_and_is_all_that_is_needed(desk, programme, question):
    page = pages.parse(desk.get(address(programme), {"question": str(question.pk)}).content.decode())
    form = next(form for form in page.iter("form") if form.get("action") == address(programme))
    fields = {field.get("name"): field.get("value") for field in form.iter("input") if field.get("name") != "csrfmiddlewaretoken"}
    fields["text"] = form.find(".//textarea").text.strip()
    assert fields == {"question": str(question.pk), "seen": "1", "text": SENT}
    assert desk.post(address(programme), fields | {"text": BETTER})["Location"] == reverse("inbox", args=[programme.pk])
    question.refresh_from_db()
    assert question.text == BETTER


def test_a_script_is_told(desk, question):
    response = send(desk, question, json=True)
    assert (response.status_code, response.json()["detail"]) == (200, f"提问 {question.label} 已改写，公众看得到“由审核员编辑”。")


def test_too_much_is_given_back_to_be_made_smaller(desk, question):
    response = send(desk, question, text="完全不同的另外一个问题啊")
    page = response.content.decode()
    assert (response.status_code, "完全不同的另外一个问题啊" in page, SENT in page, "最多4个" in page) == (422, True, True, True)
    told = send(desk, question, json=True, text="完全不同的另外一个问题啊")
    assert (told.status_code, told.json()["fields"], Record.objects.count()) == (422, {"text": ["改动太多。"]}, 0)


@pytest.mark.parametrize("seen", ["", "x", "-1", "0", "2", "9" * 30, "١"])
def test_a_forged_number_of_the_wording_is_told_to_look_again(desk, question, seen):
    response = send(desk, question, json=True, seen=seen)
    assert (response.status_code, response.json()["code"], Record.objects.count()) == (409, "conflict", 0)


def test_others_see_and_change_nothing(client, programme, question):
    for person in (make.user(), make.seated(programme, "host"), make.seated(make.programme(), "moderator")):
        client.force_login(person)
        responses = [send(client, question), client.get(address(programme), {"question": str(question.pk)})]
        assert ([response.status_code for response in responses], Record.objects.count()) == ([403, 403], 0)
