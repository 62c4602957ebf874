"""Three moderators before one queue, each with a keyboard and nothing else, and one with a phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.people import Company, gather, until_online
from tests.server import Server

pytestmark = pytest.mark.journey

# Each text is asked once, screened as intake screens it.
_FILL = """
from uuid import uuid4
from django.db import transaction
from interview import questions
from interview.models import Programme, Question
from moderation import inbox, indexing, vocabulary, wordings
programme = Programme.objects.get(pk="{programme}")
for text in {texts!r}:
    seen = vocabulary.look(text)
    with transaction.atomic():
        question, _ = questions.submit(programme=programme, client_token=uuid4(), nickname="湖滨老李", text=seen.masked, digest=text,
                                       visitor=uuid4().hex, address=None)
        wordings.add(question=question, text=text, by=None, findings=seen.findings)
        indexing.remember(question)
        inbox.arrive(question)
"""
# Nobody was told of these: they were there before.
_MANY = """
from uuid import uuid4
from interview.models import Programme, Question
programme = Programme.objects.get(pk="{programme}")
Question.objects.bulk_create(
    Question(programme=programme, number=number, label=programme.label(number), client_token=uuid4(), origin="before", text=f"第{{number}}问",
             visitor="v", digest=str(number)) for number in range(1, {count} + 1)
)
Programme.objects.filter(pk=programme.pk).update(questions_received={count})
"""
# Readers report all that waits, once it is approved.
_REPORT = """
from accounts.callers import Caller
from accounts.models import User
from interview.models import Programme
from moderation import decisions, reports
for number, question in enumerate(Programme.objects.get(pk="{programme}").questions.order_by("number")):
    shown = decisions.approve(question=question, by=User.objects.get(username="{by}"))
    reports.report(question=shown, caller=Caller(user=None, visitor=f"reader{{number}}", address=f"192.0.2.{{number}}"), reason="advert", words="像是广告")
"""
PRESSURE = "我们小区的水压什么时候恢复？"


def ask(server: Server, company: Company, *texts: str) -> None:
    server.manage("shell", "--no-imports", "-c", _FILL.format(programme=company.programme, texts=list(texts)))


def sits_down(page: Page, company: Company, who: str) -> Page:
    company.enter(page, who, "inbox")
    until_online(page)
    return page


def current(page: Page):
    return page.locator(".inbox-item[aria-current]")


def waiting(page: Page):
    return page.locator(".inbox-item")


def count(page: Page, show: str):
    return page.locator(f"#count-{show}")


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds, each with the elements it is about."""
    return [(found["id"], [node["failureSummary"] for node in found["nodes"]]) for found in Axe().run(page).response["violations"]]


def test_three_decide_side_by_side_with_their_keyboards(server, new_person):
    company = gather(server, "three")
    ask(server, company, "甲：水压低", "乙：水费", "丙：停水", "丁：水表", "戊：水质", "己：管道")
    fang, shen, an = (
        sits_down(new_person(name, tolerate=["409"]), company, who)
        for name, who in (("fang", "moderator"), ("shen", "second_moderator"), ("an", "third_moderator"))
    )
    # Fang takes the first. The others see by whom it is read, in the queue and in the table of the team.
    fang.keyboard.press("Enter")
    for other in (shen, an):
        expect(waiting(other).first).to_contain_text(re.compile("方正正在审核，到"))
        expect(other.locator("#inbox-team tr", has_text="方正")).to_contain_text("1")
    expect(count(fang, "mine")).to_have_text("1")

    # Shen holds the second, and says why; An asks the third one's asker for something.
    shen.keyboard.press("j")
    shen.keyboard.press("h")
    shen.get_by_role("dialog").get_by_label("为什么搁置").fill("等水务局回话")
    shen.keyboard.press("Control+Enter")
    expect(count(an, "held")).to_have_text("1")
    an.keyboard.press("j")
    expect(current(an)).to_contain_text("丙：停水")
    an.keyboard.press("b")
    an.get_by_role("dialog").get_by_label("请提问人补充什么").fill("哪个小区？")
    an.keyboard.press("Control+Enter")
    expect(count(fang, "asked_back")).to_have_text("1")

    # Fang approves what he holds; his place moves on, and with one key the decision is undone again.
    fang.keyboard.press("a")
    expect(current(fang)).to_contain_text("丁：水表")
    expect(fang.locator("#undo")).to_contain_text("已通过")
    expect(count(an, "open")).to_have_text("3")
    fang.keyboard.press("z")
    expect(count(an, "open")).to_have_text("4")
    expect(fang.locator("#undo")).to_be_hidden()
    expect(waiting(fang).first).to_contain_text("甲：水压低")

    # What was held is brought back by its key, from the view of what is held.
    shen.locator("#show-held").press("Enter")
    expect(current(shen)).to_contain_text("等水务局回话")
    shen.keyboard.press("h")
    expect(waiting(shen)).to_have_count(0)
    expect(count(fang, "open")).to_have_text("5")


