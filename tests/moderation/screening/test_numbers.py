"""Numbers that are somebody's, and numbers that are nobody's."""

import pytest

from moderation.screening.numbers import Number, find
from moderation.screening.skeleton import skeleton


def found(text: str) -> list[tuple[Number, str]]:
    return [(number, text[start:end]) for number, start, end in find(text, skeleton(text))]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number.MOBILE, "13812345678"),
        (Number.MOBILE, "+86 138-1234-5678"),
        (Number.MOBILE, "（+86）13812345678"),
        (Number.MOBILE, "一三八 一二三四 五六七八"),
        (Number.MOBILE, "l38O1234567"),
        (Number.MOBILE, "1\ufe0f\u20e33\ufe0f\u20e3812345678"),
        (Number.MOBILE, "013812345678"),
        (Number.MOBILE, "138，1234，5678"),
        (Number.MOBILE, "1、3、8、1、2、3、4、5、6、7、8"),
        (Number.LANDLINE, "0792-8123456"),
        (Number.LANDLINE, "（0792）8123456转801"),
        (Number.LANDLINE, "010 81234567"),
        (Number.IDENTITY, "11010519491231002X"),
        (Number.IDENTITY, "110105 1949 1231 002x"),
        (Number.IDENTITY, "110105491231002"),
        (Number.BANK_CARD, "6222 0210 0111 6245 702"),
        (Number.BANK_CARD, "4111111111111111"),
    ],
)
def test_a_number_is_found_as_it_is_written(number: Number, text: str) -> None:
    assert found(text) == [(number, text)]
    assert found(f"请打{text}找我") == [(number, text)]
    assert found(f"停水3天，第2次了 {text}，打12345没有用") == [(number, text)]


@pytest.mark.parametrize(
    "text",
    [
        "", "12345", "110、120、119", "96119", "400-123-4567", "0730-018 0730-019", "2026-07-30 09:00", "2026.7.30", "〔2026〕12号", "1,380,000元",
        "13800000000元", "138000000001", "213812345678", "8123456", "2026073000012345", "工单号4111111111111111", "户号013812345678", "表号110105491231002",
        "11010519491231002", "4111111111111112", "一三五停水", "二〇二六年七月三十日",
    ],
)  # fmt: skip
def test_what_is_nobodys_passes(text: str) -> None:
    assert found(text) == []


def test_words_around_a_number_say_what_it_is() -> None:
    assert found("家里电话是8123456") == [(Number.LANDLINE, "8123456")]
    assert found("身份证号：110105194912310021") == [(Number.IDENTITY, "110105194912310021")]


def test_several_numbers_in_a_row_are_each_found() -> None:
    assert found("13812345678 0792-8123456 11010519491231002X") == [
        (Number.MOBILE, "13812345678"),
        (Number.LANDLINE, "0792-8123456"),
        (Number.IDENTITY, "11010519491231002X"),
    ]


def test_a_number_begins_where_the_way_of_writing_changes() -> None:
    assert found("第一13812345678") == [(Number.MOBILE, "13812345678")]
