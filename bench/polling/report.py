"""What was measured with polling readers, as two tables, and held against what is aimed at."""

from typing import Any

PER_SECOND = 1.15  # requests a second that reach the application: the tip once, a segment once in a hundred events, and chance
AGE = 4_500  # ms: two seconds of POLL_SECONDS, two of the cache, and the way

COLUMNS = {
    "requests_per_second": "requests/s",
    "reaching_per_second": "reaching the site/s",
    "hit_rate": "hit rate",
    "mbit_per_second": "Mbit/s",
    "cache_cpu_percent": "CPU of nginx %",
    "age_p50_ms": "age p50 ms",
    "age_p99_ms": "p99",
}
RUSHES = {
    "cache_tip": "nginx: a tip of 50 events",
    "cache_tip_known": "nginx: a tip that is known (304)",
    "cache_segment": "nginx: a segment",
    "site_tip": "the site itself: a tip of 50 events",
    "site_tip_known": "the site itself: a tip that is known (304)",
    "site_segment": "the site itself: a segment",
    "site_page": "the site itself: the programme's page",
}


def aims(figures: dict[str, Any]) -> list[tuple[str, float, bool]]:
    """What is aimed at, what came of it, and whether that is enough."""
    crowds: dict[str, dict[str, Any]] = figures["readers"]
    reaching = max(crowd["reaching_per_second"] for crowd in crowds.values())
    most = max(crowds, key=int)
    odd = sum(count for crowd in crowds.values() for kind, count in crowd["answers"].items() if kind.split()[1] not in {"200", "304"})
    backwards = sum(crowd["backwards"] for crowd in crowds.values())
    return [
        (f"requests a second that reach the site, whether 1 or {most} readers: at most {PER_SECOND}", reaching, reaching <= PER_SECOND),
        ("answers that are neither 200 nor 304: 0", odd, odd == 0),
        ("tips older than what the reader had: 0", backwards, backwards == 0),
        (
            f"ms from the commit to the reader, p99 of {most}: at most {AGE}",
            crowds[most]["age_p99_ms"],
            crowds[most]["age_p99_ms"] <= AGE,
        ),
    ]


def printed(figures: dict[str, Any]) -> str:
    """Everything on one screen."""
    crowds: dict[str, dict[str, Any]] = figures["readers"]
    followed = [("readers", *COLUMNS.values())]
    followed += [(f"{int(readers):,}", *(f"{crowd[column]:,}" for column in COLUMNS)) for readers, crowd in crowds.items()]
    rushed: list[tuple[str, ...]] = [("as fast as it goes", "a second of its CPU", "a second", "bytes")]
    for name, title in RUSHES.items():
        rush = figures["rushes"][name]
        rushed.append((title, *(f"{rush[column]:,}" for column in ("per_cpu_second", "per_second", "bytes_each"))))
    verdicts = [f"{'yes' if enough else 'NO ':3}  {value:>10,.2f}  {text}" for text, value, enough in aims(figures)]
    return "\n".join([aligned(followed), "", aligned(rushed), "", *verdicts])


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows in columns, the first to the left, with a line under the heads."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]
    return "\n".join([lines[0], "─" * len(lines[0]), *lines[1:]])
