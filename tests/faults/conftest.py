"""What every fault test may ask for, and the table at the end: promise, runs, events, violations, bound, seconds, seed.

    pytestmark = pytest.mark.fault("T-01")

    def test_an_acknowledged_question_is_never_lost(tmp_path, seconds, chance, postgres, verdict):
        with running(tmp_path / "data", database=postgres.url) as server:
            …
        verdict(promise="acknowledged questions survive kill -9", runs=kills, events=len(acknowledged), violations={"lost": len(lost)})

`verdict` writes the row down and then fails the test unless every count of violations is 0. `events` is the number of times the
promise was put to the test: three divided by it is the rate of violations that would still have gone unseen, at 95 %. Times and
other figures that depend on the machine have aims, `aims={"back_p99_s": (7.2, 10.0)}`, the figure and the most it should be: the
table says which are not met, and the test does not fail. Other figures (`verdict(…, p50_ms=120)`) are reported only. A random
choice comes from `chance`; FAULT_SEED repeats it.
"""

import json
import os
import random
import secrets
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import pytest

from tests import databases

REPORT = Path(__file__).resolve().parents[2] / "var" / "faults.json"
SECONDS = float(os.environ.get("FAULT_SECONDS", "120"))
SEED = int(os.environ.get("FAULT_SEED") or secrets.randbelow(10**9))
# Starting and stopping servers, and looking at what is left, on a busy machine.
AROUND = 600.0
COLUMNS = ("row", "promise", "runs", "events", "violations", "bound", "aims", "seconds", "seed")

_rows: list[dict[str, Any]] = []


# By name: what was measured, and the most it should be.
Aims = Mapping[str, tuple[float, float]]


class Verdict(Protocol):
    """Writes down what a test found. Raises AssertionError if a promise was broken."""

    def __call__(
        self,
        *,
        promise: str,
        runs: int,
        events: int,
        violations: int | Mapping[str, int] = 0,
        aims: Aims = MappingProxyType({}),
        **figures: float | str,
    ) -> None: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            assert item.get_closest_marker("fault"), f"{item.nodeid}: expected a module with pytestmark = pytest.mark.fault(ROW)"
            if not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(SECONDS * 3 + AROUND))


@pytest.fixture
def seconds() -> float:
    """How long to go on breaking things: FAULT_SECONDS, 120 unless set."""
    return SECONDS


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The chance of this test, the same for the same FAULT_SEED."""
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture
def verdict(request: pytest.FixtureRequest) -> Verdict:
    """The door to the table."""
    started = time.monotonic()
    marker = request.node.get_closest_marker("fault")

    def judge(
        *,
        promise: str,
        runs: int,
        events: int,
        violations: int | Mapping[str, int] = 0,
        aims: Aims = MappingProxyType({}),
        **figures: float | str,
    ) -> None:
        counts = dict(violations) if isinstance(violations, Mapping) else {"violations": violations}
        broken = sum(counts.values())
        row = {
            "row": marker.args[0],
            "promise": promise,
            "runs": runs,
            "events": events,
            "violations": broken,
            "counts": counts,
            "bound": 3 / events if events and not broken else None,
            "aims": f"{len(aims) - len(_missed(aims))}/{len(aims)}" if aims else None,
            "seconds": round(time.monotonic() - started, 1),
            "seed": SEED,
            "figures": {**{name: figure for name, (figure, _most) in aims.items()}, **figures},
            "missed": _missed(aims),
            "test": request.node.nodeid,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        _rows.append(row)
        print(f"\n{row['row']}  {promise}: {counts}, {row['figures']}", *row["missed"], sep="\n    ", flush=True)
        assert events > 0, "nothing happened, so nothing was tested"
        assert counts == dict.fromkeys(counts, 0)

    return judge


@pytest.fixture
def postgres() -> Iterator[databases.PostgreSQL]:
    """A PostgreSQL server for this test alone, to be killed, paused and restarted."""
    with databases.postgresql() as server:
        yield server


@pytest.fixture
def valkey() -> Iterator[databases.Valkey]:
    """A Valkey server for this test alone, to be killed, paused and emptied."""
    with databases.valkey() as server:
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _rows:
        return
    terminalreporter.section(f"promises (seed {SEED}, {SECONDS:g} seconds each)")
    lines = [COLUMNS, *(tuple(_cell(row[name]) for name in COLUMNS) for row in sorted(_rows, key=lambda row: row["row"]))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    for line in lines:
        terminalreporter.line("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    for row in _rows:
        for missed in row["missed"]:
            terminalreporter.line(f"aim not met: {row['row']}  {row['promise']}: {missed}")
    _keep(_rows)


def _missed(aims: Aims) -> list[str]:
    return [f"{name} is {figure:g}, not at most {most:g}" for name, (figure, most) in aims.items() if figure > most]


def _cell(value: object) -> str:
    if value is None:
        return "—"
    return f"< {value:.2g}" if isinstance(value, float) and value < 1 else str(value)


def _keep(rows: list[dict[str, Any]]) -> None:
    """Write the rows to REPORT, where the last row of every other test stays."""
    REPORT.parent.mkdir(exist_ok=True)
    kept = json.loads(REPORT.read_text()) if REPORT.exists() else []
    mine = {row["test"] for row in rows}
    fresh = REPORT.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps([*(row for row in kept if row["test"] not in mine), *rows], ensure_ascii=False, indent=1))
    fresh.replace(REPORT)
