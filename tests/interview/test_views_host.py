from datetime import timedelta

import pytest
from django.utils import timezone

from interview.states import ProgrammeState, QuestionState
from tests import scenes as make
from tests.on_air import ROOMS, Scene

pytestmark = pytest.mark.django_db
STATEMENTS = 16


@pytest.fixture
def scene(client):
    return Scene(client)


def test_only_those_seated_for_the_room_enter_it(scene):
    assert {who for who in scene.people if scene.get(who, "desk/").status_code == 200} == ROOMS["desk/"]
    scene.client.logout()
    assert scene.client.get(scene.address("desk/")).status_code == 302


@pytest.mark.parametrize("action", ["desk/close/", "desk/extend/", "desk/put/", "desk/put-back/"])
def test_only_they_act_in_it(scene, action):
    assert scene.turned_away(action) == set(scene.people) - ROOMS["desk/"]


@pytest.mark.parametrize("who", ["host", "moderator", "stenographer", "guest"])
def test_people_of_another_programme_stay_outside(scene, client, who):
    client.force_login(Scene(client).people[who])
    assert client.get(scene.address("desk/")).status_code in {403, 404}


def test_the_host_opens_puts_takes_back_extends_and_closes(scene):
    make.move(scene.programme, ProgrammeState.ANNOUNCED)
    assert scene.post("host", "desk/open/").status_code == 200
    question = make.approved(scene.programme)
    answer = scene.post("host", "desk/put/", to=f"{question.pk} {scene.guest.pk}")
    assert answer.json()["detail"] == f"提问 {question.label} 已交给{scene.guest.name}。"
    assert scene.post("host", "desk/put-back/", question=question.pk).status_code == 200
    assert scene.post("host", "desk/extend/", minutes="10").json()["detail"] == "访谈延长10分钟，共70分钟。"
    assert scene.post("host", "desk/close/").status_code == 200
    question.refresh_from_db()
    assert (question.state, question.put_to) == (QuestionState.OWED, None)


@pytest.mark.parametrize("minutes", ["", "0", "-5", "61", "x", "9" * 50, "١٠"])
def test_an_extension_that_is_none_changes_nothing(scene, minutes):
    assert scene.post("host", "desk/extend/", minutes=minutes).status_code == 422
    scene.programme.refresh_from_db()
    assert scene.programme.planned_minutes == 60


@pytest.mark.parametrize("to", ["", "x y", "01900000-0000-7000-8000-000000000000 01900000-0000-7000-8000-000000000001", "'; drop table--"])
def test_putting_what_does_not_exist_is_told(scene, to):
    answer = scene.post("host", "desk/put/", to=to)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_question_of_another_programme_is_not_put(scene):
    elsewhere = make.approved(make.programme(state=ProgrammeState.LIVE))
    assert scene.post("host", "desk/put/", to=f"{elsewhere.pk} {scene.guest.pk}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_room_takes_the_same_statements_however_many_questions(scene, count, django_assert_num_queries):
    for _number in range(count):
        scene.put(make.approved(scene.programme))
    scene.client.force_login(scene.people["host"])
    with django_assert_num_queries(STATEMENTS):
        assert scene.client.get(scene.address("desk/")).status_code == 200


@pytest.mark.parametrize(
    ("ahead", "asked"), [(timedelta(minutes=29), False), (timedelta(minutes=31), True), (-timedelta(minutes=5), False)]
)
def test_long_before_the_planned_start_the_page_asks_once_more(client, ahead, asked):
    programme = make.programme(planned_start=timezone.now() + ahead)
    client.force_login(make.seated(programme, "host"))
    page = client.get(f"/staff/interviews/{programme.pk}/desk/").content.decode()
    assert ["提前开始…" in page, "开始访谈</button>" in page] == [asked, True]


def test_closing_says_how_many_questions_it_leaves_over(scene):
    make.approved(scene.programme)
    make.approved(scene.programme)
    assert '<b class="figures" data-unanswered>2</b>' in scene.get("host", "desk/").content.decode()


def test_after_the_close_editors_are_led_on_to_the_proof(scene):
    scene.post("host", "desk/close/")
    assert [f'href="{scene.address("proof/")}">校对和归档' in scene.get(who, "desk/").content.decode() for who in ("host", "editor")] == [
        False,
        True,
    ]
