"""The document of capacity says what the figures beside the program say."""

import pytest

from bench.capacity.figures import kept
from bench.capacity.tables import DOCUMENT, table, written


def test_the_document_holds_the_tables_of_the_figures_kept():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert written(text, kept()) == text


def test_a_document_without_a_place_for_a_table_is_refused():
    with pytest.raises(ValueError, match="expected one place for the table 'figures', found 0"):
        written("# Nothing\n", kept())


def test_a_table_is_markdown():
    assert table([("a", "b"), ("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