def test_what_is_escalated_an_editor_decides(server, new_person):
    company = gather(server, "above")
    ask(server, company, "丁：水表", "戊：水质")
    an, shen, editor = (
        sits_down(new_person(name), company, who)
        for name, who in (("an", "third_moderator"), ("shen", "second_moderator"), ("editor", "editor"))
    )
    an.keyboard.press("x")
    expect(an.get_by_role("dialog")).to_be_visible()
    an.keyboard.press("Control+Enter")
    expect(count(shen, "escalated")).to_have_text("1")
    shen.locator("#show-escalated").press("Enter")
    expect(current(shen)).to_contain_text("由编辑决定")
    expect(current(shen).locator("[data-act]:visible")).to_have_count(1)
    editor.locator("#show-escalated").press("Enter")
    expect(current(editor)).to_contain_text("丁：水表")
    editor.keyboard.press("d")
    editor.keyboard.press("6")
    expect(waiting(shen)).to_have_count(0)
    expect(shen.locator(".inbox-main")).to_contain_text("这里现在没有提问。")
    expect(count(an, "open")).to_have_text("1")


def test_what_is_written_is_kept_and_seen_by_the_others(server, new_person):
    company = gather(server, "words")
    ask(server, company, "我们小区的水丫什么时候恢复？请给一个明确的答复。", "另一个提问")
    fang = sits_down(new_person("fang", tolerate=["422"]), company, "moderator")
    shen = sits_down(new_person("shen"), company, "second_moderator")

    # A note stands under the question on every desk at once, and takes nobody's place away.
    shen.keyboard.press("j")
    fang.keyboard.press("n")
    fang.get_by_role("dialog").get_by_label("批注").fill("和昨天那条像")
    fang.keyboard.press("Control+Enter")
    expect(waiting(shen).first).to_contain_text("1条批注")
    expect(current(shen)).to_contain_text("另一个提问")
    expect(current(fang).locator(".inbox-note")).to_contain_text("方正")
    expect(current(fang)).to_be_focused()

    # A typo is corrected beside the original; too much is told while it is typed, and refused.
    fang.keyboard.press("e")
    text = fang.get_by_label("公众看到的")
    expect(text).to_be_focused()
    expect(fang.locator(".editing-own")).to_contain_text("水丫")
    text.fill("整段换掉，换成完全不同的另外一段话，一个字都不留下。")
    expect(fang.locator("[data-counter]")).to_contain_text(re.compile(r"多改了\d+个字"))
    fang.keyboard.press("Control+Enter")
    expect(fang.get_by_role("dialog").get_by_role("alert")).to_contain_text("只能作少量改动")
    text.fill("我们小区的水压什么时候恢复？请给一个明确的答复。")
    expect(fang.locator("[data-counter]")).to_have_text("还可以改3个字")
    fang.keyboard.press("Control+Enter")
    expect(fang.get_by_role("dialog")).to_have_count(0)
    expect(waiting(shen).first).to_contain_text("水压")
    expect(current(fang)).to_contain_text("改写过")
    current(fang).get_by_text("提问人写的").click()
    expect(current(fang).locator(".inbox-own")).to_contain_text("水丫")


