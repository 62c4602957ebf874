import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from interview.models import Guest, Seat
from tests import scenes as make
from tests.interview.images import claiming, picture

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


@pytest.fixture
def editor(client):
    client.force_login(make.editor())
    return client


def place(programme, action):
    return f"/staff/interviews/{programme.pk}/{action}"


def names(programme):
    return [guest.name for guest in programme.guests.all()]


def test_a_guest_comes_with_post_unit_and_portrait(editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    programme, unit = make.programme(), make.organisation()
    portrait = SimpleUploadedFile("a.jpg", picture("JPEG", size=(1000, 1000)).getvalue())
    page = editor.post(
        place(programme, "guests/"), {"name": "周水生", "post": "总经理", "organisation": unit.name, "portrait": portrait}, follow=True
    ).content.decode()
    guest = Guest.objects.get()
    assert (guest.name, guest.post, guest.organisation, guest.portrait.width) == ("周水生", "总经理", unit, 480)
    assert "嘉宾周水生已加入。" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no picture", "这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。"),
        (claiming(10_000, 5_000).getvalue(), "图片有10000×5000像素，最多2400万像素，请缩小后再上传。"),
    ],
    ids=["no picture", "50 megapixels"],
)
def test_a_bad_portrait_is_told_and_the_name_stays_typed(editor, data, sentence):
    programme = make.programme()
    response = editor.post(place(programme, "guests/"), {"name": "周水生", "post": "总经理", "portrait": SimpleUploadedFile("a.png", data)})
    page = response.content.decode()
    assert (response.status_code, names(programme)) == (422, [])
    assert sentence in page
    assert 'value="周水生"' in page


def test_a_guest_is_described_anew(editor):
    programme = make.programme()
    guest = make.guest(programme, name="周水生")
    editor.post(place(programme, f"guests/{guest.pk}/"), {"name": "周水生", "post": "董事长"})
    assert Guest.objects.get().post == "董事长"


def test_a_faulty_change_stays_open_with_what_was_typed(editor):
    programme = make.programme()
    guest = make.guest(programme)
    response = editor.post(place(programme, f"guests/{guest.pk}/"), {"name": "", "post": "副总经理兼总工程师"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "请填写。" in page
    assert 'value="副总经理兼总工程师"' in page


def test_guests_change_places_and_leave(editor):
    programme = make.programme()
    first, second = make.guest(programme), make.guest(programme)
    editor.post(place(programme, f"guests/{second.pk}/up/"))
    assert names(programme) == [second.name, first.name]
    editor.post(place(programme, f"guests/{first.pk}/remove/"))
    assert names(programme) == [second.name]


@pytest.mark.parametrize("action", ["", "up/", "remove/"])
def test_a_guest_of_another_programme_is_not_found(editor, action):
    stranger = make.guest(make.programme())
    assert editor.post(place(make.programme(), f"guests/{stranger.pk}/{action}"), {"name": "某人", "post": "某职"}).status_code == 404
    assert Guest.objects.get().name == stranger.name


def test_an_account_takes_a_seat(editor):
    programme, person = make.programme(), make.user(username="linxiaolan", name="林晓岚")
    answer = editor.post(place(programme, "seats/"), {"seat": "host", "username": "linxiaolan"}, headers=JSON).json()
    assert answer["detail"] == "林晓岚已是本期的主持人。"
    assert [(seat.user, seat.role) for seat in Seat.objects.all()] == [(person, "host")]


def test_a_guest_takes_their_own_seat(editor):
    programme = make.programme()
    guest = make.guest(programme)
    make.user(username="zhou")
    editor.post(place(programme, "seats/"), {"seat": f"guest:{guest.pk}", "username": "zhou"})
    assert [(seat.role, seat.guest) for seat in Seat.objects.all()] == [("guest", guest)]


@pytest.mark.parametrize("headers", [{}, JSON], ids=["plain", "script"])
def test_a_new_account_shows_its_first_password_once(editor, headers):
    programme = make.programme()
    words = {"seat": "moderator", "username": "wuming", "name": "吴明"}
    response = editor.post(place(programme, "seats/"), words, headers=headers)
    html = response.json()["html"] if headers else response.content.decode()
    password = re.search(r"<dd>((?:[a-z2-9]{4}-){2}[a-z2-9]{4})</dd>", html)
    user = User.objects.get(username="wuming")
    assert (response.status_code, password is not None and user.check_password(password[1])) == (200, True)
    assert "no-store" in response["Cache-Control"]
    assert password[1] not in editor.get(place(programme, "")).content.decode()
    assert [(seat.user, seat.role) for seat in Seat.objects.all()] == [(user, "moderator")]


def test_an_unknown_account_without_a_name_is_asked_for_one_and_stays_typed(editor):
    programme = make.programme()
    response = editor.post(place(programme, "seats/"), {"seat": "host", "username": "nobody"})
    page = response.content.decode()
    assert (response.status_code, Seat.objects.count()) == (422, 0)
    assert "还没有账号“nobody”。要新建，请填写姓名。" in page
    assert 'value="nobody"' in page


def test_a_username_that_is_none_is_told_at_its_field(editor):
    answer = editor.post(place(make.programme(), "seats/"), {"seat": "host", "username": "two words", "name": "某人"}, headers=JSON)
    assert (answer.status_code, list(answer.json()["fields"]), User.objects.filter(name="某人").count()) == (422, ["username"], 0)


def test_one_account_is_not_two_guests(editor):
    programme = make.programme()
    person = make.seated(programme, "guest", guest=make.guest(programme))
    words = {"seat": f"guest:{make.guest(programme).pk}", "username": person.username}
    answer = editor.post(place(programme, "seats/"), words, headers=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (409, "这个账号已经是本期的另一位嘉宾。")


def test_a_seat_is_taken_back(editor):
    programme = make.programme()
    make.seated(programme, "host")
    editor.post(place(programme, f"seats/{Seat.objects.get().pk}/remove/"))
    assert Seat.objects.count() == 0


def test_a_seat_of_another_programme_is_not_found(editor):
    other = make.programme()
    make.seated(other, "host")
    for seat_id in (Seat.objects.get().pk, uuid4()):
        assert editor.post(place(make.programme(), f"seats/{seat_id}/remove/")).status_code == 404
    assert Seat.objects.count() == 1
