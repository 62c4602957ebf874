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


def test_a_script_gets_the_entry_as_it_now_reads(scene):
    scene.post("stenographer", "typist/speak/", text="一")
    html = scene.post("editor", "entries/1/revise/", text="二", seen="1", reason="笔误").json()["html"]
    assert ['id="proof-1"' in html, "二</textarea>" in html, 'name="seen" value="2"' in html, "原因：笔误" in html] == [True] * 4
    gone = scene.post("editor", "entries/1/withdraw/", reason="误发").json()["html"]
    assert ["误发" in gone, "二" in gone, "textarea" in gone] == [True, False, False]


def test_who_was_second_keeps_their_words_beside_those_as_they_stand_now(scene, client):
    scene.post("stenographer", "typist/speak/", text="一")
    scene.post("host", "entries/1/revise/", text="先改的", seen="1")
    client.force_login(scene.people["stenographer"])
    response = client.post(scene.address("entries/1/revise/"), {"text": "后改的", "seen": "1", "reason": "漏字"})
    page = response.content.decode()
    assert response.status_code == 409
    assert ["<p>先改的</p>" in page, "后改的</textarea>" in page, 'value="漏字"' in page, 'name="seen" value="2"' in page] == [True] * 4


@pytest.mark.parametrize("length", [20_001, 200_001])
def test_a_correction_that_is_too_long_is_told_and_kept(scene, client, length):
    scene.post("stenographer", "typist/speak/", text="一")
    client.force_login(scene.people["stenographer"])
    response = client.post(scene.address("entries/1/revise/"), {"text": "长" * length, "seen": "1", "reason": "因" * 300_000})
    page = response.content.decode()
    assert (response.status_code, f"文字有{length}字，最多20000字。" in page, f"{'长' * length}</textarea>" in page) == (422, True, True)
    assert Entry.objects.get().text == "一"


def test_a_reason_without_end_is_cut(scene):
    scene.post("stenographer", "typist/speak/", text="一")
    assert scene.post("stenographer", "entries/1/revise/", text="二", seen="1", reason="因" * 300_000).status_code == 200
    assert len(Entry.objects.get().revisions.get().reason) == 200
