"""Where the chains stood, written outside the database: who rewrites every row still cannot rewrite these lines."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from moderation.models import Chain

# One file a year: small enough to be printed, signed or sent to somebody else's keeping.
NAME = "heads-{year}.jsonl"


@dataclass(frozen=True)
class Anchor:
    """A chain had this number and digest; `line` of `file` says so, written at `at` (ISO 8601, UTC)."""

    chain: str
    number: int
    digest: str
    at: str
    file: str
    line: int


class Unreadable(ValueError):
    """A line of an anchor file is none of ours."""


def write() -> int:
    """Add a line for each chain that has grown since its last line; the count of lines. May run twice. Raises OSError."""
    known = {anchor.chain: anchor.number for anchor in read()}
    now = timezone.now()
    grown = [chain for chain in Chain.objects.order_by("key") if chain.number > known.get(chain.key, 0)]
    if grown:
        lines = [_line(chain, now.isoformat(timespec="seconds")) for chain in grown]
        _append(settings.AUDIT_ROOT / NAME.format(year=now.year), "".join(lines))
    return len(grown)


def read() -> Iterator[Anchor]:
    """Every line, in the order written. Raises Unreadable, naming file and line."""
    for path in sorted(Path(settings.AUDIT_ROOT).glob(NAME.format(year="*"))):
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield _parse(text, path.name, number)


def _line(chain: Chain, at: str) -> str:
    return json.dumps({"at": at, "chain": chain.key, "number": chain.number, "digest": chain.digest}) + "\n"


def _append(path: Path, lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        # One write, so that two processes do not mix their lines; and on the disk before anybody is told.
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parse(text: str, file: str, line: int) -> Anchor:
    try:
        row: dict[str, Any] = json.loads(text)
        return Anchor(str(row["chain"]), int(row["number"]), str(row["digest"]), str(row["at"]), file, line)
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f"expected an object with at, chain, number and digest in {file}, line {line}, got {text[:80]!r}") from None
