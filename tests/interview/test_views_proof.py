import pytest

from interview.models import Question
from interview.states import QuestionState
from tests import pages
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


def test_while_it_is_live_nothing_is_owed_yet(scene):
    make.approved(scene.programme)

    def heading():
        return pages.parse(scene.get("editor", "proof/").content.decode()).find(".//*[@id='owed-title']").text

    live = heading()
    scene.post("host", "desk/close/")
    assert (live, heading()) == ("等待答复的提问", "待书面答复")


@pytest.mark.parametrize("count", [1, 3])
def test_the_room_takes_the_same_statements_however_many_questions(scene, count, django_assert_num_queries):
    for _number in range(count):
        scene.put(make.approved(scene.programme))
    scene.client.force_login(scene.people["editor"])
    with django_assert_num_queries(STATEMENTS):
        assert scene.client.get(scene.address("proof/")).status_code == 200


def test_a_script_gets_what_a_written_answer_changes(scene):
    question = make.approved(scene.programme)
    scene.post("host", "desk/close/")
    html = scene.post("editor", "proof/answer/", question=question.pk, **{f"text-{question.pk}": "书面答复在此。"}).json()["html"]
    assert f'<li id="owed-{question.pk}" data-gone></li>' in html
    assert html.count('data-list="proof"') == 2
    assert 'id="proof-counts"' in html
    assert "书面答复在此。" in html


@pytest.mark.parametrize(("text", "status"), [("", 422), ("长" * 20_001, 422), ("长" * 200_001, 422)])
def test_a_refused_written_answer_is_told_beside_it_and_stays_typed(scene, client, text, status):
    question = make.approved(scene.programme)
    scene.post("host", "desk/close/")
    client.force_login(scene.people["editor"])
    response = client.post(scene.address("proof/answer/"), {"question": question.pk, f"text-{question.pk}": text})
    assert response.status_code == status
    assert f"required>{text}</textarea>" in response.content.decode()
    assert Question.objects.get().state == QuestionState.OWED


def test_a_written_answer_to_no_question_is_told(scene, client):
    client.force_login(scene.people["editor"])
    response = client.post(scene.address("proof/answer/"), {"question": "x"})
    assert (response.status_code, "没有找到这个提问" in response.content.decode()) == (404, True)


def test_every_entry_can_be_corrected_where_it_stands(scene):
    scene.post("stenographer", "typist/speak/", text="第一条")
    scene.post("stenographer", "typist/speak/", text="第二条")
    scene.post("editor", "entries/2/withdraw/", reason="误发")
    page = scene.get("editor", "proof/").content.decode()
    assert ["第一条</textarea>" in page, "第二条" in page, page.count("/revise/")] == [True, False, 1]
