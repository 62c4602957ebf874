import pytest

from interview.models import Draft, Entry
from tests import scenes as make
from tests.on_air import ROOMS, Scene

pytestmark = pytest.mark.django_db
STATEMENTS = 13


@pytest.fixture
def scene(client):
    return Scene(client)


def test_only_those_seated_for_the_room_enter_it(scene):
    assert {who for who in scene.people if scene.get(who, "sheet/").status_code == 200} == ROOMS["sheet/"]
    scene.client.logout()
    assert scene.client.get(scene.address("sheet/")).status_code == 302


@pytest.mark.parametrize("action", ["sheet/answer/", "sheet/draft/"])
def test_only_they_act_in_it(scene, action):
    assert scene.turned_away(action) == set(scene.people) - ROOMS["sheet/"]


@pytest.mark.parametrize("who", ["host", "moderator", "stenographer", "guest"])
def test_people_of_another_programme_stay_outside(scene, client, who):
    client.force_login(Scene(client).people[who])
    assert client.get(scene.address("sheet/")).status_code in {403, 404}


def test_the_guest_sees_only_what_is_put_to_them(scene):
    put, other = make.approved(scene.programme, text="交给我的"), make.approved(scene.programme, text="没有交给我的")
    scene.put(put)
    page = scene.get("guest", "sheet/").content.decode()
    assert "交给我的" in page
    assert other.text not in page


def test_a_draft_survives_a_reload_and_a_refused_answer(scene):
    question = scene.put(make.approved(scene.programme))
    name = f"text-{question.pk}"
    assert scene.post("guest", "sheet/draft/", question=question.pk, **{name: "写到一半"}).json()["detail"].startswith("已保存")
    assert "写到一半" in scene.get("guest", "sheet/").content.decode()
    scene.post("host", "desk/close/")
    refusal = scene.post("guest", "sheet/answer/", question=question.pk, **{name: "写完了"})
    assert (refusal.status_code, refusal.json()["code"]) == (409, "closed")
    assert Draft.objects.get().text == "写完了"


def test_the_guest_publishes_and_the_sheet_is_empty(scene):
    question = scene.put(make.approved(scene.programme))
    assert scene.post("guest", "sheet/answer/", question=question.pk, **{f"text-{question.pk}": "好。"}).status_code == 200
    assert scene.programme.entries.get(kind=Entry.Kind.ANSWER).speaker == scene.guest.name
    assert f'id="sheet-{question.pk}"' not in scene.get("guest", "sheet/").content.decode()


def test_without_scripts_the_same_forms_lead_back_and_tell(scene):
    scene.client.force_login(scene.people["guest"])
    question = scene.put(make.approved(scene.programme))
    answer = scene.client.post(scene.address("sheet/answer/"), {"question": question.pk, f"text-{question.pk}": "好。"}, follow=True)
    assert answer.redirect_chain == [(scene.address("sheet/"), 302)]
    assert "的答复已发布。" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_room_takes_the_same_statements_however_many_questions(scene, count, django_assert_num_queries):
    for _number in range(count):
        scene.put(make.approved(scene.programme))
    scene.client.force_login(scene.people["guest"])
    with django_assert_num_queries(STATEMENTS):
        assert scene.client.get(scene.address("sheet/")).status_code == 200
