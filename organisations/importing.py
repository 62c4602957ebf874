"""Import organisations from a CSV table: all of it or nothing, with the line of every error."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import Kind, Organisation, RegistryChange
from organisations.operator import Keeper
from organisations.registry import may_keep

# A city has hundreds of organisations; this is ten thousand.
BYTES_LIMIT: Final = 5 * 1024 * 1024
LINE_LIMIT: Final = 10_000  # characters
ERRORS_SHOWN: Final = 50

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
KINDS: Final = {
    "department": Kind.DEPARTMENT,
    "主管部门": Kind.DEPARTMENT,
    "enterprise": Kind.ENTERPRISE,
    "公共企事业单位": Kind.ENTERPRISE,
}
_FIELDS: Final = ("kind", "short_name", "sector", "phone", "address")


@dataclass(frozen=True)
class LineError:
    """What is wrong in which line (1 is the header; 0 the file as a whole) and column."""

    line: int
    column: str
    message: str


@dataclass
class ImportReport:
    """What an import did, or why it did nothing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[LineError] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One line of the table, its cells stripped."""

    line: int
    cells: dict[str, str]

    @property
    def name(self) -> str:
        return self.cells["name"]


class Unreadable(ValueError):
    """The file as a whole is no table of ours; the text says why and what to do."""


def import_csv(file: BinaryIO, *, by: Keeper) -> ImportReport:
    """Create and update the organisations of a table; the same table again changes nothing.

    UTF-8 (with or without byte-order mark) or GB18030. With any error nothing is changed and the report names them all,
    up to ERRORS_SHOWN. Raises PermissionDenied.
    """
    may_keep(by)
    report = ImportReport()
    try:
        rows = list(_rows(_text(file.read(BYTES_LIMIT + 1))))
    except Unreadable as error:
        report.errors.append(LineError(0, "", str(error)))
        return report
    report.errors = list(_complaints(rows))[:ERRORS_SHOWN]
    if not report.errors:
        _store(rows, report, by)
    return report


def _text(data: bytes) -> str:
    if len(data) > BYTES_LIMIT:
        raise Unreadable(_("文件超过5兆字节。请分成几个文件导入。"))
    if b"\x00" in data:
        raise Unreadable(_("这不是文本文件。请在表格软件里另存为 CSV 格式再导入。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文件的编码不是 UTF-8 或 GB18030。请另存为 UTF-8 格式的 CSV 再导入。"))


def _rows(text: str) -> Iterator[Row]:
    if not text.strip():
        raise Unreadable(_("文件是空的。"))
    if any(len(line) > LINE_LIMIT for line in text.splitlines()):
        raise Unreadable(_("有一行超过一万个字符，不像单位目录。请检查引号是否成对。"))
    table = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip() for cell in next(table)]
        names = _header(header)
        for cells in table:
            if any(cell.strip() for cell in cells):
                padded = [" ".join(cell.split()) for cell in cells] + [""] * (len(names) - len(cells))
                if len(cells) > len(names):
                    raise Unreadable(
                        _("第%(line)s行有%(got)s列，表头只有%(expected)s列。")
                        % {"line": table.line_num, "got": len(cells), "expected": len(names)}
                    )
                yield Row(table.line_num, dict.fromkeys(COLUMNS, "") | dict(zip(names, padded, strict=True)))
    except csv.Error as error:
        raise Unreadable(_("第%(line)s行读不懂：%(error)s") % {"line": table.line_num, "error": error}) from None


def _header(cells: list[str]) -> list[str]:
    known = {spelling: column for column, spellings in COLUMNS.items() for spelling in spellings}
    unknown = [cell for cell in cells if cell.casefold() not in known]
    if unknown:
        raise Unreadable(
            _("表头有不认识的列：%(unknown)s。可以用的列：%(known)s。")
            % {"unknown": "、".join(unknown)[:200], "known": "、".join(spellings[1] for spellings in COLUMNS.values())}
        )
    names = [known[cell.casefold()] for cell in cells]
    missing = [COLUMNS[column][1] for column in REQUIRED if column not in names]
    if missing:
        raise Unreadable(_("表头缺少：%(missing)s。") % {"missing": "、".join(missing)})
    if len(set(names)) < len(names):
        raise Unreadable(_("表头有重复的列。"))
    return names


def _complaints(rows: list[Row]) -> Iterator[LineError]:
    departments = {row.name for row in rows if KINDS.get(row.cells["kind"].casefold()) == Kind.DEPARTMENT}
    departments |= set(Organisation.objects.filter(kind=Kind.DEPARTMENT).values_list("name", flat=True))
    first: dict[str, int] = {}
    for row in rows:
        kind, parent = KINDS.get(row.cells["kind"].casefold()), row.cells["parent"]
        if not row.name:
            yield LineError(row.line, "名称", _("缺少名称。"))
        elif row.name in first:
            yield LineError(row.line, "名称", _("“%(name)s”与第%(line)s行重复。") % {"name": row.name, "line": first[row.name]})
        first.setdefault(row.name, row.line)
        if kind is None:
            yield LineError(row.line, "类别", _("“%(kind)s”不是类别，请写“主管部门”或“公共企事业单位”。") % {"kind": row.cells["kind"]})
        if parent and kind == Kind.DEPARTMENT:
            yield LineError(row.line, "主管部门", _("主管部门自己不再有主管部门。"))
        elif parent and parent not in departments:
            yield LineError(row.line, "主管部门", _("没有名为“%(name)s”的主管部门。") % {"name": parent})
        yield from _too_long(row)


def _too_long(row: Row) -> Iterator[LineError]:
    for column in ("name", "short_name", "sector", "phone", "address"):
        limit = Organisation._meta.get_field(column).max_length or 0
        if len(row.cells[column]) > limit:
            yield LineError(
                row.line, COLUMNS[column][1], _("有%(got)s个字，最多%(limit)s个字。") % {"got": len(row.cells[column]), "limit": limit}
            )


@transaction.atomic
def _store(rows: list[Row], report: ImportReport, by: Keeper) -> None:
    known = {organisation.name: organisation for organisation in Organisation.objects.select_related("parent")}
    # Departments first: an enterprise may name one that comes later in the file.
    for row in sorted(rows, key=lambda row: KINDS[row.cells["kind"].casefold()] != Kind.DEPARTMENT):
        wanted = {column: row.cells[column] for column in _FIELDS} | {"kind": KINDS[row.cells["kind"].casefold()]}
        parent = known[row.cells["parent"]] if row.cells["parent"] else None
        organisation = known.get(row.name)
        if organisation is None:
            known[row.name] = Organisation.objects.create(name=row.name, parent=parent, **wanted)
            report.created += 1
        elif organisation.parent == parent and all(getattr(organisation, column) == value for column, value in wanted.items()):
            report.unchanged += 1
        else:
            for column, value in wanted.items():
                setattr(organisation, column, value)
            organisation.parent = parent
            organisation.save()
            report.updated += 1
    if report.created or report.updated:
        RegistryChange.objects.create(
            actor=by.get_username(),
            action=RegistryChange.Action.IMPORT,
            details={"created": report.created, "updated": report.updated, "unchanged": report.unchanged},
        )
