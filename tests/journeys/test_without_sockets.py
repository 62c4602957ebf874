"""People behind a network that lets no socket through: the same interview, a few seconds later, and nothing to be done about it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import FLAGS, PATIENCE, executable
from tests.gate import gate
from tests.journeys.people import gather, until_online
from tests.journeys.test_reading import OPENED, anchors, happen

pytestmark = pytest.mark.journey

REFUSED = ["WebSocket"]  # what the browser's console says about every handshake


@pytest.fixture
def blocked(server):
    """The gate before the shared server."""
    with gate(server.url) as made:
        yield made


def behind(new_person, gate, name, **options):
    """Somebody behind the gate."""
    return new_person(name, base_url=gate.url, tolerate=REFUSED, **options)


def polling(page):
    expect(page.locator("[data-connection]")).to_have_attribute("data-state", "polling")
    return page


def read(page, company):
    page.goto(company.page)
    return polling(page)


def passes(page, *, seconds):
    """Time passes on a page with a clock of its own, in steps: the network, which knows nothing of that clock, has to keep up."""
    for _step in range(seconds // 2):
        page.clock.run_for(2_000)
        page.wait_for_timeout(50)


def test_a_reader_gets_everything_once_and_in_order_and_returns_to_the_socket(server, blocked, new_person):
    company = gather(server, "poll")
    happen(server, company, *OPENED)
    reader = behind(new_person, blocked, "reader")
    reader.clock.install()
    read(reader, company)
    expect(reader.locator("[data-connection]")).to_have_text("内容每隔几秒更新")
    expect(reader.locator("[data-pulse]")).to_be_hidden()
    # More than a segment at once, then single ones.
    happen(server, company, "for number in range(120):\n    say(f'第{number + 1}句。')")
    expect(reader.get_by_text("第120句。")).to_be_attached()
    happen(server, company, "exchange('新的提问？', '新的答复。')")
    expect(reader.get_by_text("新的答复。")).to_be_attached()
    # What is withdrawn goes from the page, and its words are nowhere.
    happen(
        server,
        company,
        "transcript.withdraw(entry=programme.entries.get(text='第7句。'), reason='说错了', by=make.editor())",
    )
    expect(reader.get_by_text("第7句。", exact=True)).to_have_count(0)
    held = anchors(reader)

    blocked.sockets = "open"
    passes(reader, seconds=62)
    until_online(reader)
    expect(reader.locator("[data-pulse='readers']")).to_be_visible()
    happen(server, company, "say('最后一句。')")
    expect(reader.get_by_text("最后一句。")).to_be_attached()
    assert anchors(reader)[1:] == held
    held = anchors(reader)
    reader.reload()
    assert anchors(reader) == held


def test_a_network_that_never_answers_a_handshake_is_found_out(server, blocked, new_person):
    company = gather(server, "held")
    happen(server, company, *OPENED)
    blocked.sockets = "held"
    reader = behind(new_person, blocked, "reader")
    reader.clock.install()
    reader.goto(company.page)
    passes(reader, seconds=30)
    assert 1 <= blocked.tried <= 3
    expect(reader.locator("[data-connection]")).to_have_attribute("data-state", "connecting")
    passes(reader, seconds=22)
    polling(reader)
    happen(server, company, "say('刚刚说的话。')")
    expect(reader.get_by_text("刚刚说的话。")).to_be_attached()


def test_two_tabs_poll_side_by_side_and_are_mostly_told_that_nothing_changed(server, blocked, new_person):
    company = gather(server, "tabs")
    happen(server, company, *OPENED)
    first = behind(new_person, blocked, "reader")
    tabs = [read(page, company) for page in (first, first.context.new_page())]
    for words in ("第一次说的话。", "第二次说的话。"):
        happen(server, company, f"say('{words}')")
        for tab in tabs:
            expect(tab.get_by_text(words)).to_be_attached()
    assert anchors(tabs[0]) == anchors(tabs[1])
    assert len(anchors(tabs[0])) == len(set(anchors(tabs[0])))
    assert blocked.unchanged > 0


@pytest.fixture
def keeping_browser(browser):
    """A browser that keeps pages for "back", as they all do when nobody tests with them."""
    kept = browser.browser_type.launch(executable_path=executable(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"])
    yield kept
    kept.close()


def test_a_page_that_the_browser_kept_goes_on_where_it_was(server, blocked, keeping_browser):
    company = gather(server, "kept")
    happen(server, company, *OPENED)
    page = keeping_browser.new_page(base_url=blocked.url, locale="zh-CN")
    page.set_default_timeout(PATIENCE)
    read(page, company)
    page.evaluate("addEventListener('pageshow', ({persisted}) => { window.persisted = persisted })")
    page.goto("/")
    happen(server, company, "say('离开时说的话。')")
    page.go_back(wait_until="commit")
    expect(page.get_by_text("离开时说的话。")).to_be_attached()
    assert page.evaluate("window.persisted") is True


def test_after_a_restored_backup_the_page_is_made_anew_and_keeps_what_is_typed(own_server, new_person):
    company = gather(own_server, "restored")
    happen(own_server, company, *OPENED)
    with gate(own_server.url) as blocked:
        reader = behind(new_person, blocked, "reader")
        read(reader, company)
        reader.get_by_label("提问内容").fill("写了一半的提问")
        own_server.manage("begin_epoch", "--yes")
        happen(own_server, company, "say('恢复以后说的话。')")
        expect(reader.get_by_text("恢复以后说的话。")).to_be_attached()
        expect(reader.get_by_label("提问内容")).to_have_value("写了一半的提问")
        held = anchors(reader)
        reader.reload()
        assert anchors(reader) == held


def test_asking_screening_and_answering_work_without_a_socket(server, blocked, new_person):
    company = gather(server, "rooms")
    netizen = behind(new_person, blocked, "netizen", phone=True)
    read(netizen, company)
    netizen.get_by_label("提问内容").fill("我们小区早晚水压低，什么时候能好？")
    netizen.get_by_role("button", name="提交提问").click()
    # By the form itself: the receipt is a page, and follows by polling.
    netizen.wait_for_url("**/receipts/**")
    state = netizen.locator("#receipt-state")
    expect(state).to_have_attribute("data-state", "received")
    expect(polling(netizen).locator("[data-connection]")).to_have_text("状态每隔几秒更新")

    moderator = company.enter(behind(new_person, blocked, "moderator"), "moderator", "inbox")
    waiting = moderator.locator("[data-list-of='inbox'] > li")
    expect(polling(moderator).locator("[data-connection]")).to_have_text("已连接，每隔几秒更新")
    expect(waiting).to_have_count(1)
    moderator.keyboard.press("Enter")
    expect(waiting.first).to_have_attribute("data-mine", "")
    moderator.keyboard.press("a")
    expect(waiting).to_have_count(0)
    expect(moderator.locator(".decided-item")).to_have_count(1)
    expect(state).to_have_attribute("data-state", "approved")

    host = company.enter(behind(new_person, blocked, "host"), "host", "desk")
    host.get_by_role("button", name="开始访谈").click()
    expect(polling(host).get_by_text("访谈已经开始，读者看得到了。")).to_be_visible()
    reader = read(behind(new_person, blocked, "reader"), company)
    guest = company.enter(behind(new_person, blocked, "guest"), "guest", "sheet")
    typist = company.enter(behind(new_person, blocked, "typist"), "typist", "typist")
    polling(guest)
    polling(typist)
    typist.get_by_label("说了什么").fill("各位网友好。")
    typist.keyboard.press("Control+Enter")
    expect(reader.get_by_text("各位网友好。")).to_be_visible()
    expect(typist.locator("[data-list-of='entries']").get_by_text("各位网友好。")).to_be_visible()

    host.get_by_role("button", name=re.compile("交给周长流")).click()
    card = guest.locator("[data-list-of='sheet'] > section")
    expect(card).to_contain_text("早晚水压低")
    guest.get_by_label("您的答复").fill("周六早上您再看看水压。")
    guest.get_by_role("button", name=re.compile("发布答复")).click()
    expect(card).to_have_count(0)
    expect(reader.get_by_text("周六早上您再看看水压。")).to_be_visible()
    expect(typist.locator("[data-list-of='desk']").get_by_text("早晚水压低")).to_be_hidden()
    expect(state).to_have_attribute("data-state", "answered")

    # What somebody did is there at once, not at the next turn; each page has what a fresh one has.
    for page, things in ((moderator, ".decided-item"), (host, "[data-list-of='desk'] > li"), (typist, "[data-list-of='entries'] > *")):
        shown = page.locator(things).evaluate_all("all => all.map((one) => one.id)")
        page.reload()
        assert page.locator(things).evaluate_all("all => all.map((one) => one.id)") == shown
