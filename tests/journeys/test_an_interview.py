"""An interview as its people live it, each in a browser of their own, at the same time."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import gather

pytestmark = pytest.mark.journey

DECLINE = """async ([address, question]) => {
    const body = new FormData();
    body.set("question", question);
    body.set("reason", "off_topic");
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    const response = await fetch(address, {method: "POST", headers: {Accept: "application/json"}, body});
    return [response.status, (await response.json()).detail];
}"""


def test_from_the_first_question_to_the_archive(server, new_person):
    company = gather(server, "whole")

    # A netizen asks in advance, on a phone.
    netizen = new_person("netizen", phone=True)
    netizen.goto(company.page)
    netizen.get_by_label("昵称").fill("湖滨老李")
    netizen.get_by_label("提问内容").fill("我们小区早晚水压低，什么时候能好？")
    netizen.get_by_role("button", name=re.compile("提交")).click()
    receipt = netizen.locator("a[href*='/receipts/']").first
    expect(receipt).to_be_visible()
    netizen.goto(receipt.get_attribute("href"))
    expect(netizen.locator("#receipt-state")).to_have_attribute("data-state", "received")

    # The moderator sees it and approves it with one key; the netizen's receipt follows by itself.
    moderator = company.enter(new_person("moderator"), "moderator", "inbox")
    waiting = moderator.locator("[data-list-of='inbox'] > li")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("早晚水压低")
    moderator.keyboard.press("j")
    moderator.keyboard.press("a")
    expect(waiting).to_have_count(0)
    expect(netizen.locator("#receipt-state")).to_have_attribute("data-state", "approved")

    # The host opens; a reader is there already and sees it start.
    reader = new_person("reader")
    reader.goto(company.page)
    host = company.enter(new_person("host"), "host", "desk")
    host.get_by_role("button", name="开始访谈").click()
    expect(host.get_by_text("访谈已经开始，读者看得到了。")).to_be_visible()
    expect(reader.locator("#state-bar")).to_have_attribute("data-state", "live")
    reader.goto(company.page)
    entries = reader.locator("[data-list-of='entries'] > article")
    expect(entries).to_have_count(1)

    # The stenographer types what the host says.
    typist = company.enter(new_person("typist"), "typist", "typist")
    typist.get_by_label("说了什么").fill("各位网友好，今天请来市自来水公司总经理周长流。")
    typist.keyboard.press("Control+Enter")
    expect(entries).to_have_count(2)
    expect(reader.get_by_text("今天请来市自来水公司总经理")).to_be_visible()

    # The host puts the question to the guest, who sees it, writes, loses the page, and finds the draft again.
    guest = company.enter(new_person("guest"), "guest", "sheet")
    host.get_by_role("button", name=re.compile("交给周长流")).click()
    card = guest.locator("[data-list-of='sheet'] > section")
    expect(card).to_contain_text("早晚水压低")
    answering = [page.locator(".answering", has_text="周长流正在答复") for page in (reader, host)]
    for place in answering:
        expect(place).to_be_hidden()
    guest.get_by_label("您的答复").fill("老李您好，加压泵本周五换好，")
    expect(guest.locator(".saved")).to_contain_text("已保存")
    # That somebody is at it readers and the host see, not what is written.
    for place in answering:
        expect(place).to_be_visible()
    expect(reader.get_by_text("加压泵本周五换好")).to_have_count(0)
    guest.reload()
    answer = guest.get_by_label("您的答复")
    expect(answer).to_have_value("老李您好，加压泵本周五换好，")
    answer.fill("老李您好，加压泵本周五换好，周六早上您再看看水压。")
    guest.get_by_role("button", name=re.compile("发布答复")).click()
    expect(card).to_have_count(0)
    expect(guest.get_by_text("主持人交给您的提问会出现在这里，不用刷新。")).to_be_visible()

    # Everybody has the exchange: the reader on the page, the asker on the receipt, with a link to the answer.
    expect(reader.get_by_text("周六早上您再看看水压。")).to_be_visible()
    expect(netizen.locator("#receipt-state")).to_have_attribute("data-state", "answered")
    expect(netizen.get_by_role("link", name="撤回提问")).to_have_count(0)
    netizen.locator("#receipt-state a[href*='#entry-']").click()
    expect(netizen.get_by_text("周六早上您再看看水压。")).to_be_visible()

    # The stenographer corrects the last line in the open.
    typist.get_by_role("link", name=re.compile("修订上一条")).click()
    typist.get_by_label("文字").fill("老李您好，加压泵本周五换好，周六早上请您再看看水压。")
    typist.get_by_role("button", name="发布修订").click()
    expect(reader.get_by_text("周六早上请您再看看水压。")).to_be_visible()

    # A question that is not reached is kept when the host closes.
    late = new_person("second netizen")
    late.goto(company.page)
    late.get_by_label("提问内容").fill("水费为什么两个月一收？")
    late.get_by_role("button", name=re.compile("提交")).click()
    expect(late.locator("a[href*='/receipts/']").first).to_be_visible()
    expect(waiting).to_have_count(1)
    moderator.keyboard.press("j")
    moderator.keyboard.press("a")
    expect(waiting).to_have_count(0)
    host.get_by_text("结束访谈").click()
    host.get_by_role("button", name="现在结束").click()
    expect(host.get_by_text("访谈已经结束。没有答到的提问转为书面答复。")).to_be_visible()
    expect(reader.locator("#state-bar")).to_have_attribute("data-state", "ended")
    reader.goto(company.page)
    expect(reader.get_by_text("水费为什么两个月一收？")).to_be_visible()

    # The editor archives; the folder holds the same words.
    editor = company.enter(new_person("editor"), "editor", "proof")
    editor.get_by_role("button", name="校对完毕，归档").click()
    expect(editor.get_by_role("button", name="重新写入归档")).to_be_visible()
    [written] = [path for path in server.portal.glob("**/transcript.json") if company.programme in path.read_text(encoding="utf-8")]
    archived = json.loads(written.read_text(encoding="utf-8"))
    assert [entry["text"] for entry in archived["entries"] if entry["kind"] == "answer"] == [
        "老李您好，加压泵本周五换好，周六早上请您再看看水压。"
    ]
    alone = new_person("reader years later", base_url=f"file://{written.parent}/")
    alone.goto(f"file://{written.parent}/index.html")
    expect(alone.get_by_text("周六早上请您再看看水压。")).to_be_visible()
    expect(alone.get_by_text("水费为什么两个月一收？")).to_be_visible()


def test_a_declined_question_tells_its_asker_why(server, new_person):
    company = gather(server, "declined")
    netizen = new_person("netizen")
    netizen.goto(company.page)
    netizen.get_by_label("提问内容").fill("谁家有二手冰箱出售？")
    netizen.get_by_role("button", name=re.compile("提交")).click()
    netizen.goto(netizen.locator("a[href*='/receipts/']").first.get_attribute("href"))
    moderator = company.enter(new_person("moderator"), "moderator", "inbox")
    expect(moderator.locator("[data-list-of='inbox'] > li")).to_have_count(1)
    for key in ("j", "d", "1"):
        moderator.keyboard.press(key)
    expect(moderator.locator("[data-list-of='inbox'] > li")).to_have_count(0)
    expect(netizen.locator("#receipt-state")).to_have_attribute("data-state", "declined")
    expect(netizen.locator("#receipt-state")).to_contain_text("与本期主题无关")


def test_the_second_moderator_is_told_who_was_first(server, new_person):
    company = gather(server, "race")
    netizen = new_person("netizen")
    netizen.goto(company.page)
    netizen.get_by_label("提问内容").fill("夜里停水为什么不通知？")
    netizen.get_by_role("button", name=re.compile("提交")).click()
    expect(netizen.locator("a[href*='/receipts/']").first).to_be_visible()
    first = company.enter(new_person("moderator"), "moderator", "inbox")
    second = company.enter(new_person("second moderator", tolerate=["409"]), "second_moderator", "inbox")
    expect(second.locator("[data-list-of='inbox'] > li")).to_have_count(1)
    question = second.locator("[data-list-of='inbox'] > li").get_attribute("id").removeprefix("inbox-")
    first.keyboard.press("j")
    first.keyboard.press("a")
    expect(first.locator("[data-list-of='inbox'] > li")).to_have_count(0)
    # The key was already under the second one's finger: what the page sends comes too late.
    status, sentence = second.evaluate(DECLINE, [f"{company.room('inbox')}decline/", question])
    assert status == 409
    assert "方正" in sentence


def test_the_stenographer_needs_no_mouse(server, new_person):
    company = gather(server, "keys")
    netizen = new_person("netizen")
    netizen.goto(company.page)
    netizen.get_by_label("提问内容").fill("水表多久校一次？")
    netizen.get_by_role("button", name=re.compile("提交")).click()
    moderator = company.enter(new_person("moderator"), "moderator", "inbox")
    expect(moderator.locator("[data-list-of='inbox'] > li")).to_have_count(1)
    moderator.keyboard.press("j")
    moderator.keyboard.press("a")
    host = company.enter(new_person("host"), "host", "desk")
    host.get_by_role("button", name="开始访谈").click()
    expect(host.locator("#state-bar")).to_have_attribute("data-state", "live")

    # A speaker's key, words, Ctrl+Enter; the speaker stays until another is chosen, what was typed is gone.
    typist = company.enter(new_person("typist"), "typist", "typist")
    words = typist.get_by_label("说了什么")
    latest = typist.locator("[data-list-of='entries'] > article")
    for count, (key, speaker, said) in enumerate(
        [("Alt+1", "周长流", "各位好，我是周长流。"), ("Alt+0", "林听", "请看下一个提问。")], start=2
    ):
        typist.keyboard.press(key)
        typist.keyboard.type(said)
        typist.keyboard.press("Control+Enter")
        expect(latest).to_have_count(count)
        expect(latest.first.locator("b")).to_have_text(speaker)
        expect(latest.first).to_contain_text(said)
        expect(words).to_have_value("")

    # The host hands the question over, takes it back, hands it over again: from the first click on without a mouse.
    host.get_by_role("button", name=re.compile("交给周长流")).click()
    put = host.locator("[data-list-of='desk'] > li.put")
    expect(put).to_be_focused()
    host.keyboard.press("u")
    expect(put).to_have_count(0)
    host.keyboard.press("1")
    expect(put).to_have_count(1)

    # Choosing it chooses who answers; afterwards the next words are a remark again.
    ask = typist.locator("[data-list-of='desk'] > li")
    expect(ask).to_have_attribute("data-put-to", re.compile("."))
    ask.get_by_label("记录这一条的答复").check()
    expect(typist.locator("[name='guest'][data-key='1']")).to_be_checked()
    words.fill("六年一次，到期免费换。")
    expect(host.locator(".answering")).to_have_text("周长流正在答复")
    typist.keyboard.press("Control+Enter")
    expect(latest).to_have_count(5)
    expect(typist.get_by_label("不是答复，只是发言")).to_be_checked()

    # The last line is the answer, also on a page that was just loaded.
    typist.reload()
    typist.keyboard.press("Alt+Z")
    expect(typist.get_by_label("文字")).to_have_value("六年一次，到期免费换。")


def test_a_reader_without_javascript_reads_and_asks(server, new_person):
    company = gather(server, "plain")
    reader = new_person("reader", javascript=False)
    reader.goto(company.page)
    expect(reader.get_by_role("heading", name="市自来水公司总经理谈夏季供水")).to_be_visible()
    reader.get_by_label("提问内容").fill("没有脚本也能问吗？")
    reader.get_by_role("button", name=re.compile("提交")).click()
    reader.wait_for_url("**/receipts/**")
    expect(reader.locator("#receipt-state")).to_have_attribute("data-state", "received")


def test_a_reader_misses_nothing_when_the_server_restarts(own_server, new_person):
    company = gather(own_server, "restart")
    host = company.enter(new_person("host", base_url=own_server.url, tolerate=["WebSocket", "Failed to load", "503"]), "host", "desk")
    host.get_by_role("button", name="开始访谈").click()
    reader = new_person("reader", base_url=own_server.url, tolerate=["WebSocket", "Failed to load", "503"])
    reader.goto(company.page)
    entries = reader.locator("[data-list-of='entries'] > article")
    expect(entries).to_have_count(1)
    own_server.restart()
    for word in ("一", "二", "三"):
        host.get_by_label("主持人的话").fill(f"重启以后的第{word}句话。")
        host.get_by_role("button", name=re.compile("^发布")).click()
        expect(host.get_by_label("主持人的话")).to_have_value("")
    expect(entries).to_have_count(4)
    assert [int(order) for order in entries.evaluate_all("all => all.map(one => one.dataset.order)")] == sorted(
        [int(order) for order in entries.evaluate_all("all => all.map(one => one.dataset.order)")], reverse=True
    )
