"""How many readers without a socket one cache in front carries, and what of it all reaches the application."""

import argparse
import json
import resource
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import quantiles
from typing import Any

BASE = Path(__file__).resolve().parent.parent
# This file and the folder beside it have one name; from the root of the repository the folder is found.
sys.path[0] = str(BASE)

from bench.fanout.running import Gone, free_port  # noqa: E402
from bench.machine import machine  # noqa: E402
from bench.polling import report  # noqa: E402
from bench.polling.cache import Cache, Missing, caching, program  # noqa: E402
from bench.polling.door import Door  # noqa: E402
from bench.polling.readers import Crowd, Odd, places  # noqa: E402
from bench.polling.rush import cpu_seconds, rush  # noqa: E402
from tests.server import running  # noqa: E402

CROWDS = (1, 100, 10_000)
BEFORE = 150  # events before anybody comes: one segment, and half of one in the tip
PATIENCE = 120.0  # seconds until everybody has to be there
EVERY = 2.0  # seconds from tip to tip: POLL_SECONDS

Figures = dict[str, Any]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=CROWDS, metavar="NUMBER", help="how many at a time")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each crowd reads")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser.parse_args()


def read_along(door: Door, cache: Cache, base: str, *, readers: int, seconds: float) -> Figures:
    """So many readers follow, while an event a second is published."""
    crowd = Crowd(port=cache.port, base=base, readers=readers, every=EVERY, stamps=door.stamps)
    with door.publishing(1.0):
        # Until everybody came and has what was before.
        until = time.monotonic() + PATIENCE
        while crowd.present < readers:
            crowd.run(EVERY)
            if time.monotonic() > until:
                raise Odd(f"expected {readers} readers within {PATIENCE:.0f} s, got {crowd.present}")
        before, start, spent = door.reached(), time.monotonic(), cpu_seconds(cache.worker)
        tally = crowd.run(seconds)
        passed, spent, after = time.monotonic() - start, cpu_seconds(cache.worker) - spent, door.reached()
    crowd.close()
    asked = tally.answers.total()
    reaching = sum(after.values()) - sum(before.values())
    ages = quantiles(tally.ages, n=100)
    return {
        "requests_per_second": round(asked / passed, 1),
        "reaching_per_second": round(reaching / passed, 2),
        "hit_rate": round(1 - reaching / asked, 5),
        "mbit_per_second": round(tally.bytes * 8 / passed / 1e6, 2),
        "cache_cpu_percent": round(spent / passed * 100, 1),
        "age_p50_ms": round(ages[49]),
        "age_p99_ms": round(ages[98]),
        "answers": dict(tally.answers),
        "backwards": tally.backwards,
    }


def rushes(cache: Cache, base: str, *, site: int, pid: int) -> Figures:
    """Answers in a second of the CPU of the cache and of the site: tips that are new or known, segments, pages."""
    with urllib.request.urlopen(f"http://127.0.0.1:{site}{base}/tip.json", timeout=10) as answer:
        etag = answer.headers["ETag"]
    epoch, generation, _head = places(etag)
    found: Figures = {}
    tip, segment, page = f"{base}/tip.json", f"{base}/{epoch}/{generation}/0.json", f"/interviews/{base.partition(':')[2]}/"
    # The site has a thread for each request, and too many of them would measure how they wait for each other.
    for name, port, worker, connections in (("cache", cache.port, cache.worker, 64), ("site", site, pid, 4)):
        for what, path, known in (("tip", tip, ""), ("tip_known", tip, etag), ("segment", segment, "")):
            found[f"{name}_{what}"] = rush(port=port, path=path, seconds=3, known=known, pid=worker, connections=connections)
    found["site_page"] = rush(port=site, path=page, seconds=5, pid=pid, connections=4)
    return found


def measure(folder: Path, options: argparse.Namespace) -> None:
    """All of it, on a site and a cache of its own; told before they are stopped, which may take its time. Raises Gone, Odd."""
    control = folder / "control"
    extra = {"FANOUT_CONTROL": str(control), "PYTHONPATH": str(BASE), "REDIS_URL": "", "LOG_LEVEL": "WARNING"}
    with running(
        folder / "site", database="", extra=extra, launch=lambda port: [sys.executable, "-m", "bench.polling.site", str(port)]
    ) as site:
        site.manage("load_demo")
        door = Door(control)
        base = f"/log/{door.ask('topic')}"
        door.publish(BEFORE)
        with caching(folder, port=free_port(), upstream=site.ports[0]) as cache:
            rushed = rushes(cache, base, site=site.ports[0], pid=site.web.pid)
            crowds = {}
            for readers in options.readers:
                print(f"{readers:,} readers", file=sys.stderr, flush=True)
                crowds[str(readers)] = read_along(door, cache, base, readers=readers, seconds=options.seconds)
        door.close()
        figures = {"machine": machine(), "seconds": options.seconds, "readers": crowds, "rushes": rushed}
        print(report.printed(figures), flush=True)
        for log in (folder / "error.log", site.log):
            sys.stderr.write(log.read_text(encoding="utf-8", errors="replace")[-2000:])
        if options.json:
            options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    """0 if everything was measured, whatever came of it."""
    options = arguments()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        program()
        with tempfile.TemporaryDirectory(prefix="fangtan-polling-") as folder:
            measure(Path(folder), options)
    except (Missing, Gone, Odd) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
