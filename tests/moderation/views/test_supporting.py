"""同问 without scripts, and what the pages show of it."""

import pytest
from django.urls import reverse

from interview.models import Question, Support
from interview.states import ProgrammeState, QuestionState
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def question(programme):
    return make.question(programme, state=QuestionState.APPROVED)


def address(programme):
    return reverse("support", args=[programme.pk])


def buttons(page):
    return [(button.get("name"), button.get("value")) for button in pages.parse(page).iter("button") if button.get("name") == "wanted"]


def test_without_scripts_it_is_pressed_and_taken_back_on_a_page_of_its_own(client, programme, question):
    page = client.get(address(programme), {"question": str(question.pk)})
    assert (buttons(page.content.decode()), question.text in page.content.decode()) == ([("wanted", "yes")], True)
    pressed = client.post(address(programme), {"question": str(question.pk), "wanted": "yes"}, follow=True).content.decode()
    assert (buttons(pressed), "1人同问" in pressed, Question.objects.get().supports) == ([("wanted", "no")], True, 1)
    back = client.post(address(programme), {"question": str(question.pk), "wanted": "no"}, follow=True).content.decode()
    assert (buttons(back), Support.objects.count()) == ([("wanted", "yes")], 0)


def test_a_script_is_told_what_the_socket_tells(client, programme, question):
    answer = client.post(address(programme), {"question": str(question.pk), "wanted": "yes"}, headers=JSON)
    assert answer.json() == {"question": str(question.pk), "supported": True, "supports": 1}


@pytest.mark.parametrize("json", [True, False])
def test_what_is_not_there_is_404(client, programme, question, json):
    for key in ("", "x", str(programme.pk)):
        assert client.post(address(programme), {"question": key}, headers=JSON if json else {}).status_code == 404
        assert client.get(address(programme), {"question": key}).status_code == 404


def test_too_often_says_when_to_come_back(client, programme, question, settings):
    settings.SUPPORT_LIMITS_PER_VISITOR = ["1/hour"]
    client.post(address(programme), {"question": str(question.pk)})
    answer = client.post(address(programme), {"question": str(question.pk)})
    assert (answer.status_code, 3_500 < int(answer["Retry-After"]) <= 3_600, "同问太频繁了" in answer.content.decode()) == (429, True, True)


def test_it_is_kept_by_no_cache(client, programme, question):
    answer = client.get(address(programme), {"question": str(question.pk)})
    assert ("no-store" in answer["Cache-Control"], "visitor" in answer.cookies) == (True, True)


def test_a_draft_is_not_there(client):
    assert client.get(address(make.programme(state=ProgrammeState.DRAFT))).status_code == 404


def links(page):
    return [link.get("data-support") for link in pages.parse(page).iter("a") if link.get("data-support")]


@pytest.mark.parametrize("state", [ProgrammeState.ANNOUNCED, ProgrammeState.LIVE])
def test_every_waiting_question_has_its_link_and_its_count(client, state):
    programme = make.programme(state=state)
    rows = [make.question(programme, state=QuestionState.APPROVED, supports=supports) for supports in (0, 12)]
    page = client.get(programme.get_absolute_url()).content.decode()
    assert (links(page), "<span data-count>12</span>人同问" in page) == ([str(row.pk) for row in rows], True)


def test_hidden_counts_are_nowhere_and_the_order_is_the_visitors_own_until_the_close(client):
    programme = make.programme(state=ProgrammeState.LIVE, supports_hidden=True)
    rows = [make.question(programme, state=QuestionState.APPROVED, supports=100 + number) for number in range(12)]
    page, again = (client.get(programme.get_absolute_url()).content.decode() for _look in range(2))
    by_number = [str(row.pk) for row in rows]
    assert (sorted(links(page)), links(page) == by_number, links(again)) == (sorted(by_number), False, links(page))
    assert "<span data-count>" not in page
    client.cookies.clear()
    assert links(client.get(programme.get_absolute_url()).content.decode()) != links(page)
    make.move(programme, ProgrammeState.ENDED)
    Question.objects.update(state=QuestionState.OWED)
    after = client.get(programme.get_absolute_url()).content.decode()
    assert ([f"<span data-count>{100 + number}</span>" in after for number in range(12)], "data-shuffle" in after) == ([True] * 12, False)
