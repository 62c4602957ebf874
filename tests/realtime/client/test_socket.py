"""The socket of a page, in a real browser: joins, gaps, cuts, commands and resets."""

import pytest

from tests.realtime.client.other_end import SITE, TOPIC, OtherEnd, entry, page_of

pytestmark = pytest.mark.journey


def test_a_page_joins_where_it_was_rendered_and_applies_what_comes(far: OtherEnd) -> None:
    far.open()
    assert far.heard == [{"op": "join", "ref": 1, "topic": TOPIC, "since": ["e", 3]}]
    far.publish(4)
    far.publish(5, 6)
    far.shows("1", "2", "3", "4", "5", "6")


def test_the_document_is_told_what_was_applied(far: OtherEnd) -> None:
    far.open()
    far.page.evaluate(
        "document.addEventListener('live:applied', ({detail}) => { window.told = [detail.topic, detail.events[0].kind, detail.inserted.map(e => e.id)] })"
    )
    far.publish(4)
    far.shows("1", "2", "3", "4")
    assert far.page.evaluate("told") == [TOPIC, "said", ["entry-4"]]


def test_a_repeated_event_is_applied_once(far: OtherEnd) -> None:
    far.open()
    far.publish(4)
    far.publish(3, 4, 5, html='<li id="once" data-list="entries" data-order="000005">5</li>')
    far.publish(6)
    far.shows("1", "2", "3", "4", "5", "6")


def test_a_gap_is_not_applied_but_asked_for(far: OtherEnd) -> None:
    far.open()
    far.publish(4)
    far.publish(6)
    far.until(lambda: far.joins() == [["e", 3], ["e", 4]])
    assert far.shown() == ["1", "2", "3", "4"]
    far.publish(5, 6)
    far.shows("1", "2", "3", "4", "5", "6")


def test_a_gap_is_asked_for_once_until_there_is_an_answer(far: OtherEnd) -> None:
    far.open()
    far.line = "mute"
    for number in range(6, 30):
        far.publish(number)
    far.say(op="beat", beat=77, heads={})
    far.until(lambda: {"op": "still", "beat": 77} in far.heard)
    assert far.joins() == [["e", 3], ["e", 3]]
    far.say(op="ok", ref=far.heard[1]["ref"], topic=TOPIC, epoch="e", head=5)
    far.publish(4, 5)
    far.publish(7)
    far.until(lambda: far.joins() == [["e", 3], ["e", 3], ["e", 5]])


def test_a_beat_is_answered_and_a_head_twice_ahead_is_a_gap(far: OtherEnd) -> None:
    far.open()
    far.say(op="beat", beat=77, heads={TOPIC: ["e", 5]})
    far.until(lambda: {"op": "still", "beat": 77} in far.heard)
    assert far.joins() == [["e", 3]]
    far.say(op="beat", beat=78, heads={TOPIC: ["e", 5]})
    far.until(lambda: far.joins() == [["e", 3], ["e", 3]])


def test_a_cut_socket_comes_back_where_it_was(far: OtherEnd) -> None:
    far.open()
    far.publish(4)
    far.shows("1", "2", "3", "4")
    far.sockets[0].close(code=1011)
    far.sockets_opened(2)
    far.until(lambda: far.joins() == [["e", 3], ["e", 4]])
    far.publish(5)
    far.shows("1", "2", "3", "4", "5")


def test_beats_keep_a_line_and_their_end_is_its_end(far: OtherEnd) -> None:
    far.page.clock.install()
    far.open()
    for number in range(4):
        far.page.clock.run_for(15_000)
        far.say(op="beat", beat=number, heads={TOPIC: ["e", 3]})
        far.until(lambda number=number: {"op": "still", "beat": number} in far.heard)  # type: ignore[misc]
    assert (len(far.sockets), far.page.evaluate("live.live.state")) == (1, "online")
    far.page.clock.run_for(41_000)
    far.sockets_opened(2)


# Between the end of a socket and the next one, by the page's own clock.
WAITS = """
    window.waits = [];
    window.ends = 0;
    let ended = null;
    window.WebSocket = class extends WebSocket {
        constructor(...what) {
            super(...what);
            if (ended !== null) waits.push(Math.round(performance.now() - ended));
            this.addEventListener('close', () => { ends += 1; ended = performance.now(); });
        }
    };
"""


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.999])
def test_the_wait_is_chance_between_nothing_and_a_limit_that_doubles_up_to_ten_seconds(far: OtherEnd, chance: float) -> None:
    far.page.add_init_script(f"Math.random = () => {chance}; {WAITS}")
    # It moves only when it is told to.
    far.page.clock.install(time="2026-01-01T08:00:00")
    far.page.clock.pause_at("2026-01-01T09:00:00")
    far.line, far.answers[""] = "refused", (502, "")
    far.page.goto(f"{SITE}/")
    for count in range(1, 8):
        # More than these may have ended within one step of the clock: a short wait leaves room for several in it.
        far.until(lambda count=count: far.page.evaluate("ends") >= count)  # type: ignore[misc]
        for _second in range(11):
            if far.page.evaluate("waits.length") >= count:
                break
            far.page.clock.run_for(1_000)
    limits = [1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]
    waits = far.page.evaluate("waits.slice(0, 7)")
    if not chance:
        # Where a wait of nothing is set within such a step, the clock makes a millisecond of it.
        waits = [0 if wait == 1 else wait for wait in waits]
    assert waits == [round(limit * chance) for limit in limits]


