"""The program of tests/faults/author.py: publishes on the data of a running server, in a process that no fault touches.

One JSON object a line comes in, one a line goes out. It publishes through the engine's one way in, and can leave out what a
process that dies between commit and bell leaves out, or ring twice and late.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from interview.states import ProgrammeState  # noqa: E402
from realtime import log, publishing  # noqa: E402
from realtime.doorbell import doorbell  # noqa: E402
from realtime.hints import Hint  # noqa: E402
from tests import scenes  # noqa: E402

SCANS = "SELECT seq_scan + COALESCE(idx_scan, 0) FROM"


def fragment(entry: str, text: str | None) -> str:
    """The element of an entry, or the one that takes it away."""
    if text is None:
        return f'<p id="{entry}" data-gone></p>'
    return f'<p id="{entry}" data-list="entries" data-order="{entry}">{text}</p>'


def is_of(entry: str, data: dict[str, Any]) -> bool:
    """Whether an event is about this entry."""
    return data.get("id") == entry


def open_programme() -> dict[str, Any]:
    return {"programme": str(scenes.programme(state=ProgrammeState.LIVE).pk)}


def write(topic: str, entries: list[tuple[str, str | None]], ring: str) -> dict[str, Any]:
    """Publish new words of entries, or take entries away (None), in one transaction. `ring`: once, never, or twice."""
    append, empty = (log.append, log.redact) if ring == "never" else (publishing.publish, publishing.redact)
    with transaction.atomic():
        before = own_reads()
        for entry, text in entries:
            if text is None:
                empty(topic=topic, match=partial(is_of, entry))
            data = {"id": entry, "text": text, "at": time.monotonic()}
            append(topic=topic, kind="entry.published", data=data, html=fragment(entry, text))
        reads = own_reads() - before
    head = log.head(topic)
    if ring == "twice":
        # An old one in between, as when bells overtake each other.
        doorbell.ring(Hint(moved={topic: (max(0, head.number - 3), max(0, head.generation - 1))}))
        doorbell.ring(Hint(moved={topic: (head.number, head.generation)}))
    return {"number": head.number, "epoch": head.epoch, "reads": reads}


def own_reads() -> int:
    """How often this process has looked into the table of events, withdrawing, and nobody has been told yet; 0 on SQLite, which does not count."""
    if connection.vendor != "postgresql":
        return 0
    return int(sql(f"{SCANS} pg_stat_xact_user_tables WHERE relname = 'realtime_event'")["rows"][0][0])


def all_reads() -> dict[str, Any]:
    """How often everybody has, since the table was made."""
    # What this process did would be known only after its next statement.
    sql("SELECT pg_stat_force_next_flush()")
    return {"reads": int(sql(f"{SCANS} pg_stat_user_tables WHERE relname = 'realtime_event'")["rows"][0][0])}


def reconnect() -> dict[str, Any]:
    """Leave the connection, which may be dead, for another."""
    connection.close()
    return {}


def sql(text: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return {"rows": cursor.fetchall()}


DO: dict[str, Callable[..., dict[str, Any]]] = {
    "open": open_programme,
    "write": write,
    "reads": all_reads,
    "reconnect": reconnect,
}

if __name__ == "__main__":
    for line in sys.stdin:
        wish = json.loads(line)
        answer = DO[wish.pop("do")](**wish)
        print(json.dumps(answer), flush=True)
