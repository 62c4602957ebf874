"""Numbers that are somebody's: mobile and landline telephones, resident identities, bank cards."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress, count
from typing import Final

from moderation.screening.checksums import IDENTITY, ISSUERS, OLD_IDENTITY, CardSums, is_identity, is_old_identity
from moderation.screening.skeleton import MARK, VOID


class Number(StrEnum):
    """Whose number it is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    IDENTITY = "identity"
    BANK_CARD = "bank_card"


# What people put between digits. Commas and slashes are not in it: 1,380,000 and 2026/07/30 are none of ours.
_SEPARATORS: Final = f"{VOID}{MARK} -.~_*()[]•・∙"
# Letters that pass for digits stand directly beside one. What follows is in the same piece, because each piece costs.
_LETTERS_AS_DIGITS: Final = re.compile(r"[oil|](?:(?<=[0-9].)[oil|]{0,7}|[oil|]{0,7}(?=[0-9]))(?:[0-9]+[oil|]{0,8})*")
_AS_DIGITS: Final = str.maketrans("oil|", "0111")
_RUN: Final = re.compile(rf"[0-9](?:[{re.escape(_SEPARATORS)}]{{0,5}}[0-9x×])+")
_DIGITS: Final = frozenset("0123456789x×")
_BARE: Final = str.maketrans("x×", "XX", _SEPARATORS)
_UNITS: Final = frozenset("元万亿度吨方%‰年岁")
_REFERENCES: Final = re.compile(
    r"(?:户|表|单|编|案|文|批|合同|流水|发票|凭证|税|许可证|登记|信用代码|工单|条码|设备|车架)[号码]?[^0-9\n]{0,4}$"
)
_SPOKEN_OF: Final = re.compile(
    r"(?:(?P<identity>身份证[^0-9\n]{0,8})|(?P<telephone>(?:电话|座机|固话|致电|来电|拨打|tel)(?:号码?)?[是为:： \-]{0,4}))$"
)
_EXTENSION: Final = re.compile(r" ?(?:转|分机) ?[0-9]{1,5}")

