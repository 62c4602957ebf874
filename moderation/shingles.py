"""How alike two questions are, and by which few numbers the likes of one are found among hundreds of thousands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import pairwise

from rapidfuzz import fuzz

from moderation.screening.folding import key

# How many numbers of a text are looked up, and how many questions that have most of them are told.
LOOKED_UP = 96
CANDIDATES = 200
# Of a number that stands for more questions than this only the latest are looked at: it says little about any of them.
COMMON = 200
# What every question is full of and none is about: it makes no two questions alike.
_FILLING = (
    "的了着过地得是在有和与及或但而就也都又还再才很太更最把被让给对向从到为以于因所其之"
    "我你您他她它们咱这那哪某个些种么什怎谁何几多少吗呢吧啊呀嘛哦哎唉呵嗯"
    "请问想能可会应该要希望麻烦谢感好各位领导尊敬一不没时候样"
)
_WITHOUT_FILLING = str.maketrans("", "", _FILLING)
# A text that is shorter without its filling is compared with it.
_SHORTEST = 2
# Three code points of at most 21 bits make a number of 63: what fits the signed integers of both databases.
_BITS = 21
_MASK = (1 << 63) - 1
# An odd factor makes the product a permutation: no two shingles share a number, and their order is by chance.
_SPREAD = 0x9E3779B97F4A7C15
# Of so few characters one more that differs is another matter: 停水 is not 停电.
_FEW = 4
# What is shorter than the first stands in many a text by chance; what is longer than the second is told by its pairs, in a
# tenth of the time.
_TELLING = 6
_TYPED = 64


def bare(text: str) -> str:
    """What is compared: folded as for word lists, and without the words that every question is full of."""
    folded = key(text)
    told = folded.translate(_WITHOUT_FILLING)
    return told if len(told) >= _SHORTEST else folded


def numbers(told: str, *, size: int) -> list[int]:
    """One number for each run of `size` (2 or 3) characters of a bare text, in their order, each once. 0 <= number < 2**63."""
    codes = [ord(character) for character in told]
    joined = codes
    for place in range(1, size):
        joined = [before << _BITS | code for before, code in zip(joined, codes[place:], strict=False)]
    return list(dict.fromkeys([(run * _SPREAD) & _MASK for run in joined]))


def chosen(found: Sequence[int], most: int) -> list[int]:
    """At most `most` of the numbers, spread evenly over the text: from each part of it the smallest, which is by chance."""
    if len(found) <= most:
        return list(found)
    bounds = [place * len(found) // most for place in range(most + 1)]
    return [min(found[start:end]) for start, end in pairwise(bounds)]


def most_in_common(of_each: Iterable[Sequence[int]]) -> list[int]:
    """Of the holders of some numbers, those of each in the order they came, the ones that hold most; CANDIDATES at most, the best first."""
    found: defaultdict[int, float] = defaultdict(float)
    for holders in of_each:
        latest = holders[-COMMON:]
        # What stands for few says more about each of them.
        weight = 1 / (1 + len(latest))
        for holder in latest:
            found[holder] += weight
    return nlargest(CANDIDATES, found, key=lambda holder: (found[holder], holder))


def likeness(told: str, other: str) -> int:
    """How far the shorter of two bare texts is asked in the other one, from 0 to 100 (the same).

    Reordered or in other words it counts less than word for word; a question that is only a part of the other counts less
    than one that is all of it.
    """
    short, long = sorted((told, other), key=len)
    if not short:
        return 0
    same = fuzz.ratio(short, long)
    if len(short) < _FEW:
        return 100 if short == long else round(0.8 * same)
    within = fuzz.partial_ratio(short, long) if _TELLING <= len(short) <= _TYPED else same
    pairs = set(pairwise(short))
    shared = 100 * len(pairs & set(pairwise(long))) / len(pairs)
    return round(max(same, 0.9 * max(within, shared)))
