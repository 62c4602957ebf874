"""Sees a text as a person reads it: disguises fall away, and every character that is left knows where it came from."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import compress, pairwise
from operator import sub

from opencc import OpenCC

# Han of the basic plane, its extension A, and extension B; beyond them nothing is simplified.
_HAN = ((0x3400, 0xA000), (0x20000, 0x2A6E0))

_ONE_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")
_NO_HAN = re.compile("[^\u3400-\u9fff\U00020000-\U000323af]+")

# Written forms that are neither traditional nor simplified, and characters that merely look alike.
_HAN_LOOKALIKES = "囯国 県县 郷乡 処处 佈布 縂总 徽微 薇微 溦微 癓微 伽加 珈加 搏博 愽博 入人 囗口 曰日 已己 巳己 末未 戍戌 戊戌 亊事"

# Letters and digits that pass for Latin ones: Cyrillic, Greek, small capitals, leetspeak; l, i and 1 are one letter here.
_LATIN_LOOKALIKES = {
    "авекмнорстухіјѕԁԛԝһӏ": "abekmhopctyxijsdqwhi",
    "αβεικνορτυχωηγ": "abeikvoptuxwny",
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ": "abcdefghijkimnoprstuvwyz",
    "ɑɡıȷɩøłđ": "agijioid",
    "014357l": "oiaesti",
    # Capitals in black circles and squares have no decomposition.
    "".join(map(chr, range(0x1F150, 0x1F16A))): "abcdefghijkimnopqrstuvwxyz",
    "".join(map(chr, range(0x1F170, 0x1F18A))): "abcdefghijkimnopqrstuvwxyz",
}
# Letters only beside a letter: 加@微信 is no 加a微信.
_BESIDE_LETTERS = {"@": "a", "$": "s"}
# Unicode calls them letters; nobody sees them.
_BLANKS = frozenset("\u115f\u1160")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text: its character `i` stands for the characters `starts[i]` to `ends[i]` (exclusive) of the original.

    `counts[i]` is how often it stood there in a row: 1 in what fold() gives, more in what squeezed() gives.
    """

    text: str
    starts: list[int]
    ends: list[int]
    counts: list[int]

    def squeezed(self) -> "Folded":
        """The same with one character for each run of equal ones, so that 加加微微信 reads 加微信."""
        changes = [place for place, (before, after) in enumerate(pairwise(self.text), 1) if before != after]
        if len(changes) + 1 >= len(self.text):
            return self
        starts, ends = [0, *changes], [*changes, len(self.text)]
        squeezed = self._only(starts)
        return Folded(squeezed.text, squeezed.starts, [self.ends[end - 1] for end in ends], [*map(sub, ends, starts)])

    def han(self) -> "Folded":
        """The Han alone, so that 主1持x人 is read as a person reads it."""
        return self._only([match.start() for match in _ONE_HAN.finditer(self.text)])

    def _only(self, places: list[int]) -> "Folded":
        # No loop of our own, and no pairs: this is done for every question.
        starts, ends, counts = ([*map(values.__getitem__, places)] for values in (self.starts, self.ends, self.counts))
        return Folded("".join(map(self.text.__getitem__, places)), starts, ends, counts)


# Each part of screening asks for the same text, one after the other.
@lru_cache(maxsize=2)
def fold(text: str) -> Folded:
    """Without width, case, marks, blanks, punctuation, emoji, invisible and traditional characters and look-alikes.

    What is left are letters. Folding what was folded changes nothing.
    """
    letters = [*map(_LETTERS.__getitem__, text)]
    signs = [sign for sign in _BESIDE_LETTERS if sign in text]
    if signs:
        # Nothing stands before the first and after the last character.
        around = [*letters, ""]
        for sign in signs:
            _read_sign(sign, text, around, letters)
    folded = "".join(letters)
    starts = [*compress(range(len(text)), letters)]
    if len(starts) < len(folded):
        starts = [place for place, part in enumerate(letters) for _ in part]
    return Folded(folded, starts, [start + 1 for start in starts], [1] * len(starts))


def key(text: str) -> str:
    """The folded text alone, to compare names by; faster than fold()."""
    if "@" in text or "$" in text:
        return fold(text).text
    return "".join(map(_LETTERS.__getitem__, text))


def is_han(character: str) -> bool:
    """Whether this one character is a Chinese one."""
    return _ONE_HAN.match(character) is not None


def only_han(text: str) -> str:
    """The Chinese characters of the text alone."""
    return _NO_HAN.sub("", text)


def simplified(text: str) -> str:
    """The text with each traditional character replaced by its simplified form; nothing else is changed."""
    return text.translate(_simplifications())


def _read_sign(sign: str, text: str, around: list[str], letters: list[str]) -> None:
    place = text.find(sign)
    while place >= 0:
        before, after = around[place - 1], around[place + 1]
        if (before and before.isascii()) or (after and after.isascii()):
            letters[place] = _BESIDE_LETTERS[sign]
        place = text.find(sign, place + 1)


class _Letters(dict[str, str]):
    """What is left of one character: nothing, a letter, or a few (㎏); worked out when it is first met."""

    # More than there are characters in use: somebody who sends all of Unicode makes it slower, not larger.
    LIMIT = 1 << 16
    # Some signs are whole words and sentences (㍿, \ufdfa); nobody lists them, and they would make a text up to fifteen times as long.
    LONGEST = 3

    def __missing__(self, character: str) -> str:
        # Twice, because a case may fold to what can be taken apart again.
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
        alike = (_lookalikes().get(part, part) for part in parts if not unicodedata.combining(part))
        letters = "".join(part for part in alike if part.isalnum() and part not in _BLANKS)
        if len(letters) > self.LONGEST:
            letters = ""
        if len(self) < self.LIMIT:
            self[character] = letters
        return letters


_LETTERS = _Letters()


@cache
def _simplifications() -> dict[int, str]:
    # One line a character, so that no phrase of OpenCC's meets two of them.
    han = [chr(code) for start, end in _HAN for code in range(start, end)]
    simple = OpenCC("t2s").convert("\n".join(han)).split("\n")
    table = dict(zip(han, simple, strict=True))
    # 薴 becomes 苧, which is itself the traditional form of 苎.
    return {ord(before): table.get(after, after) for before, after in table.items() if before != after}


@cache
def _lookalikes() -> dict[str, str]:
    pairs = {pair[0]: pair[1] for pair in _HAN_LOOKALIKES.split()}
    for disguised, plain in _LATIN_LOOKALIKES.items():
        pairs.update(zip(disguised, plain, strict=True))
    table = {chr(code): simple for code, simple in _simplifications().items()} | pairs
    # A traditional character may look like another one when simplified: followed to the end.
    return {before: pairs.get(after, after) for before, after in table.items()}