def test_what_screening_noticed_stands_out_and_looking_behind_a_mask_is_recorded(server, new_person):
    company = gather(server, "noticed")
    ask(server, company, "水压低", "请打我电话13812345678。", "水费")
    fang = sits_down(new_person("fang"), company, "moderator")
    expect(count(fang, "noticed")).to_have_text("1")
    fang.locator("#show-noticed").press("Enter")
    expect(waiting(fang)).to_have_count(1)
    expect(current(fang).locator("mark")).to_have_count(1)
    expect(current(fang).locator(".inbox-why")).to_be_visible()
    assert "13812345678" not in fang.content()
    fang.keyboard.press("v")
    expect(fang.get_by_role("dialog")).to_contain_text("13812345678")
    expect(fang.get_by_role("dialog")).to_contain_text("您的查看已经记录")
    fang.keyboard.press("Escape")
    expect(fang.get_by_text("13812345678")).to_have_count(0)
    assert "13812345678" not in fang.content()
    expect(current(fang)).to_be_focused()


def test_the_view_the_order_and_the_sound_are_as_somebody_left_them(server, new_person):
    company = gather(server, "views")
    ask(server, company, "甲：水压低", "乙：水费", "丙：停水")
    fang = sits_down(new_person("fang"), company, "moderator")
    fang.get_by_label("排列").select_option("newest")
    expect(waiting(fang).first).to_contain_text("丙：停水")
    ask(server, company, "丁：水压高")
    expect(waiting(fang).first).to_contain_text("丁：水压高")
    fang.get_by_role("button", name="提示音").press("Enter")
    fang.goto(company.room("inbox"))
    expect(waiting(fang).first).to_contain_text("丁：水压高")
    expect(fang.get_by_role("button", name="提示音")).to_have_attribute("aria-pressed", "true")
    expect(fang).to_have_title(re.compile(r"^\(4\) "))

    # Finding: a key leads into the field, and what comes later is found too.
    fang.keyboard.press("/")
    fang.keyboard.type("水压")
    fang.keyboard.press("Enter")
    expect(waiting(fang)).to_have_count(2)
    ask(server, company, "戊：水压时高时低", "己：与此无关")
    expect(count(fang, "open")).to_have_text("6")
    expect(waiting(fang)).to_have_count(3)
    fang.go_back()
    expect(waiting(fang)).to_have_count(6)


def test_three_thousand_wait_and_the_page_holds_a_hundred_at_most(server, new_person):
    company = gather(server, "many")
    server.manage("shell", "--no-imports", "-c", _MANY.format(programme=company.programme, count=3_000))
    fang = sits_down(new_person("fang"), company, "moderator")
    expect(waiting(fang)).to_have_count(50)
    expect(fang.locator("#inbox-load")).to_have_text("3000")
    for _step in range(49):
        fang.keyboard.press("j")
    expect(current(fang)).to_contain_text("第50问")
    fang.keyboard.press("j")
    expect(current(fang)).to_contain_text("第51问")
    expect(waiting(fang)).to_have_count(50)
    expect(current(fang)).to_be_focused()
    fang.get_by_label("排列").select_option("newest")
    expect(waiting(fang).first).to_contain_text("第3000问")
    ask(server, company, *(f"新的第{number}个" for number in range(60)))
    expect(fang.locator("#inbox-load")).to_have_text("3060")
    expect(waiting(fang).first).to_contain_text("新的第59个")
    assert waiting(fang).count() <= 101


