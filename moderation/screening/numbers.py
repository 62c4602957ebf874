"""Numbers that are somebody's: mobile and landline telephones, resident identities, bank cards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from moderation.screening.checksums import ISSUERS, CardSums, is_identity, is_old_identity
from moderation.screening.skeleton import MARK, VOID


class Number(StrEnum):
    """Whose number it is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    IDENTITY = "identity"
    BANK_CARD = "bank_card"


# What people put between digits. Commas and slashes are not in it: 1,380,000 and 2026/07/30 are none of ours.
_SEPARATORS: Final = f"{VOID}{MARK} -.~_*()[]•・∙"
# Letters that pass for digits stand directly beside one.
_LETTERS_AS_DIGITS: Final = re.compile(r"[oil|](?:(?<=[0-9].)[oil|]{0,7}|[oil|]{0,7}(?=[0-9]))")
_AS_DIGITS: Final = str.maketrans("oil|", "0111")
_RUN: Final = re.compile(rf"[0-9](?:[{re.escape(_SEPARATORS)}]{{0,5}}[0-9x×])+")
_DIGITS: Final = frozenset("0123456789x×")
_BARE: Final = str.maketrans("x×", "XX", _SEPARATORS)
_UNITS: Final = frozenset("元万亿度吨方%‰年岁")
_REFERENCES: Final = re.compile(
    r"(?:户|表|单|编|案|文|批|合同|流水|发票|凭证|税|许可证|登记|信用代码|工单|条码|设备|车架)[号码]?[^0-9\n]{0,4}$"
)
_IDENTITY_WORDS: Final = re.compile(r"身份证[^0-9\n]{0,8}$")
_TELEPHONE_WORDS: Final = re.compile(r"(?:电话|座机|固话|致电|来电|拨打|tel)(?:号码?)?[是为:： \-]{0,4}$")
_EXTENSION: Final = re.compile(r" ?(?:转|分机) ?[0-9]{1,5}")

# How any of them begins: the rest is asked only there.
_BEGINNING: Final = re.compile(
    r"(?=1[3-9][0-9]{9}|(?:00)?861[3-9]|01[3-9]|0(?:10|2[0-9]|[3-9][0-9]{2})[2-9]|[2-8][0-9]{6}"
    r"|1[1-5][0-9]{4}(?:19|20)?[0-9]{2}[01][0-9][0-3][0-9]{4}|9[4-689][0-9]{14})"
)
# What else is put into a mobile number, where it is written as nothing else is: 138，1234，5678 and 1、3、8、1 …
_LISTED: Final = re.compile(
    r"1(?<![0-9].)(?<![0-9][,、].)(?:[3-9][0-9](?:[,、\n]{1,2} ?[0-9]{4}){2}|[,、\n][3-9](?:[,、\n][0-9]){9})(?![,、]?[0-9])"
)
# What may stand before a mobile number, by the first digit.
_PREFIXES: Final = {"1": ("",), "8": ("86",), "0": ("0086", "0")}
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"0(?:10[2-9][0-9]{7}|2[0-9][2-9][0-9]{7}|[3-9][0-9]{2}[2-9][0-9]{6,7})")
_LOCAL: Final = re.compile(r"[2-8][0-9]{6,7}")


@dataclass(frozen=True, slots=True)
class _Run:
    """Digits with little between them. `joints` are the places in `digits` where a number may begin or end."""

    digits: str
    places: list[int]
    joints: frozenset[int]

    def number(self, first: int, length: int) -> str | None:
        """The digits, if a number of that length may begin here and end there."""
        return self.digits[first : first + length] if first + length in self.joints else None

    def before(self, first: int, read: str) -> str:
        """What is written before this digit, as far as it says what number follows."""
        return read[max(0, self.places[first] - 16) : self.places[first]]


def find(text: str, plain: str) -> Iterator[tuple[Number, int, int]]:
    """Each number with the slice of the text it stands in; `plain` is the skeleton of the text."""
    read = _LETTERS_AS_DIGITS.sub(lambda match: match[0].translate(_AS_DIGITS), plain)
    for match in _RUN.finditer(read):
        digits = match[0].translate(_BARE)
        if _BEGINNING.search(digits):
            yield from _find_in(_run(text, read, digits, *match.span()), read)
    for match in _LISTED.finditer(read):
        yield Number.MOBILE, *match.span()


