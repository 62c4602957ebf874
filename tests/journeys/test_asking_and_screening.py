"""Netizens who ask under every condition, and moderators who screen together, each in a browser of their own."""

import re
from hashlib import sha256

import pytest
from playwright.sync_api import expect

from tests.journeys.people import gather, until_online

pytestmark = pytest.mark.journey

_FILL = """
from uuid import uuid4
from django.db import transaction
from interview import questions
from interview.models import Programme
from moderation import inbox
programme = Programme.objects.get(pk="{programme}")
for number in range({count}):
    with transaction.atomic():
        question, _ = questions.submit(programme=programme, client_token=uuid4(), nickname="", text=f"第{{number + 1}}问",
                                       digest=f"{{number}}", visitor=f"v{{number}}", address=None)
        inbox.arrive(question)
"""


def fill(server, company, count):
    server.manage("shell", "--no-imports", "-c", _FILL.format(programme=company.programme, count=count))


def ask(page, company, text, nickname="", *, online=False):
    page.goto(company.page)
    if online:
        until_online(page)
    page.get_by_label("昵称").fill(nickname)
    page.get_by_label("提问内容").fill(text)
    page.get_by_role("button", name="提交提问").click()


def current(page):
    return page.locator(".inbox-item[aria-current]")


def test_two_moderators_never_decide_the_same_question(server, new_person):
    company = gather(server, "two")
    fill(server, company, 3)
    fang = company.enter(new_person("fang", tolerate=["409"]), "moderator", "inbox")
    shen = company.enter(new_person("shen", tolerate=["409"]), "second_moderator", "inbox")
    waiting = shen.locator(".inbox-item")
    expect(waiting).to_have_count(3)
    for page in (fang, shen):
        until_online(page)

    # Fang takes the first: Shen sees who holds it and cannot decide it, and takes the next.
    fang.keyboard.press("Enter")
    expect(shen.get_by_text(re.compile("方正正在审核，到"))).to_be_visible()
    expect(waiting.first.locator("[data-act='approve']")).to_be_hidden()
    shen.keyboard.press("j")
    shen.keyboard.press("a")
    expect(waiting).to_have_count(2)
    expect(shen.locator("#undo")).to_contain_text("已通过")

    # Fang puts it back; now Shen declines it with two keys, and Fang reads what became of it.
    fang.keyboard.press("u")
    expect(waiting.first.locator(".inbox-holder")).to_have_count(0)
    shen.keyboard.press("k")
    shen.keyboard.press("d")
    expect(shen.get_by_role("dialog")).to_be_visible()
    shen.keyboard.press("6")
    expect(waiting).to_have_count(1)
    expect(fang.locator(".decided-item").first).to_contain_text("内容不清")
    expect(fang.locator(".decided-item").first).to_contain_text("沈慎")

    # The last decision was a slip: one key takes it back, and the question stands at its old place.
    shen.keyboard.press("z")
    expect(waiting).to_have_count(2)
    expect(waiting.first).to_contain_text("第1问")
    expect(fang.locator(".inbox-item").first).to_contain_text("第1问")


def test_the_place_is_never_lost(server, new_person):
    company = gather(server, "place")
    fill(server, company, 5)
    fang = company.enter(new_person("fang"), "moderator", "inbox")
    shen = company.enter(new_person("shen"), "second_moderator", "inbox")
    for page in (fang, shen):
        until_online(page)
    for _step in range(2):
        fang.keyboard.press("j")
    expect(current(fang)).to_contain_text("第3问")
    expect(current(fang)).to_be_focused()

    # What others decide before it moves nothing; when the question itself goes, the next one is current and has the focus.
    shen.keyboard.press("a")
    expect(fang.locator(".inbox-item")).to_have_count(4)
    expect(current(fang)).to_contain_text("第3问")
    expect(current(fang)).to_be_focused()
    shen.keyboard.press("j")
    shen.keyboard.press("a")
    expect(fang.locator(".inbox-item")).to_have_count(3)
    expect(current(fang)).to_contain_text("第4问")
    expect(current(fang)).to_be_focused()

    # Whoever writes to the asker keeps the cursor, whatever comes.
    fang.keyboard.press("d")
    words = fang.get_by_label("给提问人的话")
    words.fill("请写清")
    fill(server, company, 1)
    expect(fang.locator(".inbox-item")).to_have_count(4)
    expect(words).to_be_focused()
    fang.keyboard.type("哪个小区，1号还是2号。")
    expect(words).to_have_value("请写清哪个小区，1号还是2号。")
    fang.keyboard.press("Escape")
    expect(current(fang)).to_contain_text("第4问")


