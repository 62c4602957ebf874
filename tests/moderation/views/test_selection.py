"""The selection by form and by script."""

import pytest
from django.urls import reverse

from moderation import decisions, wordings
from moderation.models import Record
from tests import scenes as make

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(client, programme):
    client.force_login(make.seated(programme, "moderator"))
    return client


def send(client, programme, questions, *, json=True, act="approve", **words):
    where = reverse("bulk", args=[programme.pk])
    return client.post(where, {"question": questions, "act": act} | words, headers=JSON if json else {})


def test_a_script_gets_the_list_of_what_was_done_and_what_was_not(desk, programme):
    first, decided, last = (make.question(programme) for _question in range(3))
    decisions.approve(question=decided, by=make.editor(name="编辑一"))
    response = send(desk, programme, [str(each.pk) for each in (first, decided, last)])
    told = response.json()
    [refused] = told.pop("refused")
    assert (response.status_code, told) == (
        200,
        {
            "detail": "通过：2条已执行，1条没有执行。", "html": "",
            "done": [{"id": str(each.pk), "question": each.label} for each in (first, last)],
        },
    )  # fmt: skip
    assert (refused["id"], refused["question"], refused["code"], "已由编辑一在" in refused["detail"]) == (
        str(decided.pk), decided.label, "conflict", True,
    )  # fmt: skip


def test_a_plain_form_reads_it_on_the_page(desk, programme):
    first, decided = (make.question(programme) for _question in range(2))
    decisions.approve(question=decided, by=make.editor(name="编辑一"))
    response = send(desk, programme, [str(first.pk), str(decided.pk)], json=False, act="decline", reason="advert")
    assert (response.status_code, response["Location"]) == (302, reverse("inbox", args=[programme.pk]))
    page = desk.get(response["Location"]).content.decode()
    assert ("不采用：1条已执行，1条没有执行。" in page, "已由编辑一在" in page) == (True, True)


def test_the_number_of_the_wording_may_be_told_with_each(desk, programme):
    question = make.question(programme)
    wordings.add(question=question, text=question.text, by=None)
    assert send(desk, programme, [f"{question.pk}:2"]).json()["refused"][0]["code"] == "conflict"
    assert send(desk, programme, [f"{question.pk}:1"]).json()["refused"] == []


@pytest.mark.parametrize("questions", [["x"], ["", "y"], ["\x00"]])
def test_nonsense_is_told_to_load_again(desk, programme, questions):
    response = send(desk, programme, questions)
    assert (response.status_code, response.json()["code"], Record.objects.count()) == (404, "not_found", 0)


@pytest.mark.parametrize(("act", "status"), [("", 422), ("erase", 422)])
def test_an_unknown_step_is_refused(desk, programme, act, status):
    assert send(desk, programme, [str(make.question(programme).pk)], act=act).status_code == status


def test_nothing_is_done_by_looking_or_by_others(client, desk, programme):
    question = make.question(programme)
    assert desk.get(reverse("bulk", args=[programme.pk])).status_code == 405
    for person in (make.user(), make.seated(programme, "host"), make.seated(make.programme(), "moderator")):
        client.force_login(person)
        assert (send(client, programme, [str(question.pk)]).status_code, Record.objects.count()) == (403, 0)