def test_the_desk_is_accessible_with_each_dialog_and_on_a_phone(server, new_person):
    company = gather(server, "axe")
    ask(server, company, "水压低", "请打我电话13812345678。")
    fang = sits_down(new_person("fang"), company, "moderator")
    phone = sits_down(new_person("shen", phone=True), company, "second_moderator")
    for page in (fang, phone):
        # A colour on its way to another one has the contrast of neither.
        page.emulate_media(reduced_motion="reduce")
    fang.keyboard.press("j")
    fang.keyboard.press("a")
    expect(fang.locator("#undo")).to_be_visible()
    assert violations(fang) == []
    for key in ("d", "h", "b", "x", "n", "e", "?"):
        fang.keyboard.press(key)
        expect(fang.get_by_role("dialog")).to_be_visible()
        assert (key, violations(fang)) == (key, [])
        fang.keyboard.press("Escape")
        expect(fang.get_by_role("dialog")).to_have_count(0)

    # With a finger: a row opens when it is touched, and every target is large enough.
    waiting(phone).last.locator(".inbox-words").tap()
    assert violations(phone) == []
    small = phone.locator(".inbox .button:visible").evaluate_all(
        "buttons => buttons.filter((button) => button.getBoundingClientRect().height < 44).map((button) => button.textContent.trim())"
    )
    assert small == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    current(phone).get_by_role("button", name="通过").tap()
    expect(waiting(fang)).to_have_count(0)


def test_those_who_ask_alike_stand_together_and_are_merged_and_split_with_a_key(server, new_person):
    company = gather(server, "alike")
    ask(server, company, PRESSURE, "菜市场门口的垃圾为什么没有人清运？", PRESSURE)
    fang, shen = (sits_down(new_person(name), company, who) for name, who in (("fang", "moderator"), ("shen", "second_moderator")))
    expect(waiting(fang).first).to_contain_text("2条相似")
    ask(server, company, "请问" + PRESSURE)
    expect(waiting(fang).first).to_contain_text("3条相似")

    # Beside the last one the others; with two keys it stands under the nearest, on every desk.
    for _step in range(3):
        fang.keyboard.press("j")
    fang.keyboard.press("m")
    beside = fang.get_by_role("dialog")
    expect(beside.locator(".alike-others .alike-item")).to_have_count(2)
    expect(beside.locator("[data-key~='m']")).to_be_focused()
    assert violations(fang) == []
    fang.keyboard.press("m")
    expect(beside).to_have_count(0)
    expect(waiting(shen)).to_have_count(3)
    expect(shen.locator(".inbox-list")).to_contain_text("已并入1条")
    expect(fang.locator("#undo")).to_contain_text("已合并")
    fang.keyboard.press("z")
    expect(waiting(shen)).to_have_count(4)

    # The group alone: all of it selected, merged into the first; the last is split off again.
    fang.locator(".inbox-alike").first.press("Enter")
    expect(fang.locator("#inbox-title")).to_have_text("相似的一组")
    expect(waiting(fang)).to_have_count(3)
    fang.keyboard.press("*")
    expect(fang.locator("[data-count]")).to_have_text("选中3条")
    fang.keyboard.press("m")
    expect(waiting(fang)).to_have_count(1)
    expect(current(fang)).to_contain_text("已并入2条")
    expect(fang.locator("#bulk")).to_be_hidden()
    fang.keyboard.press("s")
    expect(waiting(shen)).to_have_count(3)
    expect(current(fang)).to_contain_text("已并入1条")
    expect(fang.locator("#undo")).to_contain_text("已拆开")
    fang.keyboard.press("z")
    expect(waiting(shen)).to_have_count(2)


