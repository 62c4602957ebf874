"""Reads a CSV table of organisations: bytes in, rows with their lines out; knows no database."""

import csv
import io
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

# A city has hundreds of organisations; this is room for ten thousand and more.
BYTES_LIMIT: Final = 5 * 1024 * 1024
LINE_LIMIT: Final = 10_000  # characters

# Each column by the names it may have in the header; the Chinese one is used in what we say.
COLUMNS: Final = {
    "kind": ("kind", "类别"),
    "name": ("name", "名称"),
    "short_name": ("short_name", "简称"),
    "parent": ("parent", "主管部门"),
    "sector": ("sector", "领域"),
    "phone": ("phone", "电话"),
    "address": ("address", "地址"),
}
REQUIRED: Final = ("kind", "name")


@dataclass(frozen=True)
class LineError:
    """What is wrong in which line (1 is the header; 0 the file as a whole) and column ("" the whole line)."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class Row:
    """One record: the line it begins in, and a cell for each column of the header, without outer or double blanks."""

    line: int
    cells: dict[str, str]

    @property
    def name(self) -> str:
        return self.cells["name"]


class Unreadable(ValueError):
    """The file as a whole is no table of ours; the text says why and what to do."""


def title(column: str) -> str:
    """The Chinese name of a column."""
    return COLUMNS[column][1]


def read(data: bytes) -> tuple[list[Row], list[LineError]]:
    """The records of a table in UTF-8 (with or without byte-order mark) or GB18030, and what is wrong with their cells.

    Empty lines are left out. Raises Unreadable.
    """
    table = csv.reader(io.StringIO(_text(data), newline=""), strict=True)
    rows: list[Row] = []
    errors: list[LineError] = []
    line = 1
    try:
        columns = _columns(next(table))
        line = table.line_num + 1
        for record in table:
            cells = [" ".join(cell.split()) for cell in record]
            if any(cells[len(columns) :]):
                errors.append(
                    LineError(line, "", _("有%(got)s列，表头只有%(expected)s列。") % {"got": len(cells), "expected": len(columns)})
                )
            elif any(cells):
                row = Row(line, dict.fromkeys(columns, "") | dict(zip(columns, cells, strict=False)))
                errors += _invisible(row)
                rows.append(row)
            line = table.line_num + 1
    except csv.Error:
        raise Unreadable(_("从第%(line)s行起读不懂。请检查那里的引号是否成对，然后重新导入。") % {"line": line}) from None
    return rows, errors


def _text(data: bytes) -> str:
    if len(data) > BYTES_LIMIT:
        raise Unreadable(_("文件超过5兆字节。请分成几个文件导入。"))
    if b"\x00" in data:
        raise Unreadable(_("这不是文本文件。请在表格软件里另存为 CSV 格式再导入。"))
    text = _decoded(data)
    if not text.strip():
        raise Unreadable(_("文件是空的。请选择有表头和单位的 CSV 文件。"))
    if any(len(line) > LINE_LIMIT for line in text.splitlines()):
        raise Unreadable(_("有一行超过一万个字符，不像单位目录。请检查引号和换行。"))
    return text


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文件的编码不是 UTF-8 或 GB18030。请另存为 UTF-8 格式的 CSV 再导入。"))


def _columns(header: list[str]) -> list[str]:
    """Our names of the columns, in the order of the header; empty ones at its end are not columns."""
    cells = [cell.strip() for cell in header]
    while cells and not cells[-1]:
        cells.pop()
    known = {spelling: column for column, spellings in COLUMNS.items() for spelling in spellings}
    unknown = [cell for cell in cells if cell.casefold() not in known]
    if unknown:
        raise Unreadable(
            _("表头有不认识的列：%(unknown)s。可以用的列：%(known)s，用英文逗号分隔。")
            % {"unknown": "、".join(unknown)[:200], "known": "、".join(map(title, COLUMNS))}
        )
    columns = [known[cell.casefold()] for cell in cells]
    missing = [title(column) for column in REQUIRED if column not in columns]
    if missing:
        raise Unreadable(_("表头缺少：%(missing)s。") % {"missing": "、".join(missing)})
    if len(set(columns)) < len(columns):
        raise Unreadable(_("表头有重复的列。"))
    return columns


def _invisible(row: Row) -> list[LineError]:
    # Control and format characters: two names that look alike would be two organisations.
    return [
        LineError(row.line, title(column), _("含有看不见的字符 U+%(code)s，请删去。") % {"code": f"{ord(found):04X}"})
        for column, cell in row.cells.items()
        if (found := next((character for character in cell if unicodedata.category(character) in {"Cc", "Cf"}), None))
    ]
