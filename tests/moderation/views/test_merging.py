"""The moderators' page merges with one press and splits with one; what asks alike is told on demand."""

import pytest
from django.urls import reverse

from interview.models import Question
from interview.states import ProgrammeState
from moderation import indexing, merging
from tests import scenes as make

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def programme():
    return make.programme(state=ProgrammeState.LIVE)


@pytest.fixture
def chen(programme, client):
    person = make.seated(programme, "moderator", user=make.user(name="陈审核"))
    client.force_login(person)
    return person


def ask(programme, text="我们小区的水压什么时候恢复？"):
    question = make.question(programme, text=text)
    indexing.remember(question)
    return question


def sends(client, name, programme, **fields):
    return client.post(reverse(name, args=[programme.pk]), fields, headers=JSON)


def test_one_press_merges_and_one_splits(client, programme, chen):
    one, two = ask(programme), ask(programme)
    merged = sends(client, "merge", programme, question=two.pk, into=one.pk)
    assert merged.json() == {"detail": f"提问 {two.label} 已合并，提问人会一起得到答复。", "html": "", "question": two.label}
    split = sends(client, "split", programme, question=two.pk)
    assert split.json() == {"detail": f"提问 {two.label} 已拆开，重新等待审核。", "html": "", "question": two.label}
    assert Question.objects.get(pk=two.pk).state == "received"


@pytest.mark.parametrize("into", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_into_nothing_is_not_found(client, programme, chen, into):
    response = sends(client, "merge", programme, question=ask(programme).pk, into=into)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_into_another_programme_is_not_found_either(client, programme, chen):
    response = sends(client, "merge", programme, question=ask(programme).pk, into=ask(make.programme()).pk)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_words_that_changed_meanwhile_are_not_merged(client, programme, chen):
    response = sends(client, "merge", programme, question=ask(programme).pk, into=ask(programme).pk, seen=7)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")


def test_a_merged_question_can_be_split_where_it_stands_among_the_decided(client, programme, chen):
    one, two = ask(programme), ask(programme)
    merging.merge(question=two, into=one, by=chen)
    page = client.get(reverse("inbox", args=[programme.pk])).content.decode()
    assert f"与{one.label}一起答复" in page
    assert f'formaction="{reverse("split", args=[programme.pk])}"' in page


def test_what_asks_alike_is_told_on_demand(client, programme, chen):
    one, two = ask(programme), ask(programme)
    ask(programme, "菜市场门口的垃圾为什么三天没有人清运？")
    response = client.get(reverse("alike", args=[programme.pk]), {"question": str(two.pk)}, headers=JSON)
    assert response.json() == {
        "alike": [{"id": str(one.pk), "label": one.label, "text": one.text, "state": "received", "supports": 0, "score": 100}],
        "answered": [],
    }
    assert "no-store" in response["Cache-Control"]
