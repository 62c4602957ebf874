"""The record of a programme, or of the whole site, as a table for auditors."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC

from django.db import transaction

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Programme
from interview.seats import must
from moderation import audit
from moderation.models import Chain, Record

HEADER = [
    "number", "at", "action", "action_name", "question", "reason", "words", "data", "by", "by_name",
    "id", "chain", "programme_id", "question_id", "by_id", "previous", "digest",
]  # fmt: skip
# What a spreadsheet takes for a formula when a cell begins with it, full width included.
_FORMULA = tuple("=+-@\t\r\0＝＋－＠")
CHUNK = 1_000


class _Line:
    """A file that hands back what is written to it: csv makes lines, and they are sent as they are made."""

    def write(self, line: str) -> str:
        return line


@transaction.atomic
def begin(*, programme: Programme | None, by: User) -> Iterator[str]:
    """The lines of the table, the byte-order mark that spreadsheets need first. That it was exported is recorded, and stands in it.

    Raises Refused (forbidden) unless `by` is an editor.
    """
    must(is_editor(by), "只有编辑可以导出审核记录。")
    last = audit.record(action=audit.Action.EXPORT, programme=programme, by=by)
    return lines(chain=str(programme.pk) if programme else Chain.SITE, until=last.number)


def lines(*, chain: str, until: int) -> Iterator[str]:
    """Header and rows of one chain up to a number, RFC 4180, every cell inert in a spreadsheet."""
    writer = csv.writer(_Line(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield "\ufeff" + writer.writerow(HEADER)
    rows = Record.objects.filter(chain=chain, number__lte=until).select_related("question", "by").order_by("number")
    for row in rows.iterator(chunk_size=CHUNK):
        yield writer.writerow([inert(cell) for cell in cells(row)])


def cells(row: Record) -> list[str]:
    """One row, as HEADER names it: what is bound into the chain is there whole, so that an auditor can make the digests again."""
    bound = audit.columns(row)
    return [
        str(row.number),
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.action,
        row.get_action_display(),
        row.question.label if row.question else "",
        row.reason,
        row.words,
        json.dumps(row.data, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        row.by.username if row.by else "",
        row.actor,
        *(bound[name] or "" for name in ("id", "chain", "programme", "question", "by")),
        row.previous,
        row.digest,
    ]


def inert(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would compute."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
