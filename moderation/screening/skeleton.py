"""A text with every character as the plainest one that it may stand for, place by place, for the shapes of numbers and addresses."""

import unicodedata
from functools import lru_cache
from typing import Final

from moderation.screening.folding import simplified

# What stands for a character that nobody sees: nothing is interposed where it stands.
VOID: Final = "\0"
# For every picture, star and bullet.
MARK: Final = "·"

_NUMERALS: Final = {
    numeral: digit
    for digit, numerals in zip(
        "0123456789", ["〇零○", "一壹幺弌", "二贰貳弍", "三叁參弎", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"], strict=True
    )
    for numeral in numerals
}


# Each part of screening asks for the same text, one after the other.
@lru_cache(maxsize=2)
def skeleton(text: str) -> str:
    """As long as the text: digits of every kind as 0 to 9, small letters of half width, simplified Han, one blank, one dash, one mark."""
    return "".join(map(_PLAIN.__getitem__, text))


class _Plain(dict[str, str]):
    # As many as there are characters in use.
    LIMIT = 1 << 16

    def __missing__(self, character: str) -> str:
        plain = _plain(character)
        if len(self) < self.LIMIT:
            self[character] = plain
        return plain


def _plain(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character in _NUMERALS:
        return _NUMERALS[character]
    folded = unicodedata.normalize("NFKC", character).casefold()
    plain = simplified(folded if len(folded) == 1 else character)
    return _OF_CATEGORY.get(unicodedata.category(plain), plain) if plain not in "\n\t" else {"\n": "\n", "\t": " "}[plain]


_OF_CATEGORY: Final = {
    **dict.fromkeys(("Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"), VOID),
    **dict.fromkeys(("Zs", "Zl", "Zp"), " "),
    "Pd": "-",
    "So": MARK,
}
_PLAIN: Final = _Plain()