def test_a_silent_line_counts_as_cut(far: OtherEnd) -> None:
    far.page.clock.install()
    far.open()
    far.until(lambda: far.joins() != [])
    far.line = "mute"
    far.page.clock.run_for(20_000)
    assert (len(far.sockets), far.page.evaluate("live.live.state")) == (1, "online")
    far.page.clock.run_for(20_000)
    far.until(lambda: len(far.sockets) == 2)


def test_a_socket_that_opens_and_says_nothing_counts_as_cut(far: OtherEnd) -> None:
    far.line = "mute"
    far.page.clock.install()
    far.open("connecting")
    far.page.clock.run_for(7_000)
    assert len(far.sockets) == 1
    far.page.clock.run_for(9_500)
    far.until(lambda: len(far.sockets) == 2)


def test_bye_is_followed_by_a_return_at_the_time_it_names(far: OtherEnd) -> None:
    far.page.clock.install()
    far.open()
    far.say(op="bye", after=60)
    far.becomes("connecting")
    far.page.clock.run_for(40_000)
    assert len(far.sockets) == 1
    far.page.clock.run_for(21_000)
    far.sockets_opened(2)


def test_the_state_of_the_connection_is_shown(far: OtherEnd) -> None:
    far.page.clock.install()
    far.answers[""] = (502, "")
    far.open()
    state = far.page.locator("#state")
    assert (state.get_attribute("data-state"), state.inner_text()) == ("online", "已连接")
    far.line = "refused"
    far.sockets[0].close(code=1011)
    far.until(lambda: state.inner_text() == "正在连接")
    for count in (2, 3, 4):
        far.page.clock.run_for(5_000)
        far.until(lambda count=count: len(far.sockets) >= count)  # type: ignore[misc]
    far.until(lambda: state.inner_text() == "连接中断")


def test_a_pulse_is_shown_until_it_is_null(far: OtherEnd) -> None:
    far.open()
    readers = far.page.locator("#readers")
    far.say(op="pulse", topic=TOPIC, facts={"readers": 213, "unknown": 1})
    far.until(lambda: readers.is_visible() and readers.inner_text() == "213人在看")
    far.say(op="pulse", topic=TOPIC, facts={"readers": None})
    far.until(readers.is_hidden)
    # As it is: a name may hold what means something else to the one who puts it in its place.
    far.say(op="pulse", topic=TOPIC, facts={"readers": "$& <b>周</b>"})
    far.until(lambda: readers.is_visible() and readers.inner_text() == "$& <b>周</b>人在看")


# ── Commands ──────────────────────────────────────────────────────────────────────────────────────────────────────────

SEND = "window.asked = live.live.send('ask', {token: 't', text: '水价'}).then(({receipt}) => receipt, ({code, message, fields}) => [code, message, fields])"


def test_a_command_resolves_to_its_answer(far: OtherEnd) -> None:
    far.open()
    far.page.evaluate(f"() => {{ {SEND} }}")
    far.until(lambda: far.heard[-1]["op"] == "ask")
    far.say(op="ok", ref=far.heard[-1]["ref"], receipt="r7")
    assert far.page.evaluate("asked") == "r7"


def test_a_refused_command_says_why(far: OtherEnd) -> None:
    far.open()
    far.page.evaluate(f"() => {{ {SEND} }}")
    far.until(lambda: far.heard[-1]["op"] == "ask")
    far.say(op="error", ref=far.heard[-1]["ref"], code="invalid", detail="太长。", fields={"text": ["太长。"]})
    assert far.page.evaluate("asked") == ["invalid", "太长。", {"text": ["太长。"]}]


def test_a_command_without_an_answer_is_sent_again_with_the_same_token(far: OtherEnd) -> None:
    far.open()
    far.page.evaluate(f"() => {{ {SEND} }}")
    far.until(lambda: far.heard[-1]["op"] == "ask")
    far.sockets[0].close(code=1011)
    far.sockets_opened(2)
    far.until(lambda: [frame["op"] for frame in far.heard] == ["join", "ask", "join", "ask"])
    assert far.heard[1] == far.heard[3]
    far.say(op="ok", ref=far.heard[3]["ref"], receipt="r7")
    assert far.page.evaluate("asked") == "r7"


