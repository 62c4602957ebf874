"""Hold, escalate, ask back, note: by form with and without scripts."""

import pytest
from django.urls import reverse

from interview.models import Question
from interview.states import QuestionState
from moderation import holds
from moderation.models import Hold, Note, Record
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
FORMS = ["hold", "escalate", "ask_back", "note"]
JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(client, programme):
    client.force_login(make.seated(programme, "moderator", user=make.user(name="陈审核")))
    return client


def address(name, programme):
    return reverse(name, args=[programme.pk])


def press(client, name, question, *, json=False, **fields):
    return client.post(address(name, question.programme), {"question": str(question.pk)} | fields, headers=JSON if json else {})


def whole():
    return list(Hold.objects.values_list("kind", "words")), list(Note.objects.values_list("text")), Record.objects.count()


@pytest.mark.parametrize("name", FORMS)
def test_without_scripts_the_words_are_typed_on_a_page_of_its_own(desk, programme, question, name):
    page = desk.get(address(name, programme), {"question": str(question.pk)}).content.decode()
    form = next(form for form in pages.parse(page).iter("form") if form.get("action") == address(name, programme))
    fields = {field.get("name") for kind in ("input", "textarea") for field in form.iter(kind)}
    assert (question.text in page, fields) == (True, {"csrfmiddlewaretoken", "question", "words"})


@pytest.mark.parametrize("name", FORMS)
def test_by_form_and_by_script_it_is_done_and_told(desk, programme, name):
    for json in (False, True):
        question = make.question(programme)
        response = press(desk, name, question, json=json, words="请核实。")
        assert response.status_code == (200 if json else 302)
        told = response.json()["detail"] if json else desk.get(address("inbox", programme)).content.decode()
        assert question.label in told
    assert whole()[2] == 2


def test_resumed_by_button(desk, question):
    holds.hold(question=question, by=make.editor())
    assert (press(desk, "resume", question, json=True).json()["question"], Hold.objects.count()) == (question.label, 0)


@pytest.mark.parametrize("name", FORMS)
def test_too_many_words_are_given_back(desk, question, name):
    words = "请" * 501
    response = press(desk, name, question, words=words)
    assert (response.status_code, words in response.content.decode()) == (422, True)
    told = press(desk, name, question, json=True, words=words)
    assert (told.status_code, told.json()["fields"], whole()) == (422, {"words": ["太长。"]}, ([], [], 0))


@pytest.mark.parametrize("name", ["hold", "escalate", "ask_back", "resume"])
def test_what_is_decided_is_refused(desk, programme, name):
    question = make.question(programme, state=QuestionState.DECLINED)
    response = press(desk, name, question, json=True, words="请核实。")
    assert (response.status_code, response.json()["code"], whole()) == (409, "conflict", ([], [], 0))


@pytest.mark.parametrize("name", [*FORMS, "resume"])
def test_others_see_and_do_nothing(client, programme, question, name):
    for person in (make.user(), make.seated(programme, "host"), make.seated(make.programme(), "moderator")):
        client.force_login(person)
        answers = [press(client, name, question, words="请核实。"), client.get(address(name, programme), {"question": str(question.pk)})]
        assert ([answer.status_code for answer in answers], whole()) == ([403, 405 if name == "resume" else 403], ([], [], 0))


def test_nothing_is_resumed_by_looking(desk, programme):
    assert desk.get(address("resume", programme)).status_code == 405


def test_earlier_notes_stand_on_the_page(desk, programme, question):
    press(desk, "note", question, words="同事<b>请看</b>。")
    page = desk.get(address("note", programme), {"question": str(question.pk)}).content.decode()
    assert ("同事&lt;b&gt;请看&lt;/b&gt;。" in page, "陈审核" in page) == (True, True)
    assert Question.objects.count() == 1
