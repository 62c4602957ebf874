"""Pages without a socket, in a real browser: the log over HTTP brings the same, each event once and in order."""

import json
from itertools import pairwise

import pytest

from tests.realtime.client.other_end import SITE, TOPIC, OtherEnd, entry, page_of

pytestmark = pytest.mark.journey

TIP = f"{TOPIC}/tip.json"
NONE = json.dumps({"code": "no_topic", "detail": "没有这个主题，或您无权查看。"})


def numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


def poll(far: OtherEnd) -> None:
    """Open the page where no socket can be had, with a clock of its own."""
    far.line = "refused"
    far.page.clock.install()
    far.page.goto(f"{SITE}/")
    polls(far)


def comes_to(far: OtherEnd, state: str) -> None:
    """Let so much time pass as it takes until the line is in this state."""
    for _second in range(70):
        if far.page.evaluate("window.live?.live.state") == state:
            return
        far.passes(1)
    raise AssertionError(f"it is never {state}; {len(far.sockets)} sockets, asked {far.asked}")


def polls(far: OtherEnd) -> None:
    """Let so much time pass as it takes until the page polls."""
    comes_to(far, "polling")


def turns(far: OtherEnd) -> int:
    return far.asked.count(TIP)


def turn(far: OtherEnd) -> None:
    """Let the time of one turn pass, and no more."""
    before = turns(far)
    for _second in range(70):
        if turns(far) > before:
            return
        far.passes(1)
    raise AssertionError(f"it does not ask again; asked {far.asked}")


# ── From the socket to polling and back ───────────────────────────────────────────────────────────────────────────────


def test_after_three_sockets_that_brought_nothing_the_page_polls_and_says_so(far: OtherEnd) -> None:
    far.append(4, 5)
    poll(far)
    assert (len(far.sockets) >= 3, far.asked[0]) == (True, TIP)
    far.shows("1", "2", "3", "4", "5")
    state = far.page.locator("#state")
    assert (state.get_attribute("data-state"), state.inner_text(), state.is_visible()) == ("polling", "每隔几秒更新", True)


def test_a_socket_that_swallows_everything_is_none(far: OtherEnd) -> None:
    far.line = "mute"
    far.append(4)
    far.page.clock.install()
    far.page.goto(f"{SITE}/")
    far.becomes("connecting")
    far.passes(30)
    assert far.asked == []
    polls(far)
    far.shows("1", "2", "3", "4")


def test_one_that_only_says_no_is_none(far: OtherEnd) -> None:
    far.line = "mute"
    far.page.clock.install()
    far.page.goto(f"{SITE}/")
    for count in range(1, 4):
        for _second in range(6):
            far.passes(1)
            if len(far.heard) == count:
                break
        far.say(op="error", ref=None, code="too_fast", detail="太多了", fields=None)
        far.sockets[-1].close(code=4429)
    polls(far)


def test_while_it_polls_it_tries_the_socket_every_half_minute_to_minute(far: OtherEnd) -> None:
    poll(far)
    # The next one was due before it was known that polling works.
    far.passes(16)
    known = len(far.sockets)
    tried: list[int] = []
    for second in range(200):
        far.passes(1)
        if len(far.sockets) > known + len(tried):
            tried.append(second)
    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert (len(waits) >= 2, [wait for wait in waits if not 29 <= wait <= 62]) == (True, [])
    assert far.page.evaluate("live.live.state") == "polling"


def test_when_a_socket_opens_polling_ends_and_nothing_comes_twice(far: OtherEnd) -> None:
    poll(far)
    far.append(4)
    turn(far)
    far.shows("1", "2", "3", "4")
    far.line = "open"
    comes_to(far, "online")
    assert far.joins() == [["e", 4]]
    far.publish(4, 5)
    far.shows("1", "2", "3", "4", "5")
    before = turns(far)
    far.passes(10)
    assert turns(far) == before


def test_the_next_page_of_the_tab_need_not_find_out_again(far: OtherEnd) -> None:
    poll(far)
    before = turns(far)
    far.page.reload()
    far.becomes("polling")
    assert turns(far) > before
    far.line = "open"
    far.page.reload()
    far.becomes("online")
    before = turns(far)
    far.page.reload()
    far.becomes("online")
    assert turns(far) == before


def test_what_passes_is_not_shown_where_nobody_says_when_it_has_passed(far: OtherEnd) -> None:
    far.page.clock.install()
    far.open()
    readers = far.page.locator("#readers")
    far.say(op="pulse", topic=TOPIC, facts={"readers": 213})
    far.until(readers.is_visible)
    far.line = "refused"
    far.sockets[0].close(code=1011)
    polls(far)
    assert readers.is_hidden()


