import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.html import escape

from interview.models import Programme
from interview.states import ProgrammeState
from tests import scenes as make
from tests.interview.images import claiming, picture

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}
NEW = "/staff/interviews/new/"


@pytest.fixture
def editor(client):
    person = make.editor()
    client.force_login(person)
    return client


def start(days=9):
    return f"{make.local(timezone.now() + timedelta(days=days)):%Y-%m-%dT%H:%M}"


def typed(**changes):
    return {
        "title": "自来水公司总经理谈夏季供水",
        "topic": "夏季供水",
        "unit": make.organisation().name,
        "planned_start": start(),
        "planned_minutes": "60",
        "introduction": "欢迎您提问。",
    } | changes


def plan(programme, action=""):
    return f"/staff/interviews/{programme.pk}/{action}"


def fresh(programme):
    return Programme.objects.get(pk=programme.pk)


def test_a_new_plan_is_a_draft_and_leads_to_its_page(editor):
    response = editor.post(NEW, typed(), follow=True)
    programme = Programme.objects.get()
    assert (programme.state, response.redirect_chain) == (ProgrammeState.DRAFT, [(plan(programme), 302)])
    assert "草稿已建立，只有编辑看得到。接下来邀请嘉宾、安排席位。" in response.content.decode()


def test_a_script_is_told_where_the_new_plan_is(editor):
    response = editor.post(NEW, typed(), headers=JSON)
    assert response.json()["address"] == plan(Programme.objects.get())


def test_a_faulty_plan_keeps_what_was_typed_and_tells_each_fault_at_its_field(editor):
    response = editor.post(NEW, typed(title="<b>谈供水</b>", unit="火星公司", planned_minutes="500"))
    page = response.content.decode()
    assert (response.status_code, Programme.objects.count()) == (422, 0)
    assert escape("<b>谈供水</b>") in page
    assert "单位目录里没有“火星公司”。请从列表中选择，或先在“单位”页导入。" in page
    assert 'value="500"' in page
    assert page.count('aria-invalid="true"') == 2
    # Without a script too, the cursor stands in the first field to correct.
    assert re.findall(r'name="(\w+)"[^>]* autofocus', page) == ["unit"]


def test_a_faulty_plan_is_told_to_a_script_by_its_fields(editor):
    answer = editor.post(NEW, typed(title="", planned_start="明天"), headers=JSON)
    assert (answer.status_code, answer.json()["code"], sorted(answer.json()["fields"])) == (422, "invalid", ["planned_start", "title"])


def test_a_cover_is_made_small_and_shown(editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("cover.png", picture(size=(3200, 1000)).getvalue())
    page = editor.post(NEW, typed(cover=upload, cover_alt="水厂"), follow=True).content.decode()
    programme = Programme.objects.get()
    assert (programme.cover.width, programme.cover.height) == (1600, 500)
    assert f'src="/media/{programme.cover.name}" alt="水厂"' in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"GIF89a no picture", "这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。"),
        (claiming(10_000, 5_000).getvalue(), "图片有10000×5000像素，最多2400万像素，请缩小后再上传。"),
    ],
    ids=["no picture", "50 megapixels"],
)
def test_a_bad_cover_is_told_and_nothing_is_stored(editor, data, sentence):
    response = editor.post(NEW, typed(cover=SimpleUploadedFile("cover.png", data)))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Programme.objects.count() == 0


def test_the_plan_is_changed_and_the_public_sees_it(editor):
    programme = make.programme()
    response = editor.post(plan(programme), typed(title="新的标题"), follow=True)
    assert fresh(programme).title == "新的标题"
    assert "已保存，公众页面已更新。" in response.content.decode()


def test_a_plan_that_is_over_cannot_be_changed(editor):
    programme = make.programme(state=ProgrammeState.ENDED)
    response = editor.post(plan(programme), typed(title="新的标题"), headers=JSON)
    assert (response.status_code, response.json()["code"], fresh(programme).title) == (409, "closed", programme.title)


def test_the_checklist_stands_beside_the_plan_before_it_is_announced(editor):
    page = editor.get(plan(make.programme(state=ProgrammeState.DRAFT))).content.decode()
    for sentence in ("还没有嘉宾。", "还没有审核员，网友的提问无人初筛。", "距开始不足3天，一般应提前7天预告。"):
        assert sentence in page


def test_announced_the_page_says_what_comes_next(editor):
    programme = make.programme(state=ProgrammeState.DRAFT)
    page = editor.post(plan(programme, "announce/"), follow=True).content.decode()
    assert (fresh(programme).state, "预告已发布，网友现在可以提问。" in page) == (ProgrammeState.ANNOUNCED, True)


def test_a_script_gets_what_stands_beside_the_plan_again(editor):
    programme = make.programme(state=ProgrammeState.DRAFT)
    html = editor.post(plan(programme, "announce/"), headers=JSON).json()["html"]
    assert [f'id="{part}"' in html for part in ("programme-place", "plan-cover", "plan-next", "plan-guests", "plan-seats")] == [True] * 5
    assert f'<a href="{plan(programme)}" aria-current="page">策划</a>' in html
    assert "延期…" in html


def test_what_forbids_an_announcement_is_told(editor):
    programme = make.programme(state=ProgrammeState.DRAFT, planned_start=timezone.now() - timedelta(days=1))
    page = editor.post(plan(programme, "announce/"), headers={"referer": f"http://testserver{plan(programme)}"}, follow=True)
    assert "不能预告：计划开始时间已经过去。" in page.content.decode()
    assert fresh(programme).state == ProgrammeState.DRAFT


def test_postponed_with_a_notice_and_a_new_time(editor):
    programme = make.programme()
    editor.post(plan(programme, "postpone/"), {"notice": "嘉宾有防汛任务。", "planned_start": "2030-08-01T09:30"})
    moved = fresh(programme)
    assert (moved.state, moved.notice) == (ProgrammeState.POSTPONED, "嘉宾有防汛任务。")
    assert f"{make.local(moved.planned_start):%Y-%m-%d %H:%M}" == "2030-08-01 09:30"


@pytest.mark.parametrize("action", ["postpone", "cancel"])
def test_a_notice_that_is_missing_or_too_long_is_told_at_its_field_and_kept(editor, action):
    programme = make.programme()
    for notice, sentence in (("", "请写公告。"), ("长" * 1001, "太长。")):
        response = editor.post(plan(programme, f"{action}/"), {"notice": notice})
        page = response.content.decode()
        assert (response.status_code, fresh(programme).state) == (422, ProgrammeState.ANNOUNCED)
        assert sentence in page
        assert f"{notice}</textarea>" in page
    assert editor.post(plan(programme, f"{action}/"), {"notice": ""}, headers=JSON).json()["fields"] == {"notice": ["请写公告。"]}


def test_cancelled_with_a_notice(editor):
    programme = make.programme()
    page = editor.post(plan(programme, "cancel/"), {"notice": "本期取消。"}, follow=True).content.decode()
    assert (fresh(programme).state, "已取消，公告已发布，收到的提问都保留。" in page) == (ProgrammeState.CANCELLED, True)


@pytest.mark.parametrize("state", sorted(ProgrammeState))
def test_the_plan_shows_in_every_state(editor, state):
    assert editor.get(plan(make.programme(state=state))).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_plan_takes_the_same_statements_however_many_people(editor, count, django_assert_max_num_queries):
    programme = make.programme()
    for _ in range(count):
        make.seated(programme, "guest", guest=make.guest(programme))
        make.seated(programme, "moderator")
    with django_assert_max_num_queries(24):
        editor.get(plan(programme))
