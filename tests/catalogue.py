"""The English translation: found in the source, brought up to date and compiled, all in Python.

python -m tests.catalogue     afterwards django.po has exactly the strings of the source, django.mo is made of it, and what is not translated is listed
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

BASE = Path(__file__).resolve().parent.parent
FOLDER = BASE / "locale" / "en" / "LC_MESSAGES"
EPOCH = datetime(2010, 7, 1, tzinfo=UTC)
HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
TEXT, COMPILED = FOLDER / "django.po", FOLDER / "django.mo"
# Everything of ours that people read; tests, benches and the demonstration's content are not translated.
APPS = ("organisations", "accounts", "interview", "moderation", "archive", "rehearsal", "operations", "realtime")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sources() -> Iterator[Path]:
    """Every file that may hold strings, in an order that does not change."""
    yield BASE / "settings.py"
    for app in APPS:
        yield from sorted(path for path in (BASE / app).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted((BASE / "templates").rglob("*.html"))


def source_strings() -> Catalog:
    """Every string marked for translation, with the files it stands in."""
    # Needs settings; imported here so that those who only compare files need none.
    from django.utils.translation.template import templatize  # noqa: PLC0415

    found = Catalog(locale="en")
    for path in sources():
        text, name = path.read_text(encoding="utf-8"), path.relative_to(BASE).as_posix()
        if path.suffix == ".html":
            # Django's own step before gettext: a template as something with Python's calls in it. Its indentation means nothing.
            text = "\n".join(line.strip() for line in templatize(text, origin=name).splitlines())
        for _line, message, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
            found.add(message, locations=[(name, 0)], context=context)
    return found


def translated() -> Catalog:
    """The translation as it is written."""
    with TEXT.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalog: Catalog) -> bytes:
    """What django.mo should hold."""
    # The same text makes the same file, whenever it is compiled.
    catalog.creation_date = catalog.revision_date = EPOCH
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def missing(catalog: Catalog) -> list[Message]:
    """What has no translation, or one that was only guessed."""
    return [message for message in catalog if message.id and (message.fuzzy or not all(words(message)))]


def words(message: Message) -> list[str]:
    """The translation of a message, in each of its numbers."""
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string or ""]


def update() -> int:
    """Write both files; 1 if something has no translation."""
    catalog = translated()
    catalog.update(source_strings(), no_fuzzy_matching=True)
    # What the source no longer says is not kept: it would only grow.
    catalog.obsolete.clear()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TEXT.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalog, include_lineno=False, omit_header=True, sort_output=True, width=0)
    COMPILED.write_bytes(compiled(catalog))
    untranslated = missing(catalog)
    for message in untranslated:
        print(f"{message.locations[0][0]}: {message.id}")
    print(f"{len(catalog)} strings, {len(untranslated)} without a translation", file=sys.stderr)
    return 1 if untranslated else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.exit(update())
