"""A place in a text that may be a listed word: what stands between its characters, and whether a person would read it so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from moderation.screening.folding import Folded, fold, is_han, key
from moderation.screening.syllables import RUN_LIMIT, is_spelt

# Between two Han at most this many letters or digits are a disguise (加1微2信).
_INTERPOSED: Final = 2
# Latin words from this length on are found inside others, too (casinos).
_LONG_LATIN: Final = 6
# Where a clause ends, and where it may.
_ENDS: Final = re.compile(r"[。！？；!?;\n]")
_RUN: Final = re.compile(r"(.)\1")
_PAUSES: Final = re.compile(r"[，,、：:]")


@dataclass(frozen=True, slots=True)
class Shape:
    """What must hold of a word's place besides its folded letters.

    `counts`: how often each of its characters must stand there in a row at least; empty where once is enough.
    `digits`: the places of those that are digits in the word, and not letters written as digits.
    """

    length: int
    latin: bool
    counts: Sequence[int]
    digits: frozenset[int]

    @property
    def characters(self) -> int:
        """How many it has before squeezing."""
        return sum(self.counts) or self.length


def shape_of(word: str) -> tuple[str, Shape]:
    """A word as it is searched for, folded and squeezed, and its shape."""
    text = key(word)
    if not text.isascii() and not _RUN.search(text):
        return text, _plain(len(text))
    squeezed = fold(word).squeezed()
    counts = squeezed.counts if max(squeezed.counts, default=1) > 1 else ()
    latin = squeezed.text.isascii()
    digits = [place for place, start in enumerate(squeezed.starts) if word[start].isdigit()] if latin else ()
    return squeezed.text, Shape(len(squeezed.text), latin, tuple(counts), frozenset(digits))


@cache
def _plain(length: int) -> Shape:
    return Shape(length, latin=False, counts=(), digits=frozenset())


@dataclass(frozen=True, slots=True)
class Match:
    """The characters `first` to `last` (exclusive) of a folded text, and through it a slice of the original."""

    text: str
    folded: Folded
    first: int
    last: int

    @property
    def start(self) -> int:
        return self.folded.starts[self.first]

    @property
    def end(self) -> int:
        return self.folded.ends[self.last - 1]

    @property
    def written(self) -> str:
        """The slice of the original."""
        return self.text[self.start : self.end]

    def gaps(self) -> list[str]:
        """What stands between its characters in the original, where anything does."""
        folded, steps = self.folded, range(self.first, self.last - 1)
        return [self.text[folded.ends[at] : folded.starts[at + 1]] for at in steps if folded.ends[at] < folded.starts[at + 1]]

    def fits(self, shape: Shape) -> bool:
        """Whether a person would read this word here."""
        if shape.counts and any(
            wanted > found for wanted, found in zip(shape.counts, self.folded.counts[self.first : self.last], strict=True)
        ):
            return False
        return (not shape.latin or self._is_latin_word(shape)) and not self.spans_clauses(shape.length)

    def spans_clauses(self, length: int) -> bool:
        """Whether it is the end of one clause and the beginning of the next: its only gap, and punctuation in it.

        A pause in a word of two characters may be a disguise: there is only this gap to put something into.
        """
        gaps = self.gaps()
        return len(gaps) == 1 and bool(_ENDS.search(gaps[0]) or (length > 2 and _PAUSES.search(gaps[0])))

    def is_interposed(self) -> bool:
        """Whether it is Han with something between each and the next, with letters or digits among it, and little of them."""
        gaps = self.gaps()
        if len(gaps) < self.last - self.first - 1:
            return False
        letters = [len(key(gap)) for gap in gaps]
        return 0 < max(letters, default=0) <= _INTERPOSED

    def is_whole_syllables(self, typed: "Typed") -> bool:
        """Whether no syllable of the spelt text is cut at either end: neither one of a Han nor one typed in letters."""
        starts, first, last = self.folded.starts, self.first, self.last
        if (first and starts[first - 1] == starts[first]) or (last < len(starts) and starts[last - 1] == starts[last]):
            return False
        before, after = typed.around(first, last)
        # What is too long is not even copied.
        return (
            max(first - before, after - last) <= RUN_LIMIT
            and is_spelt(self.folded.text[before:first])
            and is_spelt(self.folded.text[last:after])
        )

    def _is_latin_word(self, shape: Shape) -> bool:
        # Digits for letters are a disguise, but digits alone are a number; and a number is nothing but digits.
        original = [self.text[start].isdigit() for start in self.folded.starts[self.first : self.last]]
        if any(not original[place] for place in shape.digits) or (all(original) and len(shape.digits) < shape.length):
            return False
        if shape.length >= _LONG_LATIN:
            return True
        start, end = self.start, self.end
        return not (_same_sort(self.text[start - 1 : start], self.text[start]) or _same_sort(self.text[end - 1], self.text[end : end + 1]))


def _same_sort(one: str, other: str) -> bool:
    # Two letters, or two digits, side by side: a word goes on there.
    sorts = [character.isdigit() for character in (one, other) if key(character).isascii() and key(character)]
    return len(sorts) == 2 and sorts[0] == sorts[1]


class Typed:
    """Which letters of a spelt text were typed as letters, one directly after the other."""

    def __init__(self, text: str, spelt: Folded) -> None:
        untyped = {character for character in set(text) if is_han(character) or character.isdigit()}
        typed = [character not in untyped for character in text]
        # A byte for each letter but the last: whether the next one goes on from it.
        self._goes_on = bytes([next_ == place + 1 and typed[place] and typed[next_] for place, next_ in pairwise(spelt.starts)])

    def around(self, first: int, last: int) -> tuple[int, int]:
        """Where the letters begin that go on to `first`, and where those end (exclusive) that go on from the one before `last`."""
        end = self._goes_on.find(b"\0", last - 1)
        return self._goes_on.rfind(b"\0", 0, first) + 1, (end if end >= 0 else len(self._goes_on)) + 1
