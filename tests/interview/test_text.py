import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.text import INTAKE_LIMIT, TooLong, clean, clean_line, comparable, number_of

HARD_TEXT = st.text(st.characters() | st.sampled_from("\u200b\u200d\u202e\u2066\ufeff\u0301\u0336\ufe0f👩👦🏽𠮷é\r\n\t\u3000\u2028"))


@given(HARD_TEXT)
def test_clean_twice_is_clean_once(text):
    assert clean(clean(text)) == clean(text)


@given(HARD_TEXT)
def test_nothing_invisible_survives(text):
    kept = clean(text).replace("\u200d", "").replace("\n", "")
    assert {unicodedata.category(c) for c in kept} & {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} == set()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  停水\u200b 通知 \u202e", "停水 通知"),
        ("水\u0000压", "水压"),
        ("一\r\n\r\n\r\n\r\n二", "一\n\n二"),
        ("全角\u3000空格\u00a0和\t制表", "全角 空格 和 制表"),
        ("\u2066反向\u2069", "反向"),
        ("\ufeff开头", "开头"),
        ("空\u2800白\u3164字\u034f", "空白字"),
        ("\U000e0041标签", "标签"),
        ("𠮷野家", "𠮷野家"),
        ("一家👩‍👩‍👧‍👦好", "一家👩‍👩‍👧‍👦好"),
        ("假\u200d连接", "假连接"),
        ("❤️", "❤️"),
        ("Z" + "\u0336" * 50, "Z" + "\u0336" * 2),
        ("e\u0301", "é"),
        (" \n\t\u200b ", ""),
    ],
)
def test_clean(before, after):
    assert clean(before) == after


def test_html_is_text_like_any_other():
    assert clean("<script>alert(1)</script>") == "<script>alert(1)</script>"


def test_a_hundred_thousand_characters_are_cleaned_and_more_than_the_intake_limit_is_not_looked_at():
    assert len(clean("水" * 100_000)) == 100_000
    with pytest.raises(TooLong):
        clean("水" * (INTAKE_LIMIT + 1))


def test_a_name_is_one_line():
    assert clean_line(" 湖滨\n老李\t") == "湖滨 老李"


@pytest.mark.parametrize("variant", ["主持人", "主 持 人", "主\u200b持-人", "主·持·人", "主。持。人", "（主持人）"])
def test_look_alikes_of_a_name_have_one_key(variant):
    assert comparable(variant) == "主持人"


def test_full_width_and_case_fold_into_one_key():
    assert comparable("ＡＤmin") == comparable("adMIN") == "admin"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("999", 999),
        ("1000", None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        (" 1", None),
        ("１２", None),
        ("²", None),
    ],
)
def test_a_number_is_so_many_ascii_digits_at_most(text, number):
    assert number_of(text, digits=3) == number
