import pytest

from interview.models import Question
from interview.states import QuestionState
from tests import scenes as make
from tests.on_air import ROOMS, Scene

pytestmark = pytest.mark.django_db
STATEMENTS = 10


@pytest.fixture
def scene(client):
    return Scene(client)


def test_only_those_seated_for_the_room_enter_it(scene):
    assert {who for who in scene.people if scene.get(who, "proof/").status_code == 200} == ROOMS["proof/"]
    scene.client.logout()
    assert scene.client.get(scene.address("proof/")).status_code == 302


@pytest.mark.parametrize("action", ["proof/answer/"])
def test_only_they_act_in_it(scene, action):
    assert scene.turned_away(action) == set(scene.people) - ROOMS["proof/"]


@pytest.mark.parametrize("who", ["host", "moderator", "stenographer", "guest"])
def test_people_of_another_programme_stay_outside(scene, client, who):
    client.force_login(Scene(client).people[who])
    assert client.get(scene.address("proof/")).status_code in {403, 404}


def test_the_editor_answers_in_writing_after_the_close(scene):
    question = make.approved(scene.programme)
    scene.post("host", "desk/close/")
    assert "登记书面答复" in scene.get("editor", "proof/").content.decode()
    assert scene.post("editor", "proof/answer/", question=question.pk, **{f"text-{question.pk}": "书面。"}).status_code == 200
    assert Question.objects.get().state == QuestionState.ANSWERED


@pytest.mark.parametrize("count", [1, 3])
def test_the_room_takes_the_same_statements_however_many_questions(scene, count, django_assert_num_queries):
    for _number in range(count):
        scene.put(make.approved(scene.programme))
    scene.client.force_login(scene.people["editor"])
    with django_assert_num_queries(STATEMENTS):
        assert scene.client.get(scene.address("proof/")).status_code == 200