# ── What comes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_event_comes_once_and_in_its_order(far: OtherEnd) -> None:
    poll(far)
    far.page.evaluate(
        "document.addEventListener('live:applied', ({detail}) => (window.came ??= []).push(...detail.events.map(({number}) => number)))"
    )
    for first in range(4, 24, 4):
        far.append(*range(first, first + 4))
        turn(far)
        far.shows(*numbers(1, first + 3))
    assert far.page.evaluate("came") == list(range(4, 24))


def test_what_lies_before_the_tip_is_fetched_in_its_segments(far: OtherEnd) -> None:
    far.append(*range(4, 251))
    poll(far)
    far.shows(*numbers(1, 250))
    assert far.asked[:3] == [TIP, f"{TOPIC}/e/1/0.json", f"{TOPIC}/e/1/1.json"]
    # Once: from now on the tip has it all, also where a segment ends.
    far.append(*range(251, 301))
    turn(far)
    far.shows(*numbers(1, 300))
    turn(far)
    assert [path for path in far.asked if path != TIP] == [f"{TOPIC}/e/1/{index}.json" for index in (0, 1, 2)]


def test_a_page_rendered_before_anything_was_said_gets_all_of_it(far: OtherEnd) -> None:
    far.body = page_of("").replace('data-epoch="e" data-number="3"', 'data-epoch="" data-number="0"')
    far.events = []
    far.epoch = ""
    poll(far)
    far.epoch = "e"
    far.append(*range(1, 103))
    turn(far)
    far.shows(*numbers(1, 102))


def test_what_was_withdrawn_goes_and_its_words_never_come(far: OtherEnd) -> None:
    far.append(4)
    poll(far)
    far.shows("1", "2", "3", "4")
    far.events[3] = [4, "gone", {}, ""]
    far.append(5)
    far.events.append([6, "entry.withdrawn", {}, '<li id="entry-4" data-gone></li>'])
    far.generation += 1
    turn(far)
    far.shows("1", "2", "3", "5")


def test_a_withdrawal_between_tip_and_segment_only_costs_another_look(far: OtherEnd) -> None:
    far.append(*range(4, 121))
    far.answers[f"{TOPIC}/e/1/0.json"] = (404, NONE)
    poll(far)
    assert far.shown() == numbers(1, 3)
    far.generation = 2
    turn(far)
    far.shows(*numbers(1, 120))
    assert far.loads == 1


def test_after_something_was_done_here_the_next_turn_is_at_once(far: OtherEnd) -> None:
    poll(far)
    far.append(4)
    far.page.evaluate("live.live.look()")
    far.shows("1", "2", "3", "4")


# ── When the page does not fit the log ────────────────────────────────────────────────────────────────────────────────


def test_another_epoch_swaps_the_regions_and_keeps_the_rest(far: OtherEnd) -> None:
    poll(far)
    far.page.fill("#outside", "一半的提问")
    far.epoch, far.events = "f", []
    far.append(1)
    far.body = page_of(entry(1, "恢复")).replace('data-epoch="e" data-number="3"', 'data-epoch="f" data-number="1"')
    far.passes(12)
    far.shows("恢复")
    far.append(2)
    turn(far)
    far.shows("恢复", "2")
    assert (far.loads, far.page.input_value("#outside")) == (2, "一半的提问")


def test_a_head_below_the_own_number_that_stays_is_a_reset(far: OtherEnd) -> None:
    poll(far)
    far.events = far.events[:2]
    far.body = page_of(entry(1, "恢复")).replace('data-number="3"', 'data-number="2"')
    far.passes(12)
    far.shows("恢复")


def test_a_cache_that_is_a_little_behind_is_no_reset(far: OtherEnd) -> None:
    poll(far)
    behind = far.events
    far.events = far.events[:2]
    turn(far)
    far.events = behind
    turn(far)
    far.events = far.events[:2]
    turn(far)
    far.events = behind
    far.append(4)
    turn(far)
    far.shows("1", "2", "3", "4")
    assert far.loads == 1


