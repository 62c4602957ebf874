"""The socket of a page, in a real browser: joins, gaps, cuts, commands and resets."""

import pytest

from tests.realtime.client.other_end import TOPIC, OtherEnd, entry, page_of

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
    far.open()
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


def test_a_refused_topic_is_told_to_the_document(far: OtherEnd) -> None:
    far.open()
    far.page.evaluate("document.addEventListener('live:refused', ({detail}) => { window.told = detail })")
    far.say(op="error", ref=far.heard[0]["ref"], code="no_topic", detail="没有")
    far.page.wait_for_function("window.told")
    assert far.page.evaluate("told") == {"topic": TOPIC, "code": "no_topic"}
