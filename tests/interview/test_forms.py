import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from interview.forms import GuestForm, NoticeForm, ProgrammeForm, SeatForm, checked
from interview.models import Guest, Programme
from interview.states import ProgrammeState
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


def typed(**changes):
    return {
        "title": "自来水公司总经理谈夏季供水",
        "topic": "夏季供水",
        "unit": make.organisation().name,
        "planned_start": "2010-07-30T15:00",
        "planned_minutes": "60",
        "introduction": "欢迎您提问。",
    } | changes


def refused(form):
    with pytest.raises(Refused) as refusal:
        checked(form)
    return refusal.value


def test_a_plan_becomes_the_fields_of_a_programme():
    words = checked(ProgrammeForm(typed()))
    assert {name: str(value) for name, value in words.items() if name != "unit"} == {
        "title": "自来水公司总经理谈夏季供水",
        "topic": "夏季供水",
        "planned_start": "2010-07-30 15:00:00+08:00",
        "planned_minutes": "60",
        "introduction": "欢迎您提问。",
        "cover_alt": "",
    }


def test_every_fault_of_a_plan_is_told_at_its_field():
    refusal = refused(ProgrammeForm({"planned_minutes": "121", "unit": "火星公司", "title": "长" * 121}))
    assert (refusal.code, refusal.detail) == ("invalid", "没有保存，请改正标出的地方。您填的内容都还在。")
    assert {name: len(messages) for name, messages in (refusal.fields or {}).items()} == {
        "title": 1,
        "topic": 1,
        "unit": 1,
        "planned_start": 1,
        "planned_minutes": 1,
    }


def test_a_plan_shows_what_is_planned():
    programme = make.programme(unit=make.organisation(name="湖滨市自来水公司"))
    form = ProgrammeForm(programme=programme)
    assert (form["title"].value(), form["unit"].value()) == (programme.title, "湖滨市自来水公司")
    assert form["planned_start"].value() is not None
    assert "without_cover" not in form.fields


def test_on_air_the_plan_has_no_clock():
    programme = make.programme(state=ProgrammeState.LIVE)
    words = checked(ProgrammeForm(typed(planned_minutes="5"), programme=programme))
    assert (words["planned_minutes"], abs(words["planned_start"] - programme.planned_start).total_seconds() < 1) == (60, True)


def test_a_cover_stays_unless_it_is_changed_or_dropped():
    programme = make.programme()
    Programme.objects.filter(pk=programme.pk).update(cover="covers/x.webp")
    programme.refresh_from_db()
    assert "cover" not in checked(ProgrammeForm(typed(), programme=programme))
    assert checked(ProgrammeForm(typed(without_cover="on"), programme=programme))["cover"] == ""


def test_a_guest_may_do_without_organisation_and_portrait():
    assert checked(GuestForm({"name": "周水生", "post": "总经理"})) == {"name": "周水生", "post": "总经理", "organisation": None}


def test_a_portrait_stays_unless_it_is_dropped():
    guest = make.guest(make.programme())
    Guest.objects.filter(pk=guest.pk).update(portrait="portraits/x.webp")
    guest.refresh_from_db()
    words = {"name": "周水生", "post": "总经理"}
    assert "portrait" not in checked(GuestForm(words, guest=guest))
    assert checked(GuestForm(words | {"without_portrait": "on"}, guest=guest))["portrait"] == ""


def test_a_portrait_that_is_no_picture_keeps_the_guest_out():
    refusal = refused(GuestForm({"name": "周水生", "post": "总经理"}, {"portrait": SimpleUploadedFile("a.png", b"no picture")}))
    assert refusal.fields == {"portrait": ["这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。"]}


def test_a_seat_is_for_an_account_that_is_there():
    programme, person = make.programme(), make.user(username="linxiaolan", name="林晓岚")
    words = checked(SeatForm({"seat": "host", "username": " LinXiaolan "}, programme=programme))
    assert (words["user"], words["role"], words["guest"]) == (person, "host", None)


def test_a_guests_seat_names_the_guest():
    programme = make.programme()
    guest, person = make.guest(programme), make.user(username="zhou")
    words = checked(SeatForm({"seat": f"guest:{guest.pk}", "username": "zhou"}, programme=programme))
    assert (words["user"], words["role"], words["guest"]) == (person, "guest", guest)


def test_a_new_account_needs_a_name():
    form = SeatForm({"seat": "host", "username": "new"}, programme=make.programme())
    assert refused(form).fields == {"name": ["还没有账号“new”。要新建，请填写姓名。"]}
    words = checked(SeatForm({"seat": "host", "username": "new", "name": "新人"}, programme=make.programme()))
    assert (words["user"], words["username"], words["name"]) == (None, "new", "新人")


def test_somebody_elses_account_is_not_given_away_by_mistake():
    make.user(username="linxiaolan", name="林晓岚")
    form = SeatForm({"seat": "host", "username": "linxiaolan", "name": "林小兰"}, programme=make.programme())
    assert refused(form).fields == {"name": ["账号“linxiaolan”已经是林晓岚的。给新人请另起账号。"]}


def test_a_seat_of_another_programme_cannot_be_chosen():
    stranger = make.guest(make.programme())
    form = SeatForm({"seat": f"guest:{stranger.pk}", "username": "x", "name": "某人"}, programme=make.programme())
    assert list(refused(form).fields or {}) == ["seat"]


def test_a_notice_may_leave_the_new_time_open():
    assert checked(NoticeForm({"notice": "延期。\u200b"})) == {"notice": "延期。", "planned_start": None}
