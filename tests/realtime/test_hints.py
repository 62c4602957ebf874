"""A bundle of hints survives the way to another process, and the latest wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from realtime.hints import Hint

names = some.text(max_size=5)
numbers = some.integers(0, 2**40)
hints = some.builds(
    Hint,
    moved=some.dictionaries(names, some.tuples(numbers, numbers)),
    passages=some.dictionaries(some.tuples(names, names), some.tuples(names | numbers, some.floats(0, 60))),
    readers=some.dictionaries(names, numbers),
)


@given(hints)
def test_a_bundle_reads_as_it_was_written(hint: Hint) -> None:
    assert Hint.read(hint.message()) == hint


def test_the_later_hint_replaces_and_heads_only_rise() -> None:
    hint = Hint(moved={"a": (7, 2), "b": (1, 1)}, passages={("a", "typing"): ("甲", 5.0)}, readers={"a": 3})
    hint.absorb(Hint(moved={"a": (6, 2), "b": (2, 1), "c": (1, 1)}, passages={("a", "typing"): ("乙", 5.0)}, readers={"a": 1}))
    assert hint == Hint(moved={"a": (7, 2), "b": (2, 1), "c": (1, 1)}, passages={("a", "typing"): ("乙", 5.0)}, readers={"a": 1})


def test_an_empty_bundle_is_nothing() -> None:
    assert not Hint()
    assert Hint(readers={"a": 0})


@pytest.mark.parametrize("message", [{}, {"moved": 1, "passages": [], "readers": []}, {"moved": [["a"]], "passages": [], "readers": []}])
def test_what_is_no_bundle_is_refused(message: dict) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Hint.read(message)
