"""Thirty mild terms, and how people write them so that a program should not find them; the same seed gives the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from opencc import OpenCC

from moderation.screening.findings import Consequence
from moderation.screening.words import WordList

# Adverts, invitations to talk elsewhere, invented swearwords. By each: how it sounds, and other characters that sound alike.
TERMS: Final = {
    "加微信": ("jia wei xin", "佳威欣"), "加我微信": ("jia wo wei xin", "嘉我唯信"), "微信联系": ("wei xin lian xi", "威信连系"),
    "私聊我": ("si liao wo", "思聊我"), "扫码进群": ("sao ma jin qun", "扫马进裙"), "进群领券": ("jin qun ling quan", "近群领劝"),
    "代开发票": ("dai kai fa piao", "带开发票"), "刷单返利": ("shua dan fan li", "刷丹返利"), "兼职日结": ("jian zhi ri jie", "坚持日结"),
    "低息贷款": ("di xi dai kuan", "低西贷款"), "无抵押贷": ("wu di ya dai", "五抵押贷"), "高价回收": ("gao jia hui shou", "高价会收"),
    "免费领取": ("mian fei ling qu", "免费零取"), "限时特价": ("xian shi te jia", "现时特价"), "点击链接": ("dian ji lian jie", "点击连接"),
    "办证刻章": ("ban zheng ke zhang", "办正刻章"), "代写论文": ("dai xie lun wen", "代写轮文"), "装修优惠": ("zhuang xiu you hui", "庄修优惠"),
    "学区房源": ("xue qu fang yuan", "学区方源"), "理财稳赚": ("li cai wen zhuan", "理财吻赚"), "养生神药": ("yang sheng shen yao", "养声神药"),
    "转让车位": ("zhuan rang che wei", "专让车位"), "收购烟酒": ("shou gou yan jiu", "收购研究"), "坏瓜蛋": ("huai gua dan", "坏呱蛋"),
    "呆木鸭": ("dai mu ya", "呆木呀"), "糊涂虫子": ("hu tu chong zi", "胡涂虫子"),
    "wechat": ("", ""), "telegram": ("", ""), "QQ群": ("", ""), "vx号": ("", ""),
}  # fmt: skip

LIST: Final = WordList("演示词表", "广告", Consequence.HOLD, tuple(TERMS), pinyin=True)

FRAMES: Final = (
    ("", ""), ("请问水费怎么交？", "，谢谢"), ("大家好，", "！"), ("停水三天了 ", " 有人管吗"), ("优惠到月底，", "。"), ("【", "】欢迎"), ("看这里👉", "👈"),
)  # fmt: skip


@dataclass(frozen=True)
class Evasion:
    """A text in which a term stands, and the way it was written."""

    term: str
    manner: str
    text: str


def _between(*signs: str) -> Callable[[Random, str], str]:
    return lambda chance, term: chance.choice(signs).join(term)


def _once(*signs: str) -> Callable[[Random, str], str]:
    def write(chance: Random, term: str) -> str:
        at = chance.randrange(1, len(term))
        return term[:at] + chance.choice(signs) + term[at:]

    return write


def _full(_: Random, term: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() else letter for letter in term)


def _odd_letters(chance: Random, term: str) -> str:
    starts = chance.choice((0x1D41A, 0x24D0, 0x1D5BA))
    return "".join(chr(starts + ord(letter.lower()) - ord("a")) if letter.isascii() else f"{letter}\u0336" for letter in term)


def _doubled(_: Random, term: str) -> str:
    return "".join(letter * 2 for letter in term)


def _stretched(chance: Random, term: str) -> str:
    at = chance.randrange(len(term))
    return term[:at] + term[at] * chance.randrange(2, 6) + term[at:]


def _alike(_: Random, term: str) -> str:
    # Cyrillic, leetspeak, and Han that look alike.
    return term.translate(str.maketrans("eaocQgтиlвр微加x", "е4осQ9тиlвр薇伽х".replace("9", "g")))


def _emphasised(chance: Random, term: str) -> str:
    pair = chance.choice(("【】", "（）", "《》", "**"))
    return "".join(f"{pair[0]}{letter}{pair[1]}" for letter in term)


def _invisible(chance: Random, term: str) -> str:
    return chance.choice(("\u200b", "\u2060", "\u00ad", "\ufeff", "\u200d", "\u034f")).join(term)


def _turned(_: Random, term: str) -> str:
    return f"\u202e{term}\u202c"


_TRADITIONAL: Final = OpenCC("s2t")

WRITTEN: Final[dict[str, Callable[[Random, str], str]]] = {
    "as it is": lambda _, term: term,
    "blanks": _between(" ", "\u3000", "\u00a0", "\n"),
    "signs": _between("-", "·", "*", ".", "/", "~", "_", "|", "、", "+", "…"),
    "one sign": _once("-", "·", "*", ".", "/", "~", "_", "|", " ", "^^"),
    "pictures": _between("😀", "🛰️", "❤️", "👉"),
    "one picture": _once("🐧", "💰", "⭐"),
    "invisible": _invisible,
    "turned": _turned,
    "brackets": _emphasised,
    "marks": lambda _, term: "\u0336".join([*term, ""]),
    "full width": _full,
    "odd letters": _odd_letters,
    "capitals": lambda _, term: term.upper(),
    "traditional": lambda _, term: _TRADITIONAL.convert(term),
    "doubled": _doubled,
    "stretched": _stretched,
    "look-alikes": _alike,
    "several at once": lambda chance, term: _between("-", "·", " ")(chance, _TRADITIONAL.convert(_full(chance, term))),
}
# These are for Han only.
SOUNDING: Final[dict[str, Callable[[Random, str], str]]] = {
    "digits": _between("1", "2", "8", "x", "a"),
    "pinyin": lambda _, term: TERMS[term][0],
    "pinyin in one": lambda _, term: TERMS[term][0].replace(" ", ""),
    "pinyin in capitals": lambda _, term: TERMS[term][0].title(),
    "homophones": lambda _, term: TERMS[term][1],
    "half pinyin": lambda _, term: term[0] + "".join(TERMS[term][0].split()[1:]),
}


def evasions(*, seed: int = 48) -> Iterator[Evasion]:
    """Every term in every manner that suits it, in some sentence: more than six hundred."""
    chance = Random(seed)
    for term, (sound, _) in TERMS.items():
        for manner, write in (WRITTEN | SOUNDING if sound else WRITTEN).items():
            before, after = chance.choice(FRAMES)
            yield Evasion(term, manner, before + write(chance, term) + after)
