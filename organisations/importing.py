"""Import organisations from a CSV table: all of it or nothing, with the line of every error."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from organisations.models import Kind, Organisation, RegistryChange
from organisations.operator import Keeper
from organisations.registry import may_keep
from organisations.table import BYTES_LIMIT, LineError, Row, Unreadable, read, title

ERRORS_SHOWN: Final = 50

KINDS: Final = {
    "department": Kind.DEPARTMENT,
    "主管部门": Kind.DEPARTMENT,
    "enterprise": Kind.ENTERPRISE,
    "公共企事业单位": Kind.ENTERPRISE,
}
_TEXTS: Final = ("name", "short_name", "sector", "phone", "address")

Known = dict[str, Organisation]


@dataclass
class ImportReport:
    """What an import did, or why it did nothing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[LineError] = field(default_factory=list)


def import_csv(file: BinaryIO, *, by: Keeper) -> ImportReport:
    """The organisations of the table exist as it says; the same table again changes nothing.

    An organisation is known by its name. What a column says replaces what was there, an empty cell empties it; what has no
    column is left alone, and so is every organisation that is not in the table. With any error nothing is changed, and the
    report names the first ERRORS_SHOWN. Raises PermissionDenied.
    """
    may_keep(by)
    try:
        rows, errors = read(file.read(BYTES_LIMIT + 1))
    except Unreadable as error:
        return ImportReport(errors=[LineError(0, "", str(error))])
    try:
        with transaction.atomic():
            known = {one.name: one for one in Organisation.objects.select_related("parent").select_for_update(of=("self",))}
            errors = sorted([*errors, *_complaints(rows, known)], key=lambda error: error.line)
            return ImportReport(errors=_shortened(errors)) if errors else _store(rows, known, by)
    except IntegrityError:
        # Somebody else brought in the same name since we looked.
        return ImportReport(errors=[LineError(0, "", _("单位目录刚刚被别人改动，没有导入。请再导入一次。"))])


def _kind(row: Row) -> Kind | None:
    return KINDS.get(row.cells["kind"].casefold())


def _complaints(rows: list[Row], known: Known) -> Iterator[LineError]:
    kinds = {name: one.kind for name, one in known.items()} | {row.name: kind for row in rows if (kind := _kind(row))}
    departments = {name for name, kind in kinds.items() if kind == Kind.DEPARTMENT}
    moved = {row.name for row in rows if "parent" in row.cells}
    staying = {one.parent.name for one in known.values() if one.parent and one.name not in moved}
    first: dict[str, int] = {}
    for row in rows:
        if not row.name:
            yield LineError(row.line, title("name"), _("缺少名称。"))
        elif first.setdefault(row.name, row.line) != row.line:
            yield LineError(row.line, title("name"), _("“%(name)s”与第%(line)s行重复。") % {"name": row.name, "line": first[row.name]})
        yield from _wrong_kind(row, staying)
        yield from _wrong_parent(row, departments)
        yield from _too_long(row)


def _wrong_kind(row: Row, staying: set[str]) -> Iterator[LineError]:
    kind = _kind(row)
    if kind is None:
        message = _("“%(kind)s”不是类别，请写“主管部门”或“公共企事业单位”。") % {"kind": row.cells["kind"][:40]}
        yield LineError(row.line, title("kind"), message)
    elif kind == Kind.ENTERPRISE and row.name in staying:
        message = _("“%(name)s”还是其他单位的主管部门，不能改为公共企事业单位。") % {"name": row.name}
        yield LineError(row.line, title("kind"), message)


def _wrong_parent(row: Row, departments: set[str]) -> Iterator[LineError]:
    parent = row.cells.get("parent")
    if parent and _kind(row) == Kind.DEPARTMENT:
        yield LineError(row.line, title("parent"), _("主管部门自己不再有主管部门，这一格请留空。"))
    elif parent and parent not in departments:
        yield LineError(row.line, title("parent"), _("没有名为“%(name)s”的主管部门。") % {"name": parent[:100]})


def _too_long(row: Row) -> Iterator[LineError]:
    for column in _TEXTS:
        limit, got = getattr(Organisation, column).field.max_length, len(row.cells.get(column, ""))
        if got > limit:
            yield LineError(row.line, title(column), _("有%(got)s个字，最多%(limit)s个字。") % {"got": got, "limit": limit})


def _shortened(errors: list[LineError]) -> list[LineError]:
    more = len(errors) - ERRORS_SHOWN
    if more <= 0:
        return errors
    return [*errors[:ERRORS_SHOWN], LineError(0, "", _("还有%(more)s处问题没有列出。") % {"more": more})]


def _store(rows: list[Row], known: Known, by: Keeper) -> ImportReport:
    new, changed = [], []
    # Departments first: an enterprise may name one that comes later in the file.
    for row in sorted(rows, key=lambda row: _kind(row) != Kind.DEPARTMENT):
        wanted = dict(_wanted(row, known))
        organisation = known.get(row.name)
        if organisation is None:
            known[row.name] = Organisation(**wanted)
            new.append(known[row.name])
        elif any(getattr(organisation, column) != value for column, value in wanted.items()):
            _assign(organisation, wanted.items())
            changed.append(organisation)
    Organisation.objects.bulk_create(new)
    Organisation.objects.bulk_update(changed, ["kind", "parent", *_TEXTS], batch_size=500)
    report = ImportReport(created=len(new), updated=len(changed), unchanged=len(rows) - len(new) - len(changed))
    if new or changed:
        RegistryChange.objects.create(
            actor=by.get_username(),
            action=RegistryChange.Action.IMPORT,
            details={"created": report.created, "updated": report.updated, "unchanged": report.unchanged},
        )
    return report


def _wanted(row: Row, known: Known) -> Iterator[tuple[str, Any]]:
    kind = _kind(row)
    yield "kind", kind
    for column in _TEXTS:
        if column in row.cells:
            yield column, row.cells[column]
    if kind == Kind.DEPARTMENT:
        yield "parent", None
    elif "parent" in row.cells:
        yield "parent", known.get(row.cells["parent"])


def _assign(organisation: Organisation, values: Iterable[tuple[str, Any]]) -> None:
    for column, value in values:
        setattr(organisation, column, value)
