"""Characters are spelt, and what is typed in letters is known as syllables or not."""

from moderation.screening.folding import fold
from moderation.screening.syllables import is_spelt, spell, spellings


def test_a_text_is_spelt_and_keeps_its_places() -> None:
    spelt = spell(fold("加-wei信"))
    assert (spelt.text, spelt.starts) == ("jiaweixin", [0, 0, 0, 2, 3, 4, 5, 5, 5])


def test_letters_are_those_of_a_folded_text() -> None:
    assert spell(fold("绿")).text == "iv"
    assert spellings("绿灯") == {"ivdeng"}


def test_a_phrase_is_spelt_as_it_is_read_too() -> None:
    assert spellings("银行") == {"yinxing", "yinhang"}


def test_what_has_other_characters_or_none_is_not_spelt() -> None:
    assert spellings("加vx") == set()
    assert spellings("") == set()


def test_syllables_are_whole() -> None:
    assert [is_spelt(letters) for letters in ("", "jia", "jiawei", "xian", "g", "jiaw", "wei" * 20, "wei" * 21)] == [
        True, True, True, True, False, False, True, False,
    ]  # fmt: skip
