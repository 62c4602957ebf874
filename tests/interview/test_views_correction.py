import pytest

from interview.models import Entry
from tests.on_air import ROOMS, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    return Scene(client)


def test_only_those_seated_for_the_room_enter_it(scene):
    scene.post("stenographer", "typist/speak/", text="第一条")
    assert {who for who in scene.people if scene.get(who, "entries/1/").status_code == 200} == ROOMS["entries/1/"]
    scene.client.logout()
    assert scene.client.get(scene.address("entries/1/")).status_code == 302


@pytest.mark.parametrize("action", ["entries/1/revise/", "entries/1/withdraw/"])
def test_only_they_act_in_it(scene, action):
    assert scene.turned_away(action) == set(scene.people) - ROOMS["entries/1/"]


@pytest.mark.parametrize("who", ["host", "moderator", "stenographer", "guest"])
def test_people_of_another_programme_stay_outside(scene, client, who):
    client.force_login(Scene(client).people[who])
    assert client.get(scene.address("entries/1/")).status_code in {403, 404}


def test_a_correction_against_an_older_text_is_refused(scene):
    scene.post("stenographer", "typist/speak/", text="一")
    assert scene.post("host", "entries/1/revise/", text="二", seen="1").status_code == 200
    assert scene.post("stenographer", "entries/1/revise/", text="三", seen="1").status_code == 409
    assert Entry.objects.get().text == "二"


def test_withdrawing_needs_a_reason(scene):
    scene.post("stenographer", "typist/speak/", text="一")
    assert scene.post("host", "entries/1/withdraw/", reason="").status_code == 422
    assert scene.post("host", "entries/1/withdraw/", reason="误发").status_code == 200
    assert scene.post("host", "entries/7/withdraw/", reason="误发").status_code == 404
