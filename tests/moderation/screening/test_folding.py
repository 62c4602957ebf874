"""Disguises fall away, and what is left knows its place."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.screening.folding import fold, is_han, key, simplified


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("加微信", "加微信"),
        ("加-微·信", "加微信"),
        ("加 微　信\n", "加微信"),
        ("加😀微🛰️信", "加微信"),
        ("加\u200b微\u2060信\ufeff", "加微信"),
        ("\u202e加微信\u202c", "加微信"),
        ("加\u0336微\u0336信\u0336", "加微信"),
        ("加\u115f微\u3164信\uffa0", "加微信"),
        ("加薇信", "加微信"),
        ("⼈民", "人民"),
        ("賓館裏", "宾馆里"),
        ("薴苧苎", "苎苎苎"),
        ("ＡｂＣ", "abc"),
        ("𝐚𝒃ⓒ🅳🅔", "abcde"),
        ("аdмin", "admin"),
        ("αdμιn", "adμin"),
        ("ᴀᴅᴍɪɴ", "admin"),
        ("ädmín", "admin"),
        ("4dm1n", "admin"),
        ("a1lI|", "aiii"),
        ("@dmin", "admin"),
        ("加@微@信", "加微信"),
        ("$b", "sb"),
        ("5 $", "s"),
        ("㎏ ﬁ ß", "kgfiss"),
        ("①②", "i2"),
    ],
)
def test_a_disguise_falls_away(text: str, folded: str) -> None:
    assert key(text) == folded
    assert fold(text).text == folded


def test_each_letter_knows_where_it_came_from() -> None:
    folded = fold("加-㎏ 信")
    assert (folded.text, folded.starts, folded.ends, folded.counts) == ("加kg信", [0, 2, 2, 4], [1, 3, 3, 5], [1, 1, 1, 1])


def test_runs_are_squeezed_and_counted_and_end_with_their_last_character() -> None:
    squeezed = fold("加 加微ＱqＱ").squeezed()
    assert (squeezed.text, squeezed.starts, squeezed.ends, squeezed.counts) == ("加微q", [0, 3, 4], [3, 4, 7], [2, 1, 3])
    assert fold("").squeezed() == fold("")


def test_han_stand_alone() -> None:
    han = fold("主1持x人").han()
    assert (han.text, han.starts, han.ends) == ("主持人", [0, 2, 4], [1, 3, 5])


def test_simplifying_keeps_all_else() -> None:
    assert simplified("請加ＶＸ 薇信！") == "请加ＶＸ 薇信！"


def test_folding_what_was_folded_changes_nothing_in_all_of_unicode() -> None:
    letters = "".join(key(chr(code)) for code in range(0x110000))
    assert key(letters) == letters


@given(st.text(max_size=60))
def test_places_are_in_order_and_hold_what_was_folded(text: str) -> None:
    for folded in (fold(text), fold(text).squeezed(), fold(text).han()):
        assert len(folded.text) == len(folded.starts) == len(folded.ends) == len(folded.counts)
        assert list(folded.starts) == sorted(folded.starts)
        assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert fold(text).text == key(text)
    assert key(key(text)) == key(text)


@given(
    st.text(alphabet=st.characters(categories=["Cc", "Cf", "Zs", "Zl", "Zp", "Po", "Pd", "So", "Mn"], exclude_characters="@"), max_size=20)
)
def test_nothing_interposed_is_left(text: str) -> None:
    kept = [character for character in key(text) if not unicodedata.normalize("NFKD", character).isalnum()]
    assert kept == []
    assert key(f"加{text}微") == f"加{key(text)}微"


def test_what_is_han() -> None:
    assert [is_han(character) for character in "微㐀𠮷a1あ、"] == [True, True, True, False, False, False, False]