def test_a_long_queue_is_shown_in_parts_and_none_is_skipped(server, new_person):
    company = gather(server, "long")
    fill(server, company, 60)
    fang = company.enter(new_person("fang"), "moderator", "inbox")
    until_online(fang)
    expect(fang.locator(".inbox-item")).to_have_count(50)
    fill(server, company, 1)
    expect(fang.locator("#inbox-load")).to_have_attribute("data-waiting", "61")
    expect(fang.locator(".inbox-item")).to_have_count(50)
    for number in range(1, 27):
        expect(current(fang)).to_contain_text(re.compile(f"第{number}问"))
        fang.keyboard.press("a")
    expect(fang.locator("#inbox-load")).to_have_attribute("data-waiting", "35")
    expect(fang.locator(".inbox-item")).to_have_count(35)
    orders = fang.locator(".inbox-item").evaluate_all("items => items.map((item) => Number(item.dataset.order))")
    assert orders == list(range(27, 62))


def test_without_scripts_asking_screening_and_withdrawing_work(server, new_person):
    company = gather(server, "plain")
    netizen = new_person("netizen", javascript=False, phone=True, tolerate=["422"])
    ask(netizen, company, "水压什么时候恢复？", nickname="主 持 人")
    expect(netizen.get_by_role("alert")).to_contain_text("昵称里不能用“主持人”")
    expect(netizen.get_by_label("提问内容")).to_have_value("水压什么时候恢复？")
    netizen.get_by_label("昵称").fill("湖滨老李")
    netizen.get_by_role("button", name="提交提问").click()
    netizen.wait_for_url("**/receipts/**")
    expect(netizen.locator("#receipt-state")).to_contain_text("提问已收到")

    moderator = company.enter(new_person("moderator", javascript=False), "moderator", "inbox")
    moderator.get_by_role("button", name="我来审").click()
    expect(moderator.get_by_text("您正在审核提问")).to_be_visible()
    moderator.get_by_role("link", name="不采用").click()
    moderator.get_by_label("给提问人的话").fill("请写清是哪个小区。")
    moderator.get_by_role("button", name="内容不清").click()
    expect(moderator.locator(".decided-item")).to_contain_text("已告知：请写清是哪个小区。")
    netizen.reload()
    expect(netizen.locator("#receipt-state")).to_contain_text("请写清是哪个小区。")
    moderator.get_by_role("button", name="收回审核").click()
    expect(moderator.locator(".inbox-item")).to_have_count(1)

    netizen.reload()
    netizen.get_by_role("link", name="撤回提问").click()
    netizen.get_by_role("button", name="撤回", exact=True).click()
    expect(netizen.locator("#receipt-state")).to_have_attribute("data-state", "withdrawn")
    moderator.reload()
    expect(moderator.locator(".inbox-item")).to_have_count(0)


def test_a_draft_outlives_the_page_and_is_gone_with_the_receipt(server, new_person):
    company = gather(server, "draft")
    netizen = new_person("netizen")
    netizen.goto(company.page)
    text = netizen.get_by_label("提问内容")
    text.fill("水" * 998 + "😀𠮷")
    expect(netizen.locator("#ask-counter")).to_have_text("1000 / 1000")
    text.press("End")
    netizen.keyboard.type("！")
    expect(netizen.locator("#ask-counter")).to_have_text("提问有1001字，最多1000字，请删去1字。")
    netizen.get_by_role("button", name="提交提问").click()
    expect(netizen.get_by_role("alert")).to_contain_text("提问有1001字，最多1000字，请删去1字。")
    expect(text).to_be_focused()
    text.fill("水压什么时候恢复？")
    token = netizen.locator("#ask-form [name=token]").input_value()
    netizen.reload()
    expect(text).to_have_value("水压什么时候恢复？")
    expect(netizen.locator("#ask-form [name=token]")).to_have_value(token)
    until_online(netizen)
    netizen.get_by_role("button", name="提交提问").click()
    expect(netizen.get_by_text("提问已收到")).to_be_visible()
    netizen.reload()
    expect(text).to_have_value("")


def test_with_the_socket_cut_the_form_goes_by_itself_and_asks_once(server, new_person):
    company = gather(server, "cut")
    netizen = new_person("netizen", tolerate=["WebSocket"])
    # The line is up, but what is sent over it never arrives.
    netizen.route_web_socket("**/ws/", lambda socket: socket.on_message(lambda _message: None))
    ask(netizen, company, "水压什么时候恢复？")
    netizen.wait_for_url("**/receipts/**")
    expect(netizen.locator("#receipt-state")).to_contain_text("提问已收到")
    netizen.goto(company.page)
    expect(netizen.get_by_label("提问内容")).to_have_value("")
    moderator = company.enter(new_person("moderator"), "moderator", "inbox")
    expect(moderator.locator(".inbox-item")).to_have_count(1)


