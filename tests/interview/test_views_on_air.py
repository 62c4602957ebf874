from uuid import uuid4

import pytest

from interview import answers, questions
from interview.models import Draft, Entry, Question
from interview.states import ProgrammeState, QuestionState
from tests import scenes as make

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}
ROOMS = {
    "desk/": {"host", "editor"},
    "sheet/": {"guest"},
    "typist/": {"host", "stenographer", "editor"},
    "entries/1/": {"host", "stenographer", "editor"},
    "proof/": {"editor"},
}


class Scene:
    """A live programme with everybody seated."""

    def __init__(self, client):
        self.client = client
        self.programme = make.programme(state=ProgrammeState.LIVE)
        self.guest = make.guest(self.programme)
        self.people = {role: make.seated(self.programme, role) for role in ("host", "moderator", "stenographer")}
        self.people |= {"guest": make.seated(self.programme, "guest", guest=self.guest), "editor": make.editor(), "nobody": make.user()}

    def address(self, room):
        return f"/staff/interviews/{self.programme.pk}/{room}"

    def get(self, who, room):
        self.client.force_login(self.people[who])
        return self.client.get(self.address(room))

    def post(self, who, room, **data):
        self.client.force_login(self.people[who])
        return self.client.post(self.address(room), data, **JSON)

    def put(self, question):
        return questions.put(question=question, guest=self.guest, by=self.people["host"])


@pytest.fixture
def scene(client):
    return Scene(client)


@pytest.mark.parametrize("room", ROOMS)
def test_only_those_seated_for_a_room_enter_it(scene, room):
    scene.post("stenographer", "typist/speak/", text="第一条")
    allowed = {who for who in scene.people if scene.get(who, room).status_code == 200}
    assert allowed == ROOMS[room]
    scene.client.logout()
    assert scene.client.get(scene.address(room)).status_code == 302


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("desk/close/", {"host", "editor"}),
        ("desk/extend/", {"host", "editor"}),
        ("desk/put/", {"host", "editor"}),
        ("desk/put-back/", {"host", "editor"}),
        ("sheet/answer/", {"guest"}),
        ("sheet/draft/", {"guest"}),
        ("typist/speak/", {"host", "stenographer", "editor"}),
        ("entries/1/revise/", {"host", "stenographer", "editor"}),
        ("entries/1/withdraw/", {"host", "stenographer", "editor"}),
        ("proof/answer/", {"editor"}),
    ],
)
def test_only_those_seated_for_a_room_act_in_it(scene, action, allowed):
    # Nothing in the form: whoever is let in is told what is missing, the others that it is not for them.
    turned_away = {who for who in scene.people if who not in allowed and scene.post(who, action).status_code == 403}
    assert turned_away == set(scene.people) - allowed


def test_people_of_another_programme_stay_outside(scene, client):
    other = Scene(client)
    for who in ("host", "moderator", "stenographer", "guest"):
        client.force_login(other.people[who])
        for room in ROOMS:
            assert client.get(scene.address(room)).status_code in {403, 404}


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


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u2060"])
def test_saying_nothing_publishes_nothing(scene, text):
    assert scene.post("stenographer", "typist/speak/", text=text).status_code == 422
    assert Entry.objects.count() == 0


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


def test_the_editor_answers_in_writing_after_the_close(scene):
    question = make.approved(scene.programme)
    scene.post("host", "desk/close/")
    assert "登记书面答复" in scene.get("editor", "proof/").content.decode()
    assert scene.post("editor", "proof/answer/", question=question.pk, **{f"text-{question.pk}": "书面。"}).status_code == 200
    assert Question.objects.get().state == QuestionState.ANSWERED


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("room", [("host", "desk/"), ("stenographer", "typist/"), ("guest", "sheet/"), ("editor", "proof/")])
def test_a_room_takes_the_same_statements_however_many_questions(scene, room, count, django_assert_max_num_queries):
    for number in range(count):
        question = scene.put(make.approved(scene.programme))
        if number % 2:
            answers.answer(question=question, guest=scene.guest, text="好。", by=scene.people["host"])
    scene.client.force_login(scene.people[room[0]])
    with django_assert_max_num_queries(20):
        assert scene.client.get(scene.address(room[1])).status_code == 200
