from uuid import uuid4

import pytest

from interview import answers
from interview.models import Entry
from interview.states import ProgrammeState
from tests import pages
from tests import scenes as make
from tests.on_air import ROOMS, Scene

pytestmark = pytest.mark.django_db
STATEMENTS = 14


@pytest.fixture
def scene(client):
    return Scene(client)


def test_only_those_seated_for_the_room_enter_it(scene):
    assert {who for who in scene.people if scene.get(who, "typist/").status_code == 200} == ROOMS["typist/"]
    scene.client.logout()
    assert scene.client.get(scene.address("typist/")).status_code == 302


@pytest.mark.parametrize("action", ["typist/speak/", "typist/answering/"])
def test_only_they_act_in_it(scene, action):
    assert scene.turned_away(action) == set(scene.people) - ROOMS["typist/"]


@pytest.mark.parametrize("who", ["host", "moderator", "stenographer", "guest"])
def test_people_of_another_programme_stay_outside(scene, client, who):
    client.force_login(Scene(client).people[who])
    assert client.get(scene.address("typist/")).status_code in {403, 404}


def test_a_remark_sent_twice_is_published_once(scene):
    token = uuid4()
    for _ in range(2):
        assert scene.post("stenographer", "typist/speak/", text="大家好。", token=token).status_code == 200
    assert scene.programme.entries.count() == 1
    assert scene.post("stenographer", "typist/speak/", text="别的话", token=token).status_code == 409


def test_an_answer_needs_the_guest_who_gives_it(scene):
    question = make.approved(scene.programme)
    assert scene.post("stenographer", "typist/speak/", question=question.pk, text="好").status_code == 422
    assert scene.post("stenographer", "typist/speak/", question=question.pk, guest=scene.guest.pk, text="好").status_code == 200


def test_readers_see_whose_answer_is_being_written_down(scene, heard, django_capture_on_commit_callbacks):
    question = make.approved(scene.programme)
    with django_capture_on_commit_callbacks(execute=True):
        assert scene.post("stenographer", "typist/answering/", question=question.pk, guest=scene.guest.pk).status_code == 200
    assert heard[0].passages == {(f"stage:{scene.programme.pk}", f"answering/{question.pk}"): (scene.guest.name, answers.ANSWERING)}


@pytest.mark.parametrize("missing", ["question", "guest"])
def test_they_see_nothing_of_what_another_programme_has(scene, missing):
    other = make.programme(state=ProgrammeState.LIVE)
    named = {"question": make.approved(scene.programme).pk, "guest": scene.guest.pk}
    named |= {missing: (make.approved(other) if missing == "question" else make.guest(other)).pk}
    assert scene.post("stenographer", "typist/answering/", **named).status_code == 404


def offered(response):
    """Where the page leads for a correction; nothing where it hides the link."""
    link = pages.parse(response.content.decode()).find(".//*[@id='correct-last']")
    return None if "hidden" in link.attrib else link.get("href")


def test_the_last_thing_said_is_offered_for_correction_not_the_question_above_it_and_no_notice(scene):
    assert offered(scene.get("stenographer", "typist/")) is None
    scene.post("stenographer", "typist/speak/", text="大家好。")
    scene.post("stenographer", "typist/speak/", question=make.approved(scene.programme).pk, guest=scene.guest.pk, text="好")
    scene.post("host", "desk/extend/", minutes=5)
    assert [entry.kind for entry in scene.programme.entries.order_by("position")] == ["remark", "question", "answer", "notice"]
    assert offered(scene.get("stenographer", "typist/")) == scene.address("entries/3/")


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u2060"])
def test_saying_nothing_publishes_nothing(scene, text):
    assert scene.post("stenographer", "typist/speak/", text=text).status_code == 422
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_room_takes_the_same_statements_however_many_questions(scene, count, django_assert_num_queries):
    for _number in range(count):
        scene.put(make.approved(scene.programme))
    scene.client.force_login(scene.people["stenographer"])
    with django_assert_num_queries(STATEMENTS):
        assert scene.client.get(scene.address("typist/")).status_code == 200
