"""Listed words are found through their disguises, and honest ones pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.screening.findings import Consequence, Finding, Kind
from moderation.screening.words import WordList, Words, length

ADVERTS = WordList("广告联系", "广告", Consequence.HOLD, ["加微信", "代开发票", "QQ群", "赌博"])
SOUNDING = WordList("广告联系", "广告", Consequence.HOLD, ["加微信"], pinyin=True)


def found(words: Words, text: str) -> list[tuple[str, str]]:
    """Each word that is found, with what stands in its place."""
    return [(finding.found, text[finding.start : finding.end]) for finding in words.find(text)]


def test_a_finding_says_what_where_and_why() -> None:
    assert Words([ADVERTS]).find("优惠！加-微·信详谈") == [
        Finding(Kind.WORD, "广告", Consequence.HOLD, 3, 8, "加微信", "词表“广告联系”里有“加微信”，写作“加-微·信”。")
    ]
    assert Words([ADVERTS]).find("请加微信")[0].why == "词表“广告联系”里有“加微信”。"


@pytest.mark.parametrize(
    "text",
    ["加微信", "加 微 信", "加*微*信", "加😀微😀信", "加1微2信", "加薇信", "伽徽信", "加\u200b微\u200b信", "加加微微信信", "＋加【微】信"],
)
def test_a_word_is_found_through_its_disguise(text: str) -> None:
    assert [word for word, _ in found(Words([ADVERTS]), text)] == ["加微信"]


@pytest.mark.parametrize("text", ["加威信", "jia wei xin", "jiāwēixìn", "JiaWeiXin", "加wei信", "家卫信"])
def test_a_word_is_found_by_its_sound_where_the_list_says_so(text: str) -> None:
    assert found(Words([ADVERTS]), text) == []
    assert found(Words([SOUNDING]), text) == [("加微信", text)]


@pytest.mark.parametrize("text", ["", "卫星", "jia weixing", "增加，微信群", "物业费增加。微信缴费不到账", "qq 裙", "安徽信用"])
def test_what_only_resembles_a_word_passes(text: str) -> None:
    assert found(Words([ADVERTS, SOUNDING]), text) == []


def test_an_innocent_longer_word_excuses_what_lies_in_it() -> None:
    words = Words([WordList("官职", "官职", Consequence.MARK, ["市长"]), ADVERTS], innocent=["城市长", "增加微信"])
    assert found(words, "城市长大的孩子问市长") == [("市长", "市长")]
    assert found(words, "增加微信公众号；加微信") == [("加微信", "加微信")]
    # With something put into it it is no honest word any more.
    assert found(words, "增-加-微-信") == [("加微信", "加-微-信")]


def test_a_listed_word_that_contains_the_innocent_one_is_found() -> None:
    words = Words([WordList("广告", "广告", Consequence.MARK, ["安徽微信群"])])
    assert found(words, "安徽微信群") == [("安徽微信群", "安徽微信群")]


def test_several_lists_are_searched_and_the_heavier_consequence_is_told() -> None:
    words = Words([ADVERTS, WordList("禁止", "违法", Consequence.REFUSE, ["赌博"])])
    assert [(finding.category, finding.consequence) for finding in words.find("赌博")] == [("违法", Consequence.REFUSE)]


def test_words_too_short_or_too_long_are_left_out() -> None:
    words = Words([WordList("坏", "坏", Consequence.MARK, ["", "啊", "…！", "长" * 25 + "短" * 26])])
    assert words.find("啊…！" + "长" * 25 + "短" * 26) == []
    assert [length(word) for word in ("", "啊", "QQ", "加-微·信")] == [0, 1, 2, 3]


def test_without_lists_nothing_is_found() -> None:
    assert Words().find("加微信") == []


def test_fifty_thousand_words_are_searched_like_one() -> None:
    many = [f"{chr(0x4E00 + number // 250)}{chr(0x5E00 + number % 250)}甲" for number in range(50_000)]
    words = Words([WordList("很多", "很多", Consequence.MARK, many)])
    assert found(words, f"前{many[49_999]}后{many[0]}") == [(many[49_999], many[49_999]), (many[0], many[0])]


@given(st.text(max_size=80))
def test_any_text_can_be_searched_and_slices_are_inside_it(text: str) -> None:
    words = Words([WordList("试", "试", Consequence.MARK, ["ab", "加微信", text], pinyin=True)], innocent=[text])
    assert all(0 <= finding.start < finding.end <= len(text) for finding in words.find(text))
