"""The page with personal data in clear."""

import pytest
from django.test import Client
from django.urls import reverse

from interview.states import ProgrammeState
from moderation import vocabulary, wordings
from moderation.models import Record
from tests import scenes as make

pytestmark = pytest.mark.django_db

TEXT = "我的电话是13800138000，<b>水压</b>低。"


@pytest.fixture
def question():
    question = make.question(make.programme(state=ProgrammeState.LIVE), text="我的电话是［手机号］，<b>水压</b>低。")
    wordings.add(question=question, text=TEXT, by=None, findings=vocabulary.look(TEXT).findings)
    return question


def post(question, user, **headers):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.post(reverse("unmask", args=[question.programme_id]), {"question": question.pk}, headers=headers)


def test_a_moderator_sees_the_original_on_a_page_and_as_a_fragment(question):
    chen = make.seated(question.programme, "moderator")
    page = post(question, chen)
    fragment = post(question, chen, accept="application/json")
    for html in (page.content.decode(), fragment.json()["html"]):
        assert '<mark class="mark personal" title="像是手机号码，公开时显示为［手机号］。">13800138000</mark>' in html
        assert "&lt;b&gt;水压&lt;/b&gt;" in html
    assert "no-store" in page["Cache-Control"]
    assert Record.objects.filter(action="unmask").count() == 2


def test_others_are_turned_away_and_nothing_is_recorded(question):
    assert post(question, None).status_code == 302
    assert post(question, make.seated(question.programme, "host")).status_code == 403
    assert post(question, make.seated(make.programme(), "moderator"), accept="application/json").status_code == 403
    assert Record.objects.count() == 0


def test_a_question_of_another_programme_is_not_found(question):
    other = make.programme(state=ProgrammeState.LIVE)
    client = Client()
    client.force_login(make.seated(other, "moderator"))
    answer = client.post(reverse("unmask", args=[other.pk]), {"question": question.pk}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