# ── Reset ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reset_swaps_the_regions_and_keeps_the_rest(far: OtherEnd) -> None:
    far.open()
    far.page.fill("#outside", "一半的提问")
    far.body = page_of(entry(1, "恢复")).replace('data-epoch="e" data-number="3"', 'data-epoch="f" data-number="1"')
    far.say(op="reset", topic=TOPIC)
    far.shows("恢复")
    far.until(lambda: far.joins() == [["e", 3], ["f", 1]])
    far.publish(2, epoch="f")
    far.shows("恢复", "2")
    assert (far.loads, far.page.input_value("#outside")) == (2, "一半的提问")


def test_a_reset_of_a_page_without_regions_loads_it_anew(far: OtherEnd) -> None:
    far.body = far.body.replace("data-live-region", "data-region")
    far.open()
    far.body = page_of(entry(1, "恢复"))
    far.say(op="reset", topic=TOPIC)
    far.page.get_by_text("恢复").wait_for()
    assert far.loads == 3


# ── Refused, and put off ──────────────────────────────────────────────────────────────────────────────────────────────

SECOND = '<section data-topic="stage:two" data-epoch="e" data-number="0"><ol data-list-of="others"></ol></section>'


def test_a_page_that_lost_its_right_says_so_and_what_to_do_and_opens_nothing_any_more(far: OtherEnd) -> None:
    far.page.clock.install()
    far.open()
    # As the server does when it looks again.
    far.errors[TOPIC] = ["no_topic"]
    far.say(op="error", ref=None, code="no_longer_allowed", detail="您的登录或权限已变化", fields=None)
    far.sockets[0].close(code=4403)
    far.passes(1)
    far.becomes("refused")
    state = far.page.locator("#state")
    assert (state.get_attribute("data-state"), state.inner_text()) == ("refused", "这一页不再更新。 重新打开")
    far.passes(40)
    far.page.evaluate("dispatchEvent(new Event('offline')); dispatchEvent(new Event('online'))")
    far.passes(40)
    assert (len(far.sockets), far.asked, far.page.evaluate("live.live.state")) == (2, [], "refused")
    state.get_by_role("link", name="重新打开").click()
    far.becomes("online")
    assert (far.loads, state.inner_text()) == (2, "已连接")


def test_of_two_topics_the_other_one_goes_on(far: OtherEnd) -> None:
    far.body += SECOND
    far.page.clock.install()
    far.errors["stage:two"] = ["no_topic"]
    far.open()
    far.sockets[0].close(code=1011)
    far.passes(2)
    far.sockets_opened(2)
    far.publish(4)
    far.shows("1", "2", "3", "4")
    state = far.page.locator("#state")
    assert (state.get_attribute("data-state"), state.inner_text()) == ("refused", "这一页不再更新。 重新打开")
    assert [frame["topic"] for frame in far.heard] == [TOPIC, "stage:two", TOPIC]


@pytest.mark.parametrize("code", ["too_fast", "busy", "failed"])
def test_a_topic_that_is_put_off_is_joined_later_on_the_same_socket(far: OtherEnd, code: str) -> None:
    far.body += SECOND
    far.page.clock.install()
    far.errors[TOPIC] = [code]
    far.open("connecting")
    far.until(lambda: len(far.heard) == 2)
    far.publish(1, topic="stage:two", html='<li id="other" data-list="others" data-order="1">另一个</li>')
    far.until(lambda: far.page.locator("#other").count() == 1)
    # What does not come yet is not said to come.
    assert far.page.evaluate("live.live.state") == "connecting"
    far.passes(4)
    far.becomes("online")
    assert ([frame["topic"] for frame in far.heard], len(far.sockets)) == ([TOPIC, "stage:two", TOPIC], 1)
    far.publish(4)
    far.shows("1", "2", "3", "4")


def test_a_topic_that_is_put_off_again_and_again_is_polled_until_it_is_joined(far: OtherEnd) -> None:
    far.page.clock.install()
    far.errors[TOPIC] = ["failed"] * 5
    far.append(4)
    far.open("connecting")
    for _second in range(30):
        if far.shown() == ["1", "2", "3", "4"]:
            break
        far.passes(1)
    assert (far.shown(), far.page.evaluate("live.live.state"), len(far.sockets)) == (["1", "2", "3", "4"], "polling", 1)
    far.passes(45)
    far.becomes("online")
    assert (len(far.sockets), far.joins()[-1]) == (1, ["e", 4])
