"""The English translation is complete and compiled; `python -m tests.catalogue` brings it up to date."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests import catalogue

PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def strings(catalog: Catalog) -> dict[tuple[str, ...], list[str]]:
    """Each string, in its numbers, with its translation; without the header."""
    return {key(message): catalogue.words(message) for message in catalog if message.id}


def key(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@pytest.fixture(scope="module")
def translation() -> Catalog:
    return catalogue.translated()


def test_exactly_the_strings_of_the_source_are_translated(translation):
    assert set(strings(translation)) == set(strings(catalogue.source_strings()))


def test_every_string_has_its_translation(translation):
    assert [message.id for message in catalogue.missing(translation)] == []


def test_the_compiled_file_is_made_of_the_text(translation):
    with catalogue.COMPILED.open("rb") as file:
        assert strings(read_mo(file)) == strings(translation)


def test_what_is_filled_in_later_has_its_place_in_the_translation(translation):
    wrong = [
        (source[0], english)
        for source, translations in strings(translation).items()
        for english in translations
        if set(PLACES.findall(source[0])) != set(PLACES.findall(english))
    ]
    assert wrong == []


def test_nothing_is_left_in_chinese(translation):
    assert [english for words in strings(translation).values() for english in words if CHINESE.search(english)] == []


def test_a_guess_counts_as_missing():
    catalog = Catalog(locale="en")
    catalog.add("提问", "Question")
    catalog.add("答复", "Question", flags=["fuzzy"])
    catalog.add(("共%(total)s期", "共%(total)s期"), ("%(total)s interview", ""))
    catalog.add("回执")
    assert [message.id for message in catalogue.missing(catalog)] == ["答复", ("共%(total)s期", "共%(total)s期"), "回执"]


def test_bringing_up_to_date_keeps_what_is_translated_and_names_what_is_not(translation, tmp_path, monkeypatch, capsys):
    text, compiled = tmp_path / "django.po", tmp_path / "django.mo"
    for name, path in {"FOLDER": tmp_path, "TEXT": text, "COMPILED": compiled}.items():
        monkeypatch.setattr(catalogue, name, path)
    text.write_text(catalogue.HEADER + 'msgid "提问"\nmsgstr "Question"\n\nmsgid "不再使用"\nmsgstr "No longer used"\n', encoding="utf-8")
    assert catalogue.update() == 1
    with text.open("rb") as file:
        after = strings(read_po(file))
    assert after == {source: ["Question"] if source == ("提问",) else [""] * len(words) for source, words in strings(translation).items()}
    assert len(capsys.readouterr().out.splitlines()) == len(after) - 1


@pytest.mark.django_db
def test_a_reader_of_english_gets_english(client):
    page = client.get("/", headers={"Accept-Language": "en"})
    assert "<h1>Online interviews</h1>" in page.content.decode()
    assert "<h1>在线访谈</h1>" in client.get("/").content.decode()