_MOBILE: Final = re.compile("1[3-9][0-9]{9}|861[3-9][0-9]{9}|0(?:086)?1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile("0(?:(?:10|2[0-9])[2-9][0-9]{7}|[3-9][0-9]{2}[2-9][0-9]{6,7})")
# What each looks like, the surest first. Where it ends, and what else its digits must say, is asked where it stands.
_SHAPES: Final = re.compile(
    rf"({IDENTITY.pattern})"
    rf"|({_MOBILE.pattern})"
    rf"|((?:{ISSUERS.pattern})[0-9]{{14}})"
    rf"|({OLD_IDENTITY.pattern})"
    rf"|({_LANDLINE.pattern})"
)
# Without an area code it may be any number, unless a telephone is spoken of. Nothing of anybody's is shorter.
_LOCAL: Final = re.compile("[2-8][0-9]{6,7}")
_SHORTEST: Final = 7
# No number reaches further behind the last digit.
_NOWHERE: Final = bytes(19)
# What else is put into a mobile number, where it is written as nothing else is: 138，1234，5678 and 1、3、8、1 …
_LISTED: Final = re.compile(
    r"1(?<![0-9].)(?<![0-9][,、].)(?:[3-9][0-9](?:[,、\n]{1,2} ?[0-9]{4}){2}|[,、\n][3-9](?:[,、\n][0-9]){9})(?![,、]?[0-9])"
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Digits with little between them.

    `places`: where each of them stands in `read`. `joints`: for each place in `digits` and some behind the last, 1 if a number may
    begin or end there, else 0. `before`: what is written before it, as far as it says what number follows.
    """

    read: str
    digits: str
    places: list[int]
    joints: bytes
    before: str
    cards: CardSums

    def is_amount(self, last: int) -> bool:
        """Whether what ends before this digit is money or a measure: 13800000000元 is no telephone."""
        after = self.places[last - 1] + 1
        return self.read[after : after + 1] in _UNITS


class _Sorts(dict[str, int]):
    """How a digit is written: a change from one way to another is where a number may begin (第一13812345678)."""

    # As many as there are characters in use.
    LIMIT = 1 << 16

    def __missing__(self, character: str) -> int:
        sort = 1 if character.isdigit() else 2
        if len(self) < self.LIMIT:
            self[character] = sort
        return sort


_SORTS: Final = _Sorts(dict.fromkeys("0123456789", 0))


def find(text: str, plain: str) -> Iterator[tuple[Number, int, int]]:
    """Each number with the slice of the text it stands in; `plain` is the skeleton of the text."""
    read = _LETTERS_AS_DIGITS.sub(lambda match: match[0].translate(_AS_DIGITS), plain)
    for match in _RUN.finditer(read):
        digits, before = match[0].translate(_BARE), read[max(0, match.start() - 16) : match.start()]
        words = _SPOKEN_OF.search(before) if len(digits) >= _SHORTEST else None
        if words or _SHAPES.search(digits):
            run = _run(text, read, digits, before, match)
            for number, first, last in _find_in(run, words and words.lastgroup):
                start, end = run.places[first], run.places[last - 1] + 1
                if number is Number.LANDLINE and (extension := _EXTENSION.match(read, end)):
                    end = extension.end()
                yield number, start - _opened(read, start, end), end
    for match in _LISTED.finditer(read):
        yield Number.MOBILE, *match.span()


def _run(text: str, read: str, digits: str, before: str, where: re.Match[str]) -> _Run:
    places = [place for place, character in enumerate(read[slice(*where.span())], where.start()) if character in _DIGITS]
    sorts = [*map(_SORTS.__getitem__, map(text.__getitem__, places))]
    between = [
        place > last + 1 or sort != other or digit == "X"
        for last, place, other, sort, digit in zip(places, places[1:], sorts, sorts[1:], digits, strict=False)
    ]
    return _Run(read, digits, places, bytes([True, *between, True]) + _NOWHERE, before, CardSums(digits))


def _opened(read: str, start: int, end: int) -> int:
    # The sign of +86, and the bracket of (0792).
    signs = 1 if read[max(0, start - 1) : start] == "+" else 0
    bracket = read[max(0, start - signs - 1) : start - signs] == "(" and ")" in read[start:end]
    return signs + int(bracket)


def _find_in(run: _Run, spoken_of: str | None) -> Iterator[tuple[Number, int, int]]:
    """Each number with the place of its first digit and the one after its last. What is spoken of is the first number."""
    last = 0
    for first in compress(count(), run.joints):
        if first >= last:
            shape = _SHAPES.match(run.digits, first)
            found = (spoken_of and first == 0 and _spoken_of(run, spoken_of)) or (shape and _number_at(run, first, _KINDS[shape.lastindex]))
            if found:
                number, last = found
                yield number, first, last


def _number_at(run: _Run, first: int, kinds: Sequence[tuple[Number, Callable[[_Run, int], int]]]) -> tuple[Number, int] | None:
    """What number of these kinds begins at this digit, and where it ends; of several the one that is the surest."""
    for number, end_of in kinds:
        if last := end_of(run, first):
            sure = end_of is _identity or (number is Number.MOBILE and last == first + 11)
            # The number of a bill or a meter, unless it is one that nothing else looks like.
            return None if first == 0 and not sure and _REFERENCES.search(run.before) else (number, last)
    return None


def _spoken_of(run: _Run, name: str) -> tuple[Number, int] | None:
    if name == "identity":
        return (Number.IDENTITY, 18) if run.joints[18] and run.digits[:17].isdecimal() else None
    local = _LOCAL.match(run.digits)
    last = local and _telephone(run, local.end(), 7)
    return (Number.LANDLINE, last) if last and not _REFERENCES.search(run.before) else None


def _identity(run: _Run, first: int) -> int:
    return first + 18 if run.joints[first + 18] and is_identity(run.digits[first : first + 18]) else 0


def _mobile(run: _Run, first: int) -> int:
    mobile = _MOBILE.match(run.digits, first)
    return mobile.end() if mobile and run.joints[mobile.end()] and not run.is_amount(mobile.end()) else 0


def _bank_card(run: _Run, first: int) -> int:
    if ISSUERS.match(run.digits, first):
        for length in (19, 18, 17, 16):
            if run.joints[first + length] and run.cards.is_card(first, length):
                return first + length
    return 0


def _old_identity(run: _Run, first: int) -> int:
    looks = run.joints[first + 15] and OLD_IDENTITY.match(run.digits, first)
    return first + 15 if looks and is_old_identity(run.digits[first : first + 15]) else 0


def _landline(run: _Run, first: int) -> int:
    landline = _LANDLINE.match(run.digits, first)
    return _telephone(run, landline.end(), first + 11) if landline else 0


def _telephone(run: _Run, longest: int, shortest: int) -> int:
    """Where it ends, if it may: at the one place or at the other."""
    last = longest if run.joints[longest] else shortest
    return last if run.joints[last] and not run.is_amount(last) else 0


# By the group of _SHAPES that fits: that one, and those after it that may begin alike.
_KINDS: Final[dict[int | None, Sequence[tuple[Number, Callable[[_Run, int], int]]]]] = {
    1: (
        (Number.IDENTITY, _identity),
        (Number.MOBILE, _mobile),
        (Number.BANK_CARD, _bank_card),
        (Number.IDENTITY, _old_identity),
    ),
    2: ((Number.MOBILE, _mobile), (Number.IDENTITY, _old_identity), (Number.LANDLINE, _landline)),
    3: ((Number.BANK_CARD, _bank_card), (Number.IDENTITY, _old_identity)),
    4: ((Number.IDENTITY, _old_identity),),
    5: ((Number.LANDLINE, _landline),),
}
