"""Limits per visitor and per address, told with the time to wait."""

from uuid import uuid4

import pytest
import time_machine
from limits.storage import MemoryStorage

from moderation import throttle
from moderation.throttle import Asker, TooOften, look, take
from tests.databases import valkey
from tests.moderation.conftest import NOON

LI, WANG = Asker("li", "192.0.2.1"), Asker("wang", "192.0.2.1")


def refusal(asker):
    with pytest.raises(TooOften) as caught:
        take(asker)
    return caught.value


def test_the_second_question_waits_for_the_rest_of_ten_seconds(clock):
    take(LI)
    clock.shift(2)
    assert (refusal(LI).detail, refusal(LI).seconds) == ("提问太频繁了，请在 8 秒后再提交。您写的内容还在。", 8)
    clock.shift(8.1)
    take(LI)


def test_a_refused_question_does_not_lengthen_the_wait(clock):
    take(LI)
    for _attempt in range(5):
        clock.shift(1)
        refusal(LI)
    assert refusal(LI).seconds == 5


def test_the_sixth_question_waits_for_the_rest_of_ten_minutes(clock):
    for _question in range(5):
        take(LI)
        clock.shift(11)
    assert refusal(LI).detail == "提问太频繁了，请在 10 分钟后再提交。您写的内容还在。"


def test_the_thirty_first_question_waits_for_tomorrow(clock):
    for _question in range(30):
        take(LI)
        clock.shift(121)
    assert refusal(LI).detail == "提问太频繁了，请在 23 小时后再提交。您写的内容还在。"


def test_visitors_behind_one_address_do_not_slow_each_other_down(clock):
    take(LI)
    take(WANG)


def test_the_sixty_first_question_of_an_address_waits(clock):
    for number in range(60):
        take(Asker(f"visitor{number}", "192.0.2.1"))
    assert refusal(WANG).seconds == 600
    take(Asker("wang", "192.0.2.2"))


def test_a_customer_of_ipv6_is_one_address_however_many_are_used(clock, settings):
    settings.ASK_LIMITS_PER_ADDRESS = ["1/minute"]
    take(Asker("a", "2001:db8:1:2::3"))
    refusal(Asker("b", "2001:db8:1:2:ffff::4"))
    take(Asker("c", "2001:db8:1:3::3"))


def test_what_the_address_refuses_does_not_count_for_the_visitor(clock, settings):
    settings.ASK_LIMITS_PER_ADDRESS = ["1/10 seconds"]
    settings.ASK_LIMITS_PER_VISITOR = ["1/minute"]
    take(LI)
    refusal(WANG)
    clock.shift(11)
    take(WANG)


def test_without_an_address_only_the_visitor_is_counted(clock, settings):
    settings.ASK_LIMITS_PER_ADDRESS = ["1/minute"]
    take(Asker("a", None))
    take(Asker("b", None))
    refusal(Asker("a", None))


def test_looking_counts_nothing(clock):
    for _look in range(3):
        look(LI, token=uuid4())
    take(LI)


def test_looking_refuses_what_is_used_up_except_a_token_that_was_let_in(clock):
    token = uuid4()
    look(LI, token=token)
    take(LI)
    look(LI, token=token)
    with pytest.raises(TooOften):
        look(LI, token=uuid4())


def test_a_clock_that_is_put_back_keeps_nobody_out_for_longer_than_the_limit(clock):
    limiter = throttle.Limiter(MemoryStorage())
    for limit, *key in LI.limits():
        limiter.hit(limit, *key)
    clock.shift(-3600)
    assert throttle._wait(limiter, LI) == throttle.Wait(10, crowd=False)


def test_a_clock_that_is_put_back_keeps_nobody_out_where_this_process_counts(clock):
    take(LI)
    clock.shift(-600)
    take(LI)
    assert refusal(LI).seconds == 10


def test_processes_whose_clocks_differ_count_together(settings):
    settings.ASK_LIMITS_PER_VISITOR, settings.ASK_LIMITS_PER_ADDRESS = ["3/hour"], []
    waits = []
    with valkey() as server:
        settings.REDIS_URL = server.url
        throttle._made.cache_clear()
        for hours in (0, 1, -1, 26, 0):
            with time_machine.travel(NOON + hours * 3600, tick=False):
                if len(waits) < 3:
                    take(LI)
                waits.append(throttle._wait(throttle._counters()._shared, LI).seconds)
    throttle._made.cache_clear()
    # The rest of an hour, of which a test takes little.
    assert waits[:2] == [0, 0]
    assert all(3000 < seconds <= 3600 for seconds in waits[2:])


def test_without_redis_this_process_counts_alone(clock, settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    throttle._made.cache_clear()
    take(LI)
    assert refusal(LI).seconds == 10
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_all_who_ask_on_one_programme_share_a_limit_and_are_told_that_it_is_the_crowd(clock, settings):
    settings.ASK_LIMITS_PER_PROGRAMME = ["3/minute"]
    for number in range(3):
        take(Asker(f"v{number}", f"192.0.2.{number}", "one"))
    refused = refusal(Asker("late", "192.0.2.9", "one"))
    assert (refused.detail, refused.seconds) == ("现在提问的人太多，请在 1 分钟后再提交。您写的内容还在。", 60)
    take(Asker("late", "192.0.2.9", "other"))


def test_pressure_is_what_came_in_the_last_minute(clock, settings):
    settings.ASK_PRESSURE = "2/minute"
    pressed = []
    for number in range(2):
        pressed.append(throttle.is_pressed("one"))
        take(Asker(f"v{number}", f"192.0.2.{number}", "one"))
    pressed += [throttle.is_pressed("one"), throttle.is_pressed("other")]
    clock.shift(61)
    assert [*pressed, throttle.is_pressed("one")] == [False, False, True, False, False]


def test_a_ticket_is_spent_once():
    assert [throttle.spend("a", seconds=60), throttle.spend("a", seconds=60), throttle.spend("b", seconds=60)] == [True, False, True]
