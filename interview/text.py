"""What a text may contain, before anybody reads it: plain Python, the same for the socket, the form and the importer."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain, pairwise

# Limits of the product's rules: a question 1,000, a nickname 20, an answer 20,000 characters after cleaning.
QUESTION_LIMIT = 1_000
NICKNAME_LIMIT = 20
ANSWER_LIMIT = 20_000
# Nothing longer is even cleaned: more than twice the longest honest text.
INTAKE_LIMIT = 50_000
# At most two marks on one letter: Vietnamese needs two, "zalgo" needs dozens.
MARKS_PER_BASE = 2

# Letters that render as nothing although Unicode does not call them format characters.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\n{3,}")
# What is looked for in the kinds of a text's characters, a letter each (_Kinds), and dropped; first whether there is any of it.
_ODD = re.compile("[ujsm]")
_UNSEEN = re.compile("u+")
# A joiner that does not stand between emoji, the second of two; a selector with nothing before it to select, the second of two.
_IDLE = re.compile("(?<![^b])[js]+|(?<![esj])j+|j+(?![esj])|j+(?=j)|(?<=s)s+")
_PILED = re.compile(f"(?<={'m' * MARKS_PER_BASE})m+")
# Marks are put in order in quadratic time. No script piles up more than thirty (UAX 15, Stream-Safe Text Format).
_ENDLESS = re.compile("(?<=m{30})m+")


class TooLong(ValueError):
    """The text has more characters than anything that is even looked at."""


def clean(text: str) -> str:
    """Return the text in NFC without control, format, bidi, private and invisible characters.

    New lines stay (at most one blank line in a row), other white space becomes single blanks, joiners stay inside
    emoji only, and at most two combining marks stay on a base. Idempotent. Raises TooLong above INTAKE_LIMIT characters.
    """
    if len(text) > INTAKE_LIMIT:
        raise TooLong(len(text))
    kept = _composed(_Read.of(text.replace("\r\n", "\n").replace("\r", "\n")))
    if _ODD.search(kept.kinds):
        for odd in (_UNSEEN, _IDLE, _PILED):
            kept = kept.without(odd)
        kept = _composed(kept)
    single = _SPACES.sub(" ", kept.text).replace(" \n", "\n").replace("\n ", "\n")
    return _LINES.sub("\n\n", single).strip()


def clean_line(text: str) -> str:
    """As clean(), on one line: for names, titles and posts."""
    return " ".join(clean(text).split())


def number_of(text: str, *, digits: int) -> int | None:
    """The number that a form or an address tells, in ASCII digits and at most so many of them; None for all else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


@dataclass(frozen=True, slots=True)
class _Read:
    """A text, and of each of its characters a letter that says what it is (_Kinds)."""

    text: str
    kinds: str

    @staticmethod
    def of(text: str) -> "_Read":
        return _Read(text, "".join(map(_KINDS.__getitem__, text)))

    def without(self, odd: re.Pattern[str]) -> "_Read":
        """What is left when the places are taken out in which the kinds are odd."""
        spans = [match.span() for match in odd.finditer(self.kinds)]
        if not spans:
            return self
        # Whole slices at a time: between one end and the next start.
        kept = [*pairwise([0, *chain.from_iterable(spans), len(self.text)])][::2]
        return _Read(*("".join([string[start:end] for start, end in kept]) for string in (self.text, self.kinds)))


def _composed(read: _Read) -> _Read:
    bounded = read.without(_ENDLESS) if "m" in read.kinds else read
    composed = unicodedata.normalize("NFC", bounded.text)
    return bounded if composed == bounded.text else _Read.of(composed)


class _Kinds(dict[str, str]):
    """b: a blank; u: unseen; j: a joiner of emoji; s: a variation selector; e: an emoji; m: a mark; k: all else, which is kept.

    Worked out when a character is first met.
    """

    # More than there are characters in use: somebody who sends all of Unicode makes it slower, not larger.
    LIMIT = 1 << 16

    def __missing__(self, character: str) -> str:
        category = unicodedata.category(character)
        # Some marks take space of their own (the stem of a note), and are put in order like those that do not.
        kind = "m" if category == "Mc" and unicodedata.combining(character) else _OF_CATEGORY.get(category, "k")
        if len(self) < self.LIMIT:
            self[character] = kind
        return kind


_OF_CATEGORY = {
    **dict.fromkeys(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"), "u"),
    **dict.fromkeys(("Mn", "Me"), "m"),
    **dict.fromkeys(("So", "Sk"), "e"),
    "Zs": "b",
}
_KINDS = _Kinds({"\n": "b", "\t": "b", "\u200d": "j", **dict.fromkeys(_BLANKS, "u"), **dict.fromkeys(map(chr, range(0xFE00, 0xFE10)), "s")})
