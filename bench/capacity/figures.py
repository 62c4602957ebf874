"""What was measured, as far as a calculation needs it."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

KEPT = Path(__file__).resolve().parent / "figures.json"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one core of a machine: what it does in a second of its own, in KiB, bytes, milliseconds."""

    machine: str
    server: str  # ours that was fastest, to which the figures of sockets belong
    deliveries: float  # single events to 1,000 readers
    deliveries_crowded: float | None  # … to 10,000; None: not measured
    burst_deliveries: float  # of 200 events at once
    handshakes: float
    kib_per_reader: float
    own_kib: float
    p99_ms_1000: float
    p99_ms_10000: float | None
    sql_per_event: float
    pages: float  # of a programme, made by the site
    page_bytes: float
    site_tips: float
    cache_tips: float  # whole ones, by nginx
    cache_known: float  # answered with 304, by nginx
    tip_bytes: float
    known_bytes: float

    @property
    def reckoned(self) -> float:
        """Deliveries that a calculation may count on: to a crowd, if that was measured."""
        return self.deliveries_crowded or self.deliveries


def kept() -> Figures:
    """The figures that stand beside this file."""
    return Figures(**json.loads(KEPT.read_text(encoding="utf-8")))


def keep(figures: Figures) -> None:
    """From now on, these stand beside this file."""
    KEPT.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")


def found(fanout: dict[str, Any], polling: dict[str, Any]) -> Figures:
    """The figures out of what bench/fanout.py and bench/polling.py have written. Raises ValueError if something was not measured."""
    rushes = polling["rushes"]
    crowded = fanout["cpu_us_10000"]
    values = {
        "machine": fanout["machine"],
        "server": fanout["ours_best_is"],
        "deliveries": fanout["ours_best"],
        "deliveries_crowded": round(1e6 / crowded) if crowded else None,
        "burst_deliveries": fanout["burst_per_cpu_second"],
        "handshakes": fanout["handshakes_per_cpu_second"],
        **{name: fanout[name] for name in ("kib_per_reader", "own_kib", "p99_ms_1000", "p99_ms_10000", "sql_per_event")},
        "pages": rushes["site_page"]["per_cpu_second"],
        "page_bytes": rushes["site_page"]["bytes_each"],
        "site_tips": rushes["site_tip"]["per_cpu_second"],
        "cache_tips": rushes["cache_tip"]["per_cpu_second"],
        "cache_known": rushes["cache_tip_known"]["per_cpu_second"],
        "tip_bytes": rushes["cache_tip"]["bytes_each"],
        "known_bytes": rushes["cache_tip_known"]["bytes_each"],
    }
    missing = [
        field.name for field in fields(Figures) if values[field.name] is None and field.name not in {"deliveries_crowded", "p99_ms_10000"}
    ]
    if missing:
        raise ValueError(f"expected every figure to be measured, these were not: {', '.join(missing)}")
    return Figures(**values)
