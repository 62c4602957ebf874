"""What makes two questions alike, and the few numbers that stand for one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import shingles
from moderation.shingles import CANDIDATES, COMMON, bare, chosen, likeness, most_in_common, numbers

PRESSURE = "我们小区的水压什么时候恢复？"
HAN = st.text(alphabet=[chr(code) for code in range(0x4E00, 0x4E40)], max_size=60)


def alike(one, other):
    return likeness(bare(one), bare(other))


def test_what_every_question_is_full_of_is_left_out():
    assert bare("尊敬的领导您好！请问我们小区的水压什么时候能恢复？谢谢！") == "小区水压恢复"


def test_a_question_of_nothing_but_filling_is_compared_by_that():
    assert bare("请问为什么？") == "请问为什么"


def test_disguises_fall_away():
    assert bare("小 區的水-压　何時恢複！") == bare("小区的水压何时恢複")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PRESSURE, PRESSURE),
        (PRESSURE, "请问小区水压何时可以恢复正常"),
        (PRESSURE, "您好，水压恢复了没有？我们小区的"),
        ("什么时候能恢复水压？", "水压什么时候恢复"),
        ("城东水厂什么时候建成", "城东的水厂何时能建好投用"),
        ("停水为什么不提前通知", "停水了怎么不早点通知大家"),
        ("二次供水改造费用谁出", "老旧小区二次供水改造由谁出钱"),
    ],
)
def test_the_same_in_other_words_is_alike(one, other):
    assert alike(one, other) >= 50


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PRESSURE, "我们小区的垃圾什么时候清运？"),
        ("幼儿园学费太高", "小学学区怎么划分"),
        ("请问为什么停水", "请问为什么停电"),
    ],
)
def test_what_only_sounds_alike_is_not(one, other):
    assert alike(one, other) < 50


def test_the_same_is_a_hundred_and_its_beginning_a_little_less():
    long = "城东片区晚高峰水压低，六楼以上没有水，加压泵什么时候更换，费用由谁承担？"
    assert (alike(long, long), alike(long[:18], long)) == (100, 90)


def test_nothing_is_alike_to_nothing():
    assert (likeness("", ""), likeness("", "水压"), likeness("水", "水")) == (0, 0, 100)


@given(HAN, HAN)
def test_whichever_comes_first_it_is_the_same_likeness(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 100


def test_each_run_has_its_number_once():
    assert len(numbers("水压水压水", size=2)) == 2
    assert numbers("水压低", size=3) == numbers("自来水压低", size=3)[2:]
    assert (numbers("水", size=2), numbers("水压", size=3), numbers("", size=2)) == ([], [], [])


@given(st.text(max_size=40), st.sampled_from([2, 3]))
def test_numbers_fit_both_databases(text, size):
    found = numbers(text, size=size)
    assert all(0 <= number < 1 << 63 for number in found)
    assert len(found) == len({text[start : start + size] for start in range(len(text) - size + 1)})


@given(HAN, st.integers(1, 20))
def test_the_chosen_are_spread_over_the_text(text, most):
    found = numbers(text, size=2)
    kept = chosen(found, most)
    assert kept == [number for number in found if number in kept]
    assert len(kept) == min(len(found), most)
    places = [found.index(number) for number in kept]
    gaps = [later - earlier for earlier, later in pairwise(places)]
    assert all(gap < 2 * (len(found) // most + 1) for gap in gaps)


def test_filling_is_said_once():
    assert len(set(shingles._FILLING)) == len(shingles._FILLING)


def test_who_holds_most_comes_first_and_what_few_hold_counts_for_more():
    assert most_in_common([[1, 2, 3, 4], [1, 2], [2, 5], []]) == [2, 1, 5, 4, 3]


def test_of_what_many_hold_the_latest_are_looked_at_and_so_many_are_told():
    assert most_in_common([range(COMMON + 5)]) == list(range(COMMON + 4, 4, -1))[:CANDIDATES]