def test_a_doubt_from_before_a_socket_opened_is_forgotten(far: OtherEnd) -> None:
    poll(far)
    complete = far.events
    far.events = complete[:2]
    turn(far)
    far.line = "open"
    far.page.evaluate("dispatchEvent(new Event('online'))")
    comes_to(far, "online")
    far.passes(10)
    far.line = "refused"
    far.sockets[-1].close(code=1012)
    polls(far)
    far.events = complete
    far.passes(12)
    assert (far.loads, far.shown()) == (1, numbers(1, 3))


def test_a_log_cut_off_at_its_beginning_is_a_reset(far: OtherEnd) -> None:
    far.append(*range(4, 121))
    far.answers[f"{TOPIC}/e/1/0.json"] = (404, NONE)
    poll(far)
    far.body = page_of(entry(120)).replace('data-number="3"', 'data-number="120"')
    far.passes(12)
    far.shows("120")


def test_a_hole_in_the_tip_is_not_applied(far: OtherEnd) -> None:
    poll(far)
    far.append(4, 5)
    complete = far.events
    far.events = [*complete[:3], complete[4], complete[4]]
    turn(far)
    assert far.shown() == numbers(1, 3)
    far.events = complete
    turn(far)
    far.shows(*numbers(1, 5))


def test_a_topic_that_may_not_be_read_is_told_on_the_page_and_left(far: OtherEnd) -> None:
    poll(far)
    far.answers[TIP] = (404, NONE)
    turn(far)
    far.becomes("refused")
    assert far.page.locator("#state").inner_text() == "这一页不再更新。 重新打开"
    before = (turns(far), len(far.sockets))
    far.passes(65)
    assert (turns(far), len(far.sockets)) == before


def test_one_topic_that_is_put_off_neither_stops_the_others_nor_is_lost(far: OtherEnd) -> None:
    second = '<section data-topic="stage:two" data-epoch="e" data-number="0"><ol data-list-of="others"></ol></section>'
    far.body += second
    far.answers["stage:two/tip.json"] = (429, '{"code": "too_many", "detail": "太多了"}')
    far.append(4)
    far.line = "refused"
    far.page.clock.install()
    far.page.goto(f"{SITE}/")
    comes_to(far, "offline")
    far.shows(*numbers(1, 4))
    event = [1, "said", {}, '<li id="other" data-list="others" data-order="1">另一个</li>']
    tip = {"topic": "stage:two", "epoch": "e", "generation": 1, "head": 1, "segment": 100, "every": 2.0, "events": [event]}
    far.answers["stage:two/tip.json"] = (200, json.dumps(tip))
    comes_to(far, "polling")
    assert far.page.locator("#other").inner_text() == "另一个"


# ── When ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_server_says_how_often(far: OtherEnd) -> None:
    far.every = 10.0
    poll(far)
    before = turns(far)
    far.passes(8)
    assert turns(far) == before
    far.every = 2.0
    turn(far)
    turn(far)


@pytest.mark.parametrize("status", [503, 429, 500])
def test_a_server_that_is_too_busy_is_asked_less_and_less(far: OtherEnd, status: int) -> None:
    poll(far)
    far.answers[TIP] = (status, "<h1>busy</h1>")
    asked = []
    for _minute in range(4):
        before = turns(far)
        far.passes(60)
        asked.append(turns(far) - before)
    assert (asked[0] <= 15, asked[0] >= 3, sum(asked[2:]) <= 12) == (True, True, True)
    assert far.page.evaluate("live.live.state") == "offline"
    del far.answers[TIP]
    far.append(4)
    turn(far)
    far.shows("1", "2", "3", "4")
    far.becomes("polling")


def test_a_server_that_says_when_to_come_back_is_left_alone_until_then(far: OtherEnd) -> None:
    poll(far)
    far.answers[TIP], far.headers = (503, ""), {"Retry-After": "60"}
    turn(far)
    before = turns(far)
    far.passes(40)
    assert turns(far) == before
    turn(far)


@pytest.mark.parametrize(
    "answer", [(200, "<title>请登录无线网</title>"), (200, "{}"), (404, "<h1>Not Found</h1>"), (200, '{"head": 5}')], ids=lambda a: a[1]
)
def test_what_is_no_answer_of_ours_is_none(far: OtherEnd, answer: tuple[int, str]) -> None:
    poll(far)
    far.append(4)
    far.answers[TIP] = answer
    turn(far)
    # One bad answer is nothing to speak of.
    assert far.page.evaluate("live.live.state") == "polling"
    turn(far)
    far.becomes("offline")
    assert far.shown() == numbers(1, 3)
    del far.answers[TIP]
    turn(far)
    far.shows("1", "2", "3", "4")
    far.becomes("polling")