def test_a_selection_survives_what_comes_and_one_key_decides_and_undoes_all_of_it(server, new_person):
    company = gather(server, "select")
    ask(server, company, "甲：水压低", "乙：水费", "丙：停水", "丁：水表", "戊：水质")
    fang, shen = (sits_down(new_person(name), company, who) for name, who in (("fang", "moderator"), ("shen", "second_moderator")))
    fang.get_by_label("排列").select_option("newest")
    expect(waiting(fang).first).to_contain_text("戊：水质")
    waiting(fang).first.press("Space")
    for _step in range(3):
        fang.keyboard.press("j")
        fang.keyboard.press("Space")
    expect(fang.locator("[data-count]")).to_have_text("选中4条")
    assert violations(fang) == []

    # One more comes, another reads one of the four and decides one: three are left.
    ask(server, company, "己：管道")
    expect(waiting(fang)).to_have_count(6)
    shen.keyboard.press("j")
    shen.keyboard.press("Enter")
    expect(waiting(fang).nth(4)).to_contain_text("沈慎正在审核")
    shen.keyboard.press("j")
    shen.keyboard.press("a")
    expect(fang.locator("[data-count]")).to_have_text("选中3条")
    expect(fang.locator("#said")).to_contain_text("1条已由别人处理")

    # What the other reads is not done, and that is said; the rest is undone with one key.
    fang.keyboard.press("d")
    expect(fang.get_by_role("dialog")).to_contain_text("选中3条")
    fang.keyboard.press("6")
    expect(fang.locator("#not-done li")).to_have_count(1)
    expect(fang.locator("#not-done")).to_contain_text("沈慎正在审核提问")
    expect(fang.locator("#undo")).to_contain_text("2条已执行，1条没有执行")
    expect(waiting(fang)).to_have_count(3)
    assert violations(fang) == []
    fang.keyboard.press("z")
    expect(waiting(fang)).to_have_count(5)
    expect(fang.locator("#bulk")).to_be_hidden()

    # With the mouse, and cleared with a key.
    waiting(fang).first.locator("input[type=checkbox]").check()
    expect(fang.locator("[data-count]")).to_have_text("选中1条")
    fang.keyboard.press("Escape")
    expect(fang.locator("#bulk")).to_be_hidden()
    expect(waiting(fang).first.locator("input[type=checkbox]")).not_to_be_checked()


def test_what_readers_report_comes_into_a_view_of_its_own_and_is_kept_or_taken_back_with_a_key(server, new_person):
    company = gather(server, "reported")
    ask(server, company, "甲：水压低", "乙：水费")
    fang = sits_down(new_person("fang"), company, "moderator")
    server.manage("shell", "--no-imports", "-c", _REPORT.format(programme=company.programme, by=company.people["second_moderator"][0]))
    expect(count(fang, "reported")).to_have_text("2")
    expect(waiting(fang)).to_have_count(0)
    fang.locator("#show-reported").press("Enter")
    expect(current(fang)).to_contain_text("广告：像是广告")
    assert violations(fang) == []
    fang.keyboard.press("a")
    expect(count(fang, "reported")).to_have_text("1")
    expect(current(fang)).to_contain_text("乙：水费")
    fang.keyboard.press("d")
    expect(count(fang, "reported")).to_have_text("0")
    expect(count(fang, "open")).to_have_text("1")


def test_without_scripts_the_same_is_merged_and_several_are_decided_at_once(server, new_person):
    company = gather(server, "plain")
    ask(server, company, PRESSURE, PRESSURE, "乙：水费", "丙：停水")
    moderator = company.enter(new_person("moderator", javascript=False), "moderator", "inbox")
    moderator.get_by_role("link", name="2条相似").first.click()
    expect(waiting(moderator)).to_have_count(2)
    moderator.get_by_role("link", name=re.compile("^相似、合并")).last.click()
    moderator.get_by_role("button", name=re.compile("^并入 ")).click()
    expect(waiting(moderator)).to_have_count(3)
    moderator.get_by_role("button", name=re.compile("^拆开 ")).first.click()
    expect(waiting(moderator)).to_have_count(4)
    for box in moderator.locator(".inbox-pick input").all()[:3]:
        box.check()
    moderator.get_by_label("原因").select_option("unclear")
    moderator.locator("#bulk").get_by_role("button", name="不采用").click()
    expect(waiting(moderator)).to_have_count(1)
    expect(moderator.locator(".notes")).to_contain_text("3条已执行")


def test_without_scripts_a_question_is_put_aside_and_brought_back(server, new_person):
    company = gather(server, "aside")
    ask(server, company, "水压低")
    moderator = company.enter(new_person("moderator", javascript=False), "moderator", "inbox")
    moderator.get_by_role("link", name=re.compile("^搁置 ")).click()
    moderator.get_by_label("为什么搁置").fill("等回话")
    moderator.get_by_role("button", name="搁置").click()
    expect(waiting(moderator)).to_have_count(0)
    moderator.get_by_role("link", name=re.compile("^搁置中")).click()
    expect(waiting(moderator)).to_contain_text("等回话")
    waiting(moderator).get_by_role("button", name="取消搁置").click()
    moderator.goto(company.room("inbox"))
    expect(waiting(moderator)).to_have_count(1)