def _run(text: str, read: str, digits: str, start: int, end: int) -> _Run:
    places = [place for place, character in enumerate(read[start:end], start) if character in _DIGITS]
    sort_of = {character: _sort(character) for character in set(text[start:end])}
    sorts = [sort_of[text[place]] for place in places]
    joints = {0, len(places)} | {
        at for at in range(1, len(places)) if places[at] > places[at - 1] + 1 or sorts[at] != sorts[at - 1] or digits[at - 1] == "X"
    }
    return _Run(digits, places, frozenset(joints))


def _sort(character: str) -> int:
    # A change from one way of writing digits to another is where a number may begin: 第一13812345678.
    if "0" <= character <= "9":
        return 0
    return 1 if character.isdigit() else 2


def _find_in(run: _Run, read: str) -> Iterator[tuple[Number, int, int]]:
    sums = CardSums(run.digits)
    done = 0
    for first in sorted(run.joints):
        if first >= done and _BEGINNING.match(run.digits, first) and (found := _number_at(run, first, read, sums)):
            number, length = found
            start, end = run.places[first], run.places[first + length - 1] + 1
            done = first + length
            if number is Number.LANDLINE and (extension := _EXTENSION.match(read, end)):
                end = extension.end()
            yield number, start - _opened(read, start, end), end


def _opened(read: str, start: int, end: int) -> int:
    # The sign of +86, and the bracket of (0792).
    signs = 1 if read[max(0, start - 1) : start] == "+" else 0
    bracket = read[max(0, start - signs - 1) : start - signs] == "(" and ")" in read[start:end]
    return signs + int(bracket)


def _number_at(run: _Run, first: int, read: str, sums: CardSums) -> tuple[Number, int] | None:
    """What number begins at this digit, and how many digits it has; of several the one that is the surest."""
    number = run.number(first, 18)
    if number and (is_identity(number) or (number[:17].isdecimal() and _IDENTITY_WORDS.search(run.before(first, read)))):
        return Number.IDENTITY, 18
    mobile = _mobile(run, first)
    if mobile and _is_amount(run, first + mobile, read):
        mobile = 0
    if mobile == 11:
        return Number.MOBILE, mobile
    found = (Number.MOBILE, mobile) if mobile else _lesser(run, first, read, sums)
    # The number of a bill or a meter, unless it is one that nothing else looks like.
    return None if found and _REFERENCES.search(run.before(first, read)) else found


def _lesser(run: _Run, first: int, read: str, sums: CardSums) -> tuple[Number, int] | None:
    if length := _bank_card(run, first, sums):
        return Number.BANK_CARD, length
    number = run.number(first, 15)
    if number and is_old_identity(number):
        return Number.IDENTITY, 15
    length = _landline(run, first) or _local(run, first, read)
    return (Number.LANDLINE, length) if length and not _is_amount(run, first + length, read) else None


def _is_amount(run: _Run, last: int, read: str) -> bool:
    # 13800000000元 is money, not a telephone.
    after = run.places[last - 1] + 1
    return read[after : after + 1] in _UNITS


def _mobile(run: _Run, first: int) -> int:
    for prefix in _PREFIXES.get(run.digits[first], ()):
        at = first + len(prefix)
        if at + 11 in run.joints and run.digits.startswith(prefix, first) and _MOBILE.match(run.digits, at):
            return len(prefix) + 11
    return 0


def _landline(run: _Run, first: int) -> int:
    if run.digits[first] == "0":
        for length in (12, 11, 10):
            if first + length in run.joints and _LANDLINE.fullmatch(run.digits, first, first + length):
                return length
    return 0


def _local(run: _Run, first: int, read: str) -> int:
    # Without an area code it may be any number, unless a telephone is spoken of.
    for length in (8, 7):
        if first + length in run.joints and _LOCAL.fullmatch(run.digits, first, first + length):
            return length if _TELEPHONE_WORDS.search(run.before(first, read)) else 0
    return 0


def _bank_card(run: _Run, first: int, sums: CardSums) -> int:
    if ISSUERS.match(run.digits, first):
        for length in (19, 18, 17, 16):
            if first + length in run.joints and sums.is_card(first, length):
                return length
    return 0
