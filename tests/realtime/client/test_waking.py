"""Pages that were away, in a real browser: asleep, frozen, kept for "back", without a network, under a clock that somebody sets."""

import pytest

from tests.realtime.client.other_end import SITE, TOPIC, OtherEnd
from tests.realtime.client.test_polling import TIP, poll, turn, turns

pytestmark = pytest.mark.journey

HOUR = 3_600_000  # milliseconds


def away_and_back(far: OtherEnd) -> None:
    """What a page is told when it is left and come back to while the browser keeps it."""
    far.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    far.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")


def ready(far: OtherEnd) -> None:
    """Open the page with a clock of its own and a socket that has spoken."""
    far.page.clock.install()
    far.open()
    far.until(lambda: far.joins() != [])


# ── The socket ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_waking_page_does_not_wait_for_its_time(far: OtherEnd) -> None:
    ready(far)
    far.say(op="bye", after=9_000)
    far.becomes("connecting")
    far.page.evaluate("dispatchEvent(new Event('online'))")
    far.sockets_opened(2)


def test_a_page_that_comes_back_from_the_history_goes_on(far: OtherEnd) -> None:
    far.open()
    away_and_back(far)
    far.sockets_opened(2)
    far.publish(4)
    far.shows("1", "2", "3", "4")


def test_after_a_sleep_a_line_that_is_alive_is_asked_and_kept(far: OtherEnd) -> None:
    ready(far)
    far.page.clock.fast_forward(20_000)
    far.until(lambda: far.joins() == [["e", 3], ["e", 3]])
    far.page.clock.run_for(6_000)
    assert (len(far.sockets), far.page.evaluate("live.live.state")) == (1, "online")


def test_after_a_sleep_a_line_that_does_not_answer_counts_as_cut(far: OtherEnd) -> None:
    ready(far)
    far.line = "mute"
    far.page.clock.fast_forward(20_000)
    far.until(lambda: len(far.joins()) == 2)
    far.page.clock.run_for(6_000)
    far.until(lambda: len(far.sockets) == 2)


def test_a_night_s_sleep_costs_one_new_socket(far: OtherEnd) -> None:
    ready(far)
    far.publish(4)
    far.shows("1", "2", "3", "4")
    far.page.clock.fast_forward(9 * HOUR)
    far.page.clock.run_for(2_000)
    far.sockets_opened(2)
    far.until(lambda: far.joins()[-1] == ["e", 4])
    far.publish(5)
    far.shows("1", "2", "3", "4", "5")


@pytest.mark.parametrize("moment", ["2020-01-01T00:00:00", "2040-01-01T00:00:00"], ids=["back", "on"])
def test_a_clock_that_is_set_only_makes_the_page_look(far: OtherEnd, moment: str) -> None:
    ready(far)
    far.page.clock.set_system_time(moment)
    far.page.clock.run_for(6_000)
    far.until(lambda: len(far.joins()) == 2)
    # From then on the clocks go together again.
    far.page.clock.run_for(20_000)
    far.page.wait_for_timeout(100)
    assert (len(far.joins()), len(far.sockets), far.page.evaluate("live.live.state")) == (2, 1, "online")
    far.publish(4)
    far.shows("1", "2", "3", "4")


def test_without_a_network_the_page_says_so_and_comes_back_with_it(far: OtherEnd) -> None:
    ready(far)
    far.page.context.set_offline(True)
    far.line, far.answers[""] = "refused", (502, "")
    far.becomes("offline")
    far.page.clock.run_for(60_000)
    assert far.page.evaluate("live.live.state") == "offline"
    far.line = "open"
    del far.answers[""]
    far.page.context.set_offline(False)
    far.becomes("online")
    far.publish(4)
    far.shows("1", "2", "3", "4")


# ── Polling ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_polling_page_that_comes_back_from_the_history_looks_at_once(far: OtherEnd) -> None:
    poll(far)
    far.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    before = turns(far)
    far.passes(10)
    assert turns(far) == before
    far.append(4)
    far.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    far.shows("1", "2", "3", "4")


def test_a_polling_page_that_slept_looks_at_once(far: OtherEnd) -> None:
    far.every = 60.0
    poll(far)
    far.append(4)
    far.page.clock.fast_forward(20_000)
    far.shows("1", "2", "3", "4")


@pytest.mark.parametrize("moment", ["2020-01-01T00:00:00", "2040-01-01T00:00:00"], ids=["back", "on"])
def test_polling_keeps_its_pace_when_the_clock_is_set(far: OtherEnd, moment: str) -> None:
    poll(far)
    far.page.clock.set_system_time(moment)
    for number in (4, 5):
        far.append(number)
        turn(far)
    far.shows("1", "2", "3", "4", "5")
    before = turns(far)
    far.passes(20)
    # One look for the clock, the others in their time.
    assert 6 <= turns(far) - before <= 14
    assert far.loads == 1


def test_an_answer_that_never_comes_is_given_up_and_asked_for_again(far: OtherEnd) -> None:
    poll(far)
    far.page.route(f"{SITE}/log/**", lambda route: far.asked.append("held"))
    far.page.clock.run_for(2_500)
    far.until(lambda: "held" in far.asked)
    far.page.unroute(f"{SITE}/log/**")
    far.append(4)
    before = turns(far)
    for _step in range(7):
        far.page.clock.run_for(2_000)
        far.page.wait_for_timeout(20)
    assert turns(far) == before
    far.page.clock.run_for(2_000)
    turn(far)
    far.shows("1", "2", "3", "4")


def test_a_polling_page_without_a_network_says_so_at_once(far: OtherEnd) -> None:
    poll(far)
    far.answers[TIP] = (502, "")
    far.page.context.set_offline(True)
    far.becomes("offline")
    del far.answers[TIP]
    far.append(4)
    far.page.context.set_offline(False)
    far.becomes("polling")
    far.shows("1", "2", "3", "4")
    assert f"{TOPIC}/e/1/0.json" not in far.asked
