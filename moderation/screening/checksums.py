"""Whether digits are a resident identity or the number of a bank card: what their check digits and dates say."""

import re
from datetime import date
from itertools import accumulate
from operator import mul
from typing import Final

# The first two digits of an identity are the province; what else a pattern knows of it are the month and the day of birth.
_PROVINCE: Final = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_BIRTHDAY: Final = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
IDENTITY: Final = re.compile(rf"{_PROVINCE}[0-9]{{4}}(?:19[0-9]|20[0-4])[0-9]{_BIRTHDAY}[0-9]{{3}}[0-9X]")
OLD_IDENTITY: Final = re.compile(rf"{_PROVINCE}[0-9]{{6}}{_BIRTHDAY}[0-9]{{3}}")
# GB 11643: the weights of the first seventeen digits, and the check digit by the remainder.
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
# Who issues cards: UnionPay, Visa, Mastercard, American Express, JCB, and old local cards.
ISSUERS: Final = re.compile("62|4[0-9]|5[1-5]|3[457]|60|9[4-689]")
# What the digits are worth, written as bytes.
_VALUES: Final = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED: Final = bytes.maketrans(bytes(range(10)), bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))


def is_identity(number: str) -> bool:
    """Whether these eighteen characters, digits or a last X, are a resident identity (GB 11643)."""
    return bool(IDENTITY.fullmatch(number) and _is_date(number[6:14]) and number[17:] == check_digit(number[:17]))


def check_digit(digits: str) -> str:
    """The last character, a digit or X, of the resident identity that begins with these seventeen digits (GB 11643)."""
    return _CHECKS[sum(map(mul, _WEIGHTS, map(int, digits))) % 11]


def is_old_identity(number: str) -> bool:
    """Whether these fifteen characters are a resident identity of the form given out until 1999, which has no check digit."""
    return bool(OLD_IDENTITY.fullmatch(number) and _is_date("19" + number[6:12]))


class CardSums:
    """Answers for any part of a long row of digits, at once, whether it is the number of a card (Luhn)."""

    def __init__(self, digits: str) -> None:
        self._sums: tuple[list[int], ...] = ()
        if len(digits) < 16:
            return
        # The last digit counts once, the one before it twice, and so on: by whether the last place is even or odd.
        once = digits.replace("X", "0").encode().translate(_VALUES)
        twice = once.translate(_DOUBLED)
        even, odd = bytearray(once), bytearray(twice)
        even[1::2], odd[1::2] = twice[1::2], once[1::2]
        self._sums = list(accumulate(even, initial=0)), list(accumulate(odd, initial=0))

    def is_card(self, first: int, length: int) -> bool:
        """Whether the check digit of this part is right; the part is at least 16 digits long."""
        sums = self._sums[(first + length - 1) % 2]
        return (sums[first + length] - sums[first]) % 10 == 0


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