def test_asking_twice_in_a_row_is_told_when_to_come_again(server, new_person):
    company = gather(server, "twice")
    netizen = new_person("netizen")
    ask(netizen, company, "第一个问题", online=True)
    expect(netizen.get_by_text("提问已收到")).to_be_visible()
    netizen.get_by_role("button", name="再提一个问题").click()
    netizen.get_by_label("提问内容").fill("第二个问题")
    netizen.get_by_role("button", name="提交提问").click()
    expect(netizen.get_by_role("alert")).to_contain_text(re.compile(r"提问太频繁了，请在 \d+ 秒后再提交。"))
    expect(netizen.get_by_label("提问内容")).to_have_value("第二个问题")


_CHALLENGE = """
from moderation.models import Rules
Rules.objects.update_or_create(programme_id="{programme}", defaults={{"challenge": "always"}})
"""


def test_a_crowded_interview_lets_the_browser_work_before_it_takes_a_question(server, new_person):
    company = gather(server, "work")
    server.manage("shell", "--no-imports", "-c", _CHALLENGE.format(programme=company.programme))
    li = new_person("li")
    ask(li, company, "水压什么时候恢复？", online=True)
    expect(li.locator("#ask-receipt")).to_be_visible()
    expect(li.locator("[data-receipt-number]")).to_have_text(re.compile(r"\d{4}-001"))

    # On the page of the form alone there is no socket: the form comes back, the browser solves, and the next press is taken.
    wang = new_person("wang", tolerate=["428"])
    wang.goto(f"{company.page}ask/")
    wang.get_by_label("提问内容").fill("停水通知在哪里看？")
    wang.get_by_role("button", name="提交提问").click()
    expect(wang.locator("#ask-status")).to_have_text("验证完成，请再提交一次。")
    expect(wang.get_by_label("提问内容")).to_have_value("停水通知在哪里看？")
    wang.get_by_role("button", name="提交提问").click()
    expect(wang.locator("#receipt-state")).to_contain_text("提问已收到")


def test_the_browsers_own_sha256_is_right(server, new_person):
    page = new_person("hash")
    page.goto("/")
    texts = ["", "abc", "a" * 55, "a" * 56, "a" * 64, "水压" * 300]
    script = """async ([address, texts]) => { const { sha256 } = await import(address); return texts.map(sha256); }"""
    address = page.evaluate(
        "() => performance.getEntriesByType('resource').map((entry) => entry.name).find((name) => name.includes('/static/js/'))"
    )
    found = page.evaluate(script, [re.sub(r"/js/.*", "/js/challenge.js", address), texts])
    assert found == [sha256(text.encode()).hexdigest() for text in texts]


def test_who_writes_what_was_asked_already_is_shown_it_and_wants_the_same(server, new_person):
    company = gather(server, "similar")
    ask(new_person("li"), company, "我们小区的水压什么时候恢复？")
    fang = company.enter(new_person("fang"), "moderator", "inbox")
    expect(fang.locator(".inbox-item")).to_have_count(1)
    fang.keyboard.press("a")
    expect(fang.locator(".inbox-item")).to_have_count(0)

    wang = new_person("wang")
    wang.goto(company.page)
    until_online(wang)
    field = wang.get_by_label("提问内容")
    field.press_sequentially("请问小区水压何时")
    place, button = field.bounding_box(), wang.get_by_role("button", name="提交提问").bounding_box()
    field.press_sequentially("可以恢复正常")
    similar = wang.locator("#similar")
    expect(similar.get_by_role("heading", name="已经有人问过")).to_be_visible()
    expect(similar.get_by_role("listitem")).to_contain_text("我们小区的水压什么时候恢复？")
    expect(similar.get_by_role("heading", name="已经答复过")).to_be_hidden()
    expect(wang.locator("#similar-told")).to_have_text("有1条相似的提问，列在提交按钮下面。")
    # Nothing moves under the hand of whoever writes, and nothing is lost.
    assert (field.bounding_box(), wang.get_by_role("button", name="提交提问").bounding_box()) == (place, button)
    expect(field).to_have_value("请问小区水压何时可以恢复正常")

    similar.get_by_role("button", name="同问").click()
    expect(similar.get_by_role("button", name="同问")).to_have_attribute("aria-pressed", "true")
    expect(similar.get_by_text("1人同问")).to_be_visible()

    field.fill("谢谢")
    expect(similar).to_be_hidden()
