"""Word lists, and where their words stand in a text, through every disguise that folding sees through."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from math import inf
from typing import Final, Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

from moderation.screening.findings import Consequence, Finding, Kind, outermost
from moderation.screening.folding import Folded, fold, key, simplified
from moderation.screening.matches import Match, Shape, Typed, shape_of
from moderation.screening.syllables import spell, spellings

# One letter is in every text; what is longer than this is no word. Both count folded characters.
SHORTEST: Final = 2
LONGEST: Final = 50
# Nobody reads on after so many places in one text; a text of nothing else is not worth the time.
_PLACES_LIMIT: Final = 1_000
# Honest words with a character that looks like another one to folding.
_INNOCENT: Final = [
    "安徽",
    "徽州",
    "徽商",
    "徽派",
    "徽菜",
    "徽章",
    "国徽",
    "党徽",
    "警徽",
    "校徽",
    "紫薇",
    "蔷薇",
    "周末",
    "期末",
    "岁末",
    "末班",
]


@dataclass(frozen=True, slots=True)
class WordList:
    """Words of one category with one consequence; `pinyin` finds those of Han by their sound, too (加威信, jia weixin)."""

    name: str
    category: str
    consequence: Consequence
    words: Sequence[str]
    pinyin: bool = False


Meaning = TypeVar("Meaning")


class _Entry(NamedTuple):
    word: str
    source: WordList
    shape: Shape


class Words:
    """Word lists made ready for searching; it never changes. Building takes milliseconds for a thousand words.

    Words that cannot be searched for (see length()) are left out. `innocent` are longer honest words: what lies in one of
    them, or shares a part with it, is not found, if the innocent one is written without disguise.
    """

    def __init__(self, lists: Iterable[WordList] = (), *, innocent: Iterable[str] = ()) -> None:
        written: list[tuple[str, _Entry]] = []
        spelt: list[tuple[str, _Entry]] = []
        for source in lists:
            for word in source.words:
                text, shape = shape_of(word)
                if SHORTEST <= shape.characters <= LONGEST:
                    entry = _Entry(word, source, shape)
                    written.append((text, entry))
                    if source.pinyin:
                        spelt += ((spelling, entry) for spelling in spellings(key(word)))
        self._written = _Automaton(written)
        self._spelt = _Automaton(spelt)
        phrases = {simplified(phrase).casefold() for phrase in (*_INNOCENT, *innocent)}
        self._innocent = _Automaton((shape_of(phrase)[0], phrase) for phrase in phrases if key(phrase))

    def find(self, text: str) -> list[Finding]:
        """Where the words stand, in the order of the text; of two that cover each other the longer or the heavier one."""
        folded = fold(text)
        line = folded.squeezed()
        found = [
            self._finding(match, entry) for entry, match in islice(self._written.find(text, line), _PLACES_LIMIT) if match.fits(entry.shape)
        ]
        found += self._find_interposed(text, folded)
        found += self._find_spelt(text, folded)
        if found:
            excuses = _Excuses(match for phrase, match in self._innocent.find(text, line) if simplified(match.written).casefold() == phrase)
            found = [finding for finding in found if not excuses.has(finding)]
        return outermost(found)

    def _find_interposed(self, text: str, folded: Folded) -> Iterator[Finding]:
        han = folded.han()
        if 1 < len(han.text) < len(folded.text):
            for entry, match in islice(self._written.find(text, han.squeezed()), _PLACES_LIMIT):
                if match.is_interposed() and match.fits(entry.shape):
                    yield self._finding(match, entry)

    def _find_spelt(self, text: str, folded: Folded) -> Iterator[Finding]:
        if not self._spelt:
            return
        spelt = spell(folded)
        found = [*islice(self._spelt.find(text, spelt), _PLACES_LIMIT)]
        if not found:
            return
        typed = Typed(text, spelt)
        for entry, match in found:
            if match.is_whole_syllables(typed) and not match.spans_clauses(entry.shape.length):
                yield self._finding(match, entry)

    def _finding(self, match: Match, entry: _Entry) -> Finding:
        source, disguise = entry.source, "" if match.written == entry.word else f"，写作“{match.written}”"
        why = f"词表“{source.name}”里有“{entry.word}”{disguise}。"
        return Finding(Kind.WORD, source.category, source.consequence, match.start, match.end, entry.word, why)


def length(word: str) -> int:
    """How many characters of a word are left to be searched for; fewer than SHORTEST or more than LONGEST cannot be."""
    return len(key(word))


class _Excuses:
    """Where innocent phrases stand. Each excuses what shares a part with it, unless that is longer and has all of it."""

    def __init__(self, innocent: Iterable[Match]) -> None:
        self._spans = {(match.start, match.end) for match in innocent}
        self._starts, self._furthest = _steps(self._spans)
        # The same from the end of the text.
        self._ends, self._backmost = _steps((-end, -start) for start, end in self._spans)

    def has(self, finding: Finding) -> bool:
        """Whether one of them begins before the finding and reaches into it, the other way round, or is exactly as long."""
        start, end = finding.start, finding.end
        return (
            (start, end) in self._spans
            or self._furthest[bisect_left(self._starts, start)] > start
            or self._backmost[bisect_left(self._ends, -end)] > -end
        )


def _steps(spans: Iterable[tuple[int, int]]) -> tuple[list[int], list[float]]:
    """The starts in their order, and how far all before each of them reach."""
    ordered = sorted(spans)
    return [start for start, _ in ordered], [*accumulate((end for _, end in ordered), max, initial=-inf)]


class _Automaton(Generic[Meaning]):
    """Finds texts in a text, at a cost that does not depend on how many they are; each stands for its meanings."""

    def __init__(self, texts: Iterable[tuple[str, Meaning]]) -> None:
        meanings: dict[str, list[Meaning]] = {}
        for text, meaning in texts:
            meanings.setdefault(text, []).append(meaning)
        self._meanings = list(meanings.values())
        self._search = AhoCorasick(list(meanings), store_patterns=False, implementation=Implementation.ContiguousNFA)

    def __bool__(self) -> bool:
        return bool(self._meanings)

    def find(self, text: str, folded: Folded) -> Iterator[tuple[Meaning, Match]]:
        """All of them, those that overlap too, in `folded`, which is `text` folded."""
        for number, first, last in self._search.find_matches_as_indexes(folded.text, overlapping=True):
            match = Match(text, folded, first, last)
            for meaning in self._meanings[number]:
                yield meaning, match
