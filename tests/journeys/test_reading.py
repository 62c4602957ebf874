"""Readers: on a phone, scrolled away, cut off, without scripts, with large type; nothing moves, nothing is missed."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import PATIENCE
from tests.journeys.people import gather, until_online

pytestmark = pytest.mark.journey

_HAPPEN = """
from interview import answers, schedule, transcript
from interview.models import Programme, Seat
from tests import scenes as make
programme = Programme.objects.get(pk="{programme}")
host = programme.seats.get(role="host").user
typist = programme.seats.get(role="stenographer").user
guest = programme.guests.get()
def say(text, guest=None):
    transcript.publish_remark(programme=programme, text=text, guest=guest, by=typist)
def exchange(asked, answered):
    answers.answer(question=make.approved(programme, text=asked), guest=guest, text=answered, by=typist)
{steps}
"""


def happen(server, company, *steps):
    """Let things happen on air, by the verbs of the people concerned."""
    server.manage("shell", "--no-imports", "-c", _HAPPEN.format(programme=company.programme, steps="\n".join(steps)))


OPENED = (
    "schedule.open(programme=programme, by=host)",
    "for number in range(12):\n    say(f'第{number + 1}段话。' * 20)",
    "exchange('水压什么时候恢复？', '八月十日前。')",
)


@pytest.fixture(scope="module")
def on_air(server):
    """A live programme for readers who change nothing."""
    company = gather(server, "onair")
    happen(server, company, *OPENED, "make.approved(programme, text='等待的提问？')", "say('https://www.hubin.example/' + 'a' * 200)")
    return company


def online(page, company, query=""):
    page.goto(company.page + query)
    until_online(page)
    return page


def anchors(page):
    return page.locator(".entries > *").evaluate_all("articles => articles.map(article => article.id)")


def test_a_reader_who_scrolled_away_is_not_moved_and_sees_the_news_when_asked_for(server, new_person):
    company = gather(server, "calm")
    happen(server, company, *OPENED)
    reader = online(new_person("reader", phone=True), company)
    read = reader.locator("#entry-5")
    read.scroll_into_view_if_needed()
    before = read.bounding_box()["y"]
    happen(server, company, "say('刚刚说的话。')", "exchange('新的提问？', '新的答复。')")
    news = reader.get_by_role("button", name="2条新内容")
    expect(news).to_be_visible()
    assert read.bounding_box()["y"] == before
    news.click()
    expect(news).to_be_hidden()
    expect(reader.get_by_text("新的答复。")).to_be_in_viewport()
    assert reader.evaluate("document.activeElement.id") == "entry-17"
    # The question stands above its answer also where the newest is on top.
    assert anchors(reader)[:4] == ["entry-17", "entry-18", "entry-16", "entry-14"]


def test_a_reader_at_the_top_sees_what_comes_at_once(server, new_person):
    company = gather(server, "top")
    happen(server, company, *OPENED)
    reader = online(new_person("reader"), company)
    happen(server, company, "say('刚刚说的话。')")
    expect(reader.get_by_text("刚刚说的话。")).to_be_in_viewport()
    expect(reader.locator("[data-announcer]")).to_have_text("新增1条内容")


def test_a_reader_survives_a_restart_without_gap_or_repeat(own_server, new_person):
    company = gather(own_server, "restart")
    happen(own_server, company, *OPENED)
    reader = online(new_person("reader", base_url=own_server.url, tolerate=["WebSocket", "ERR_CONNECTION_REFUSED"]), company)
    own_server.stop()
    happen(own_server, company, "say('断线时说的话。')", "exchange('断线时的提问？', '断线时的答复。')")
    expect(reader.locator("[data-connection]")).not_to_have_attribute("data-state", "online")
    own_server.start()
    # The page comes back by chance within a span that has grown to ten seconds.
    expect(reader.get_by_text("断线时的答复。")).to_be_attached(timeout=4 * PATIENCE)
    held = anchors(reader)
    reader.reload()
    assert held == anchors(reader)


def test_guests_only_is_chosen_without_a_reload_and_kept_by_one(on_air, new_person):
    reader = online(new_person("reader"), on_air)
    reader.get_by_role("link", name="只看嘉宾").click()
    expect(reader.locator("#entry-2")).to_be_hidden()
    expect(reader.get_by_text("八月十日前。")).to_be_visible()
    reader.reload()
    expect(reader.locator("#entry-2")).to_be_hidden()


def test_the_announcement_leads_to_the_live_page_and_that_to_the_transcript(server, new_person):
    company = gather(server, "lead")
    reader = online(new_person("reader"), company)
    expect(reader.locator("[data-countdown]")).to_contain_text("还有")
    happen(server, company, *OPENED)
    reader.get_by_role("link", name="访谈已经开始，进入直播").click()
    expect(reader.get_by_role("feed").get_by_text("八月十日前。")).to_be_visible()
    happen(server, company, "make.approved(programme, text='谁来修路灯？')", "schedule.close(programme=programme, by=host)")
    reader.get_by_role("link", name="访谈已经结束，看完整实录").click()
    expect(reader.locator("#waiting").get_by_text("谁来修路灯？")).to_be_visible()
    expect(reader.get_by_role("feed")).to_have_count(0)


def test_the_question_box_rises_on_a_phone_and_goes_again_with_escape(on_air, new_person):
    reader = online(new_person("reader", phone=True), on_air)
    button = reader.get_by_role("link", name="我要提问")
    button.click()
    expect(reader.get_by_label("提问内容")).to_be_focused()
    reader.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_everything_reads_without_scripts(on_air, new_person):
    reader = new_person("reader", javascript=False)
    reader.goto("/")
    reader.get_by_role("link", name="市自来水公司总经理谈夏季供水").first.click()
    reader.goto(on_air.page)
    expect(reader.get_by_text("八月十日前。")).to_be_visible()
    expect(reader.get_by_text("等待的提问？")).to_be_visible()
    reader.get_by_role("link", name="只看嘉宾").click()
    expect(reader.locator("#entry-2")).to_be_hidden()
    reader.get_by_role("link", name="改为从头看").click()
    assert anchors(reader)[:2] == ["entry-1", "entry-2"]


def test_large_type_is_one_column_with_large_targets_and_stays(on_air, new_person):
    reader = online(new_person("reader"), on_air)
    reader.get_by_role("button", name="大字版").click()
    reader.reload()
    expect(reader.get_by_role("button", name="大字版")).to_have_attribute("aria-pressed", "true")
    assert reader.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 22
    assert reader.get_by_role("link", name="我要提问").bounding_box()["height"] >= 48
    main, side = (reader.locator(f".column-{name}").bounding_box() for name in ("main", "side"))
    assert main["y"] + main["height"] <= side["y"]


def test_no_page_is_wider_than_the_screen(on_air, new_person):
    reader = new_person("reader")
    # 640 pixels are what a screen of 1280 has at 200 % zoom.
    for width in (320, 640, 1440):
        reader.set_viewport_size({"width": width, "height": 800})
        for address in ("/", on_air.page, "/sign-in/"):
            reader.goto(address)
            assert reader.evaluate("document.documentElement.scrollWidth") <= width


def test_pages_keep_the_rules_of_accessibility(server, new_person):
    company = gather(server, "rules")
    reader = new_person("reader")
    moments = {"announced": (), "live": (*OPENED, "make.approved(programme)"), "ended": ("schedule.close(programme=programme, by=host)",)}
    broken = {}
    for moment, steps in moments.items():
        if steps:
            happen(server, company, *steps)
        for scheme in ("light", "dark"):
            reader.emulate_media(color_scheme=scheme)
            for address in ("/", company.page):
                reader.goto(address)
                broken[moment, scheme, address] = [rule["id"] for rule in Axe().run(reader).response["violations"]]
    assert {key: rules for key, rules in broken.items() if rules} == {}
