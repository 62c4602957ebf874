"""What a text may contain, before anybody reads it: plain Python, the same for the socket, the form and the importer."""

import re
import unicodedata

# Limits of the product's rules: a question 1,000, a nickname 20, an answer 20,000 characters after cleaning.
QUESTION_LIMIT = 1_000
NICKNAME_LIMIT = 20
ANSWER_LIMIT = 20_000
# Nothing longer is even cleaned: a hundred times the longest honest text.
INTAKE_LIMIT = 200_000
# At most two marks on one letter: Vietnamese needs two, "zalgo" needs dozens.
MARKS_PER_BASE = 2

_ZWJ = "\u200d"
_VARIATION = frozenset(map(chr, range(0xFE00, 0xFE10)))
# Letters that render as nothing although Unicode does not call them format characters.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\n{3,}")


class TooLong(ValueError):
    """The text has more characters than anything that is even looked at."""


def clean(text: str) -> str:
    """Return the text in NFC without control, format, bidi, private and invisible characters.

    New lines stay (at most one blank line in a row), other white space becomes single blanks, joiners stay inside
    emoji only, and at most two combining marks stay on a base. Idempotent. Raises TooLong above INTAKE_LIMIT characters.
    """
    if len(text) > INTAKE_LIMIT:
        raise TooLong(len(text))
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = unicodedata.normalize("NFC", _drop_invisible(normal))
    lines = [_SPACES.sub(" ", line).strip() for line in kept.split("\n")]
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_line(text: str) -> str:
    """As clean(), on one line: for names, titles and posts."""
    return " ".join(clean(text).split())


def comparable(text: str) -> str:
    """A key under which look-alikes of one name are equal: compatibility forms folded, case folded, only letters and digits."""
    folded = unicodedata.normalize("NFKC", clean(text)).casefold()
    return "".join(character for character in folded if character.isalnum())


def number_of(text: str, *, digits: int) -> int | None:
    """The number that a form or an address tells, in ASCII digits and at most so many of them; None for all else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def _drop_invisible(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for index, character in enumerate(text):
        category = unicodedata.category(character)
        if character in "\n\t":
            kept.append(character)
        elif character == _ZWJ:
            if kept and index + 1 < len(text) and _is_emoji(kept[-1]) and _is_emoji(text[index + 1]):
                kept.append(character)
        elif category in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} or character in _BLANKS:
            continue
        elif character in _VARIATION:
            if kept and kept[-1] not in _VARIATION:
                kept.append(character)
        elif category in {"Mn", "Me"}:
            marks += 1
            if marks <= MARKS_PER_BASE:
                kept.append(character)
            continue
        else:
            kept.append(character)
        marks = 0
    return "".join(kept)


def _is_emoji(character: str) -> bool:
    return character in _VARIATION or unicodedata.category(character) in {"So", "Sk"}
