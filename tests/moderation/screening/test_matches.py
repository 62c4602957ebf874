"""Whether a person would read the word there."""

import pytest

from moderation.screening.folding import fold
from moderation.screening.matches import Match, Shape, Typed, shape_of
from moderation.screening.syllables import spell


def match(word: str, text: str) -> Match:
    folded = fold(text).squeezed()
    first = folded.text.index(shape_of(word)[0])
    return Match(text, folded, first, first + shape_of(word)[1].length)


def test_a_word_has_a_shape() -> None:
    assert shape_of("加微信") == ("加微信", Shape(3, latin=False, counts=(), digits=frozenset()))
    assert shape_of("QQ群") == ("q群", Shape(2, latin=False, counts=(2, 1), digits=frozenset()))
    assert shape_of("4S") == ("as", Shape(2, latin=True, counts=(), digits=frozenset({0})))
    assert [shape_of(word)[1].characters for word in ("加微信", "QQ群", "…")] == [3, 3, 0]


def test_a_match_is_a_slice_of_the_original() -> None:
    found = match("加微信", "请加-微·信吧")
    assert (found.start, found.end, found.written, found.gaps()) == (1, 6, "加-微·信", ["-", "·"])


@pytest.mark.parametrize(
    ("word", "text", "fits"),
    [
        ("QQ群", "q群", False),
        ("QQ群", "ＱＱ群", True),
        ("QQ群", "qqq群", True),
        ("加微信", "物业费增加，微信群里没人管", False),
        ("加微信", "增加。微信", False),
        ("加微信", "加，微，信", True),
        ("加微信", "加·微信", True),
        ("赌博", "赌，博", True),
        ("赌博", "不许赌。博物馆", False),
        ("sb", "usb", False),
        ("sb", "as bad", False),
        ("sb", "S.B.", True),
        ("sb", "你sb吗", True),
        ("sb", "sb1", True),
        ("sos", "505", False),
        ("sos", "5o5", True),
        ("502", "502胶水", True),
        ("502", "1502", False),
        ("502", "5o2", False),
        ("casino", "online-casinos", True),
    ],
)
def test_a_person_would_read_it_there(word: str, text: str, fits: bool) -> None:
    assert match(word, text).fits(shape_of(word)[1]) is fits


@pytest.mark.parametrize(
    ("text", "interposed"), [("加1微2信", True), ("加vx微-信", True), ("加1微信", False), ("加123微2信", False), ("加-微-信", False)]
)
def test_letters_are_interposed_everywhere_or_they_are_no_disguise(text: str, interposed: bool) -> None:
    han = fold(text).han()
    assert Match(text, han, 0, 3).is_interposed() is interposed


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("weixin", True), ("wei xin", True), ("微信", True), ("wei信", True), ("jiaweixinhao", True), ("weixin123", True), ("微星", False),
        ("weixing", False), ("qweixin", False), ("weixin gou", True),
        # More than sixty letters without a gap are nobody's spelling, however they are cut.
        ("weixin" * 11, True), ("weixin" * 12, False), ("weixin" * 9_000, False),
    ],
)  # fmt: skip
def test_no_syllable_is_cut(text: str, whole: bool) -> None:
    spelt = spell(fold(text))
    first = spelt.text.index("weixin")
    assert Match(text, spelt, first, first + len("weixin")).is_whole_syllables(Typed(text, spelt)) is whole
