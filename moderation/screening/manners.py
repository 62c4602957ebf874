"""How a text is written: links in it, shouting, and the same again and again."""

import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from moderation.screening.findings import Consequence, Finding, Kind
from moderation.screening.skeleton import skeleton


class Manner(StrEnum):
    """What is odd about the writing."""

    LINK = "link"
    CAPITALS = "capitals"
    SHOUTING = "shouting"
    REPETITION = "repetition"


_DOT: Final = r"[.。·点]"
# The endings that adverts and portals use here; a word with a dot in it (v2.3, 3.5t) is no link.
_ENDINGS: Final = "com cn net org gov edu info biz top xyz cc vip club shop site online app io me tv work link ltd wang tech fun pro mobi ink icu cloud live"
# Full width or half, a comma or a bracket ends an address, and so does what ends the sentence.
_REST: Final = r"[#-&*+\-./0-9:=?@_a-z~]{0,500}(?<![.?:])"
# The first part begins where nothing before it belongs to it, so that no place is looked at twice.
_LINK: Final = re.compile(
    rf"(?:https?|ftp)://[a-z0-9]{_REST}"
    rf"|(?<![a-z0-9@._\-])(?:[a-z0-9][a-z0-9\-]{{0,62}}{_DOT}){{1,5}}(?:{'|'.join(_ENDINGS.split())})(?![a-z0-9\-])(?:[:/?#]{_REST})?"
)

_LATIN_WORD: Final = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]+")
# Shorter than this it is a name of three letters or a model number.
_CAPITALS_AT_LEAST: Final = 12
_EXCLAMATIONS: Final = re.compile(r"[!！?？‼⁉❗❓]{3,}")
_CHARACTER_REPEATED: Final = re.compile(r"([^\W\d_])\1{4,}")
_PHRASE_REPEATED: Final = re.compile(r"([^\s\d.,，。、…\-—_=*~·]{2,20}?)\1{2,}")
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+")
_SENTENCE_AT_LEAST: Final = 5


def find_links(text: str, *, consequence: Consequence = Consequence.MARK) -> list[Finding]:
    """Every address of the web, with or without https://, in half width or full."""
    return [
        Finding(Kind.LINK, Manner.LINK, consequence, match.start(), match.end(), match[0][:100], "这里有网址，请看清楚是哪里的。")
        for match in _LINK.finditer(skeleton(text))
    ]


def find(text: str, *, consequence: Consequence = Consequence.MARK) -> list[Finding]:
    """Shouting and repetition, in the order of the text."""
    found = [*_capitals(text), *_shouting(text), *_repetitions(text)]
    return sorted(
        (Finding(Kind.MANNERS, manner, consequence, start, end, text[start:end][:20], why) for manner, start, end, why in found),
        key=lambda finding: (finding.start, finding.end),
    )


def _capitals(text: str) -> Iterator[tuple[Manner, int, int, str]]:
    words = list(_LATIN_WORD.finditer(text))
    letters = sum(len(word[0]) for word in words)
    capital = [word for word in words if len(word[0]) > 1 and word[0].isupper()]
    if (
        letters >= _CAPITALS_AT_LEAST
        and len({word[0] for word in capital}) > 2
        and sum(len(word[0]) for word in capital) * 10 >= letters * 8
    ):
        yield Manner.CAPITALS, capital[0].start(), capital[-1].end(), "整段用大写字母，像在喊。"


def _shouting(text: str) -> Iterator[tuple[Manner, int, int, str]]:
    for match in _EXCLAMATIONS.finditer(text):
        yield Manner.SHOUTING, match.start(), match.end(), f"连用{len(match[0])}个叹号或问号。"


def _repetitions(text: str) -> Iterator[tuple[Manner, int, int, str]]:
    for match in _CHARACTER_REPEATED.finditer(text):
        yield Manner.REPETITION, match.start(), match.end(), f"“{match[1]}”连写{len(match[0])}次。"
    for match in _PHRASE_REPEATED.finditer(text):
        if len(set(match[1])) > 1:
            yield Manner.REPETITION, match.start(), match.end(), f"“{match[1]}”连写{len(match[0]) // len(match[1])}次。"
    sentences = [("".join(match[0].split()), match) for match in _SENTENCE.finditer(text)]
    times = Counter(sentence for sentence, _ in sentences)
    seen: set[str] = set()
    for sentence, match in sentences:
        if times[sentence] > 2 and len(sentence) >= _SENTENCE_AT_LEAST and sentence in seen:
            yield Manner.REPETITION, match.start(), match.end(), f"同一句话写了{times[sentence]}次。"
        seen.add(sentence)
