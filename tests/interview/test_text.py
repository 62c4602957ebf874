import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.text import INTAKE_LIMIT, TooLong, clean, clean_line, number_of
from tests.moderation.screening.bombs import bombs

HARD_TEXT = st.text(
    st.characters()
    | st.sampled_from("\u200b\u200d\u202e\u2066\ufeff\u0301\u0336\u0327\u0f73\U0001d165\U0001d16d\ufe0f👩👦🏽𠮷é\r\n\t\u3000\u2028")
)


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
        # Selectors and joiners with nothing to select or to join, wherever the blanks before them go.
        ("\t\ufe0f水\n\u200d\ufe0f压", "水\n压"),
        ("👩\u200d\u200d👦", "👩\u200d👦"),
        # Marks that begin or end in another order than they stand in.
        ("e\u0301\u0327\u200d\u0336", "ȩ\u0336\u0301"),
        ("\u0327\U0001d16d\u2028\u0f73", "\u0327\U0001d16d"),
        ("a" + "\u0301\u0327" * 20_000, "á\u0327\u0327"),
        ("\u0f73" * 20_000, "\u0f71\u0f71"),
    ],
)
def test_clean(before, after):
    assert clean(before) == after


def test_a_text_made_to_be_slow_is_clean_after_one_look():
    assert [bomb[:20] for bomb in bombs(2_000) if clean(clean(bomb)) != clean(bomb)] == []


def test_html_is_text_like_any_other():
    assert clean("<script>alert(1)</script>") == "<script>alert(1)</script>"


def test_all_that_may_be_taken_in_is_cleaned_and_more_is_not_looked_at():
    assert len(clean("水" * INTAKE_LIMIT)) == INTAKE_LIMIT
    with pytest.raises(TooLong):
        clean("水" * (INTAKE_LIMIT + 1))


def test_a_name_is_one_line():
    assert clean_line(" 湖滨\n老李\t") == "湖滨 老李"


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
