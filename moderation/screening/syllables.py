"""How Chinese characters are spelt in Latin letters, for word lists that are to be found by their sound."""

import unicodedata
from functools import cache
from typing import Final

from moderation.screening.folding import Folded, is_han, key

# The longest syllable is zhuang; nobody types more letters than this without a gap.
_LONGEST: Final = 6
_RUN_LIMIT: Final = 60


def spell(folded: Folded) -> Folded:
    """The folded text with the syllable of each Han, whose letters all stand for the place of the Han.

    What is no Han stays; a Han without syllable is left out.
    """
    syllables = _of_characters()
    parts = [syllables.get(character, "") if is_han(character) else character for character in folded.text]
    places = [place for place, part in enumerate(parts) for _ in part]
    return Folded(
        "".join(parts),
        [folded.starts[place] for place in places],
        [folded.ends[place] for place in places],
        [folded.counts[place] for place in places],
    )


def spellings(word: str) -> set[str]:
    """How a folded word of Han may be spelt: character by character, and as the phrase that it is (银行 yinhang); folded.

    Empty where one of its characters is no Han or has no syllable.
    """
    syllables = [_of_characters().get(character, "") for character in word]
    phrase = [_toneless(readings[0]) for readings in _phrases().get(word, [])]
    return {"".join(parts) for parts in (syllables, phrase) if parts and all(parts)}


def is_spelt(letters: str) -> bool:
    """Whether these folded letters are whole syllables, one after the other; nothing is, and so is what is very long not."""
    if len(letters) > _RUN_LIMIT:
        return False
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(start in reached and letters[start:end] in _all() for start in range(max(0, end - _LONGEST), end)):
            reached.add(end)
    return len(letters) in reached


def _toneless(reading: str) -> str:
    # ü is typed as v.
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return key("".join(letter for letter in letters if letter.isascii()))


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
