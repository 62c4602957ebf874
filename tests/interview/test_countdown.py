from datetime import UTC, datetime, timedelta

import pytest

from interview.countdown import until

START = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3, hours=4, minutes=59), "还有3天4小时"),
        (timedelta(days=1), "还有1天0小时"),
        (timedelta(hours=2, minutes=15, seconds=59), "还有2小时15分钟"),
        (timedelta(minutes=12), "还有12分钟"),
        (timedelta(seconds=59), "马上开始"),
        (timedelta(0), "已到计划时间，等主持人开场"),
        (-timedelta(hours=1), "已到计划时间，等主持人开场"),
    ],
)
def test_the_time_left_is_told_in_the_two_largest_units(left, words):
    assert until(START, now=START - left) == words
