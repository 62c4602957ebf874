"""An editor plans: from the empty form to the announcement, and after the close from the proof to the archive; nothing typed is lost."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.people import gather

pytestmark = pytest.mark.journey

PICTURE = BytesIO()
Image.new("RGB", (600, 800), (90, 120, 160)).save(PICTURE, "JPEG")
# What the browser writes to its console when a form is refused.
REFUSED = ["422", "409"]


def enter(person, company, address):
    username, password = company.people["editor"]
    person.goto(f"/sign-in/?next={address}")
    person.get_by_label("账号").fill(username)
    person.get_by_label("密码").fill(password)
    person.get_by_role("button", name="登录").click()
    person.wait_for_url(f"**{address}")
    return person


def faults(page):
    # Whatever is folded away is looked at as well.
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


def test_from_an_empty_form_to_the_announcement(server, new_person):
    company = gather(server, "planning")
    editor = enter(new_person("editor", tolerate=REFUSED), company, "/staff/")
    editor.get_by_role("link", name="新建访谈").click()
    editor.wait_for_url("**/staff/interviews/new/")

    # A fault is told at its field; nothing that was typed is lost, and the unsaved plan says so.
    editor.get_by_label("标题").fill("市公交公司总经理谈线路优化")
    editor.get_by_label("承办单位").fill("火星公交公司")
    start = timezone.localtime() + timedelta(days=8)
    editor.get_by_label("计划开始").fill(f"{start:%Y-%m-%dT15:00}")
    editor.get_by_role("button", name=re.compile("存为草稿")).click()
    expect(editor.locator("[data-field='unit'] .errorlist")).to_have_text(
        "单位目录里没有“火星公交公司”。请从列表中选择，或先在“单位”页导入。"
    )
    expect(editor.locator("[data-field='topic'] .errorlist")).to_have_text("请填写。")
    expect(editor.get_by_label("主题")).to_be_focused()
    expect(editor.get_by_label("标题")).to_have_value("市公交公司总经理谈线路优化")

    editor.get_by_label("主题").fill("公交线路优化")
    editor.get_by_label("承办单位").fill("滨湖市自来水公司")
    editor.keyboard.press("Control+s")
    editor.wait_for_url(re.compile(r"/staff/interviews/[0-9a-f-]{36}/$"))
    expect(editor.locator("#programme-place")).to_contain_text("草稿")
    expect(editor.locator("#plan-next")).to_contain_text("还没有简介，网友不知道可以问什么。")
    editor.get_by_label("简介").fill("欢迎您就公交线路提问。")
    expect(editor.locator("[data-unsaved]")).to_have_text("有未保存的修改")
    # Half a seat is typed while the plan is saved: it stays.
    editor.locator("#seat-username").fill("planning-liu")
    editor.keyboard.press("Control+s")
    expect(editor.locator("#plan-next")).not_to_contain_text("还没有简介")
    expect(editor.locator("#seat-username")).to_have_value("planning-liu")
    expect(editor.locator("[data-unsaved]")).to_be_hidden()

    # A portrait that is none is told beside it; the name stays.
    guests = editor.locator("#plan-guests")
    editor.locator("#guest-new-name").fill("刘通达")
    editor.locator("#guest-new-post").fill("市公交公司总经理")
    editor.locator("#guest-new-portrait").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    guests.get_by_role("button", name="加入").click()
    expect(guests.locator(".errorlist")).to_have_text("这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。")
    expect(editor.locator("#guest-new-name")).to_have_value("刘通达")
    editor.locator("#guest-new-portrait").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": PICTURE.getvalue()})
    guests.get_by_role("button", name="加入").click()
    expect(guests.locator(".people > li")).to_have_count(1)
    expect(guests.locator(".people img.face")).to_be_visible()

    # A new colleague gets an account with the seat; the password shown once opens the door.
    editor.locator("#seat-seat").select_option(label="嘉宾：刘通达")
    editor.locator("#seat-name").fill("刘通达")
    editor.locator("#plan-seats").get_by_role("button", name="安排").click()
    password = editor.locator(".first-password dd").nth(1).inner_text()
    guest = new_person("guest")
    guest.goto("/sign-in/?next=/staff/")
    guest.get_by_label("账号").fill("planning-liu")
    guest.get_by_label("密码").fill(password)
    guest.get_by_role("button", name="登录").click()
    guest.wait_for_url("**/staff/")
    expect(guest.locator(".works")).to_contain_text("市公交公司总经理谈线路优化")

    editor.get_by_role("button", name="发布预告").click()
    expect(editor.locator("#plan-next")).to_contain_text("已预告")
    expect(editor.locator("#programme-place")).to_contain_text("预告")
    assert faults(editor) == []

    # Put off: without a notice nothing happens, with one the public reads it.
    postpone = editor.locator("form[action$='/postpone/']")
    postpone.get_by_role("button").click()
    expect(postpone.locator(".errorlist")).to_have_text("请写公告。")
    postpone.locator("textarea").fill("因防汛任务延期。")
    postpone.get_by_role("button").click()
    expect(editor.locator("#plan-next")).to_contain_text("因防汛任务延期。")
    editor.goto("/staff/")
    assert faults(editor) == []


def test_without_scripts_a_plan_is_made_and_faults_keep_what_was_typed(server, new_person):
    company = gather(server, "planning-plain")
    editor = enter(new_person("editor", javascript=False, tolerate=REFUSED), company, "/staff/interviews/new/")
    editor.get_by_label("标题").fill("市供电公司总经理谈迎峰度夏")
    editor.get_by_role("button", name=re.compile("存为草稿")).click()
    expect(editor.locator("[data-field='topic'] .errorlist")).to_have_text("请填写。")
    expect(editor.get_by_label("标题")).to_have_value("市供电公司总经理谈迎峰度夏")
    editor.get_by_label("主题").fill("迎峰度夏")
    editor.get_by_label("承办单位").fill("滨湖市自来水公司")
    editor.get_by_label("计划开始").fill(f"{timezone.localtime() + timedelta(days=8):%Y-%m-%dT15:00}")
    editor.get_by_role("button", name=re.compile("存为草稿")).click()
    expect(editor.locator(".notes")).to_contain_text("草稿已建立，只有编辑看得到。接下来邀请嘉宾、安排席位。")
    editor.get_by_role("button", name="发布预告").click()
    expect(editor.locator(".notes")).to_contain_text("预告已发布，网友现在可以提问。")


def test_an_editor_proofreads_where_the_words_stand(server, new_person):
    company = gather(server, "proofreading")
    host = company.enter(new_person("host"), "host", "desk")
    host.get_by_role("button", name="开始访谈").click()
    host.get_by_label("主持人的话").fill("各位网友下午好。")
    host.get_by_role("button", name=re.compile("发布")).click()
    expect(host.locator("[data-list-of='entries']")).to_contain_text("各位网友下午好。")

    editor = company.enter(new_person("editor", tolerate=REFUSED), "editor", "proof")
    row = editor.locator(".proof-row", has_text="各位网友下午好。")
    row.locator(".proof-acts summary", has_text="修订").click()
    expect(row.locator("textarea")).to_be_focused()
    row.locator("textarea").fill("各位网友，下午好！")
    expect(editor.locator("[data-unsaved]")).to_have_text("1处没有发布")
    second = company.enter(new_person("second editor", tolerate=REFUSED), "editor", "proof")

    editor.keyboard.press("Control+Enter")
    corrected = editor.locator(".proof-row", has_text="各位网友，下午好！")
    expect(corrected.locator(".words").first).to_have_text("各位网友，下午好！")
    expect(corrected).to_contain_text("已修订")
    expect(editor.locator("[data-unsaved]")).to_be_hidden()
    expect(host.locator("[data-list-of='entries']")).to_contain_text("各位网友，下午好！")

    # Who was second is told, and keeps their words.
    late = second.locator(".proof-row", has_text="各位网友下午好。")
    late.locator(".proof-acts summary", has_text="修订").click()
    late.locator("textarea").fill("大家下午好。")
    with second.expect_response(lambda response: response.status == 409):
        late.get_by_role("button", name=re.compile("发布修订")).click()
    expect(late.locator("[data-said]").first).to_have_text("这一条刚刚被别人修订过，请看过新的文字再改。")
    expect(late.locator("textarea")).to_have_value("大家下午好。")
    assert faults(editor) == []
