"""How Chinese characters are spelt in Latin letters, for word lists that are to be found by their sound."""

import unicodedata
from functools import cache
from string import ascii_lowercase
from typing import Final

from moderation.screening.folding import Folded, is_han, key

# The longest syllable is zhuang; nobody types more letters than this without a gap.
_LONGEST: Final = 6
RUN_LIMIT: Final = 60


def spell(folded: Folded) -> Folded:
    """The folded text with the syllable of each Han, whose letters all stand for the place of the Han.

    What is no Han stays; a Han without syllable is left out.
    """
    parts = [*map(_spelt().__getitem__, folded.text)]
    places = [place for place, part in enumerate(parts) for _ in part]
    lists = (folded.starts, folded.ends, folded.counts)
    return Folded("".join(parts), *([*map(values.__getitem__, places)] for values in lists))


def spellings(word: str) -> set[str]:
    """How a folded word of Han may be spelt: character by character, and as the phrase that it is (银行 yinhang); folded.

    Empty where one of its characters is no Han or has no syllable.
    """
    syllables = [_of_characters().get(character, "") for character in word]
    phrase = [_toneless(readings[0]) for readings in _phrases().get(word, [])]
    return {"".join(parts) for parts in (syllables, phrase) if parts and all(parts)}


def is_spelt(letters: str) -> bool:
    """Whether these folded letters are whole syllables, one after the other; nothing is, and so is what is very long not."""
    if len(letters) > RUN_LIMIT:
        return False
    known, reached = _all(), {0}
    for start in range(len(letters)):
        if start in reached:
            reached.update(end for end in range(start + 1, start + _LONGEST + 1) if letters[start:end] in known)
    return len(letters) in reached


def _toneless(reading: str) -> str:
    # ü is typed as v.
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return key("".join(letter for letter in letters if letter.isascii()))


class _Spelt(dict[str, str]):
    """What stands for one folded character: its syllable, or itself where it is no Han."""

    def __missing__(self, character: str) -> str:
        return "" if is_han(character) else character


@cache
def _spelt() -> _Spelt:
    return _Spelt(dict(zip(ascii_lowercase, ascii_lowercase, strict=True)) | _of_characters())


@cache
def _of_characters() -> dict[str, str]:
    # Half a second and 40 MB, for those alone who have such a list.
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415

    toneless = cache(_toneless)
    return {chr(code): toneless(readings.split(",")[0]) for code, readings in pinyin_dict.items() if is_han(chr(code))}


@cache
def _all() -> frozenset[str]:
    return frozenset(syllable for syllable in _of_characters().values() if set(syllable) & set("aeiouv"))


def _phrases() -> dict[str, list[list[str]]]:
    from pypinyin.phrases_dict import phrases_dict  # noqa: PLC0415

    return phrases_dict
