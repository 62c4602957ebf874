"""Reads a file of words, one a line or a CSV table: bytes in, words with their lines out; knows no database."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from moderation.screening.findings import Consequence
from moderation.screening.folding import key
from moderation.screening.words import LONGEST, SHORTEST

# Room for more than the words that are searched in one pass without anybody noticing.
BYTES_LIMIT: Final = 5 * 1024 * 1024
WORDS_LIMIT: Final = 50_000
LINE_LIMIT: Final = 1_000  # characters

# Each column by the names it may have in the header; the Chinese one is used in what we say.
COLUMNS: Final = {
    "word": ("word", "词"),
    "category": ("category", "类别"),
    "consequence": ("consequence", "后果"),
}
CONSEQUENCES: Final = {
    spelling: consequence
    for consequence, chinese in zip(Consequence, ("标出", "搁置", "拒收"), strict=True)
    for spelling in (consequence.value, chinese)
}


class Unreadable(ValueError):
    """The file as a whole is no list of words; the text says why and what to do."""


class Reason(StrEnum):
    """Why a line is left out although nothing is wrong with it."""

    BLANK = "blank"
    TOO_SHORT = "too_short"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Line:
    """One word with the line it stands in (the first is 1); what the table does not say is empty, and the list decides."""

    line: int
    word: str
    category: str = ""
    consequence: Consequence | None = None


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong in which line."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that adds no word."""

    line: int
    word: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class WordFile:
    """All lines of a file: those with words, those with errors, and those left out, each in the order of the file."""

    lines: tuple[Line, ...]
    errors: tuple[LineError, ...]
    left_out: tuple[LeftOut, ...]

    def count(self, reason: Reason) -> int:
        """How many lines were left out for this reason."""
        return sum(line.reason is reason for line in self.left_out)


def read(data: bytes) -> WordFile:
    """The words of a file in UTF-8 (with or without byte-order mark) or GB18030.

    A table has a header, whose first column is the word; every other file has one word in each line. Two words are the same
    if they are folded to the same and stand in the same category. Raises Unreadable.
    """
    lines: list[Line] = []
    errors: list[LineError] = []
    left_out: list[LeftOut] = []
    known: set[tuple[str, str]] = set()
    for found in _lines(_text(data)):
        if isinstance(found, LineError):
            errors.append(found)
            continue
        folded = key(found.word)
        if len(folded) > LONGEST:
            errors.append(LineError(found.line, f"这个词有{len(folded)}个字，最多{LONGEST}个。"))
        elif reason := _reason(found, folded, known):
            left_out.append(LeftOut(found.line, found.word, reason))
        else:
            known.add((folded, found.category))
            lines.append(found)
    if len(lines) > WORDS_LIMIT:
        raise Unreadable(f"文件里有{len(lines)}个词，一次最多导入{WORDS_LIMIT}个。请分成几个词表。")
    return WordFile(tuple(lines), tuple(errors), tuple(left_out))


def _reason(found: Line, folded: str, known: set[tuple[str, str]]) -> Reason | None:
    if not found.word:
        return Reason.BLANK
    if len(folded) < SHORTEST:
        return Reason.TOO_SHORT
    return Reason.DUPLICATE if (folded, found.category) in known else None


def _text(data: bytes) -> str:
    if len(data) > BYTES_LIMIT:
        raise Unreadable("文件超过5兆字节。请分成几个文件导入。")
    if b"\x00" in data:
        raise Unreadable("这不是文本文件。请另存为文本文件（每行一个词）或 CSV 格式再导入。")
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable("文件是空的。请选择每行一个词的文本文件，或有表头的 CSV 文件。")
    for number, line in enumerate(io.StringIO(text), 1):
        if len(line) > LINE_LIMIT:
            raise Unreadable(f"第{number}行超过一千个字符，不像词表。请每行只写一个词。")
    return text


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文件的编码不是 UTF-8 或 GB18030。请另存为 UTF-8 格式再导入。")


def _lines(text: str) -> Iterator[Line | LineError]:
    header = next(csv.reader(io.StringIO(text.lstrip().split("\n", 1)[0])), [])
    cells = [cell.strip().casefold() for cell in header]
    if cells[:1] and cells[0] in COLUMNS["word"]:
        yield from _table(text, cells)
        return
    for number, line in enumerate(io.StringIO(text), 1):
        word = _tidy(line)
        if "," in word or "\t" in word:
            yield LineError(number, "一行里不止一个词。每行只写一个词；要分列，请在第一行写表头：词,类别,后果。")
        else:
            yield Line(number, word)


def _table(text: str, header: Iterable[str]) -> Iterator[Line | LineError]:
    columns = _columns(header)
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        headed = False
        for record in table:
            cells = [_tidy(cell) for cell in record]
            if headed:
                yield _row(line, columns, cells)
            headed = headed or any(cells)
            line = table.line_num + 1
    except csv.Error:
        raise Unreadable(f"从第{line}行起读不懂。请检查那里的引号是否成对，然后重新导入。") from None


def _row(line: int, columns: list[str], cells: list[str]) -> Line | LineError:
    if any(cells[len(columns) :]):
        return LineError(line, f"有{len(cells)}列，表头只有{len(columns)}列。")
    row = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
    if row["consequence"] and row["consequence"].casefold() not in CONSEQUENCES:
        return LineError(line, f"不认识的后果“{row['consequence'][:20]}”。可以用：标出、搁置、拒收。")
    return Line(line, row["word"], row["category"], CONSEQUENCES.get(row["consequence"].casefold()))


def _columns(header: Iterable[str]) -> list[str]:
    cells = list(header)
    while cells and not cells[-1]:
        cells.pop()
    known = {spelling: column for column, spellings in COLUMNS.items() for spelling in spellings}
    unknown = [cell for cell in cells if cell not in known]
    if unknown:
        raise Unreadable(f"表头有不认识的列：{'、'.join(unknown)[:200]}。可以用的列：词、类别、后果，用英文逗号分隔。")
    columns = [known[cell] for cell in cells]
    if len(set(columns)) < len(columns):
        raise Unreadable("表头有重复的列。")
    return columns


def _tidy(cell: str) -> str:
    return " ".join(cell.split())
