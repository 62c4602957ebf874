"""The page of supports that look stuffed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from interview.models import Question, Support
from interview.states import QuestionState
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def question(programme):
    row, now = make.question(programme, state=QuestionState.APPROVED, supports=10), timezone.now()
    for number in range(10):
        at = now - timedelta(seconds=20 * number)
        Support.objects.create(question=row, visitor=f"stuffed{number}", address="192.0.2.9", at=at)
    return row


@pytest.fixture
def desk(client, programme):
    client.force_login(make.seated(programme, "moderator", user=make.user(name="陈审核")))
    return client


def address(name, programme):
    return reverse(name, args=[programme.pk])


def values(page, name):
    return [field.get("value") for kind in ("input", "button") for field in pages.parse(page).iter(kind) if field.get("name") == name]


def counted():
    return Question.objects.get().supports


def test_struck_out_and_restored_from_the_page(desk, programme, question):
    page = desk.get(address("supports", programme)).content.decode()
    keys = values(page, "series")
    assert (len(keys), question.label in page, "192.0.2.9" in page) == (2, True, False)
    desk.post(address("strike_supports", programme), {"series": keys})
    after = desk.get(address("supports", programme)).content.decode()
    assert (counted(), values(after, "series"), values(after, "record")) == (0, [], ["1"])
    desk.post(address("restore_supports", programme), {"record": "1"})
    assert (counted(), values(desk.get(address("supports", programme)).content.decode(), "series")) == (10, keys)


def test_what_is_not_there_is_told(desk, programme, question):
    assert desk.post(address("strike_supports", programme), {"series": ["steps-0"]}, headers=JSON).status_code == 409
    for key in ("", "x", "7", "9" * 5_000, "٧"):
        assert desk.post(address("restore_supports", programme), {"record": key}, headers=JSON).status_code == 404
    assert counted() == 10


def test_others_see_nothing(client, programme, question):
    for person in (make.user(), make.seated(programme, "host"), make.seated(make.programme(), "moderator")):
        client.force_login(person)
        assert client.get(address("supports", programme)).status_code == 403
        assert client.post(address("strike_supports", programme), {"series": ["steps-1"]}).status_code == 403
        assert client.post(address("restore_supports", programme), {"record": "1"}).status_code == 403
    assert counted() == 10
