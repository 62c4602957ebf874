"""How fast one core carries events to its readers: ours, what others use, and the physical limit, in one run."""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
# This file and the folder beside it have one name; from the root of the repository the folder is found.
sys.path[0] = str(BASE)

from bench.fanout import measures, report  # noqa: E402
from bench.fanout.measures import Effort, Figures  # noqa: E402
from bench.fanout.peers import PEERS, Peer, build, fresh_data  # noqa: E402
from bench.fanout.running import Gone, running  # noqa: E402
from bench.machine import machine  # noqa: E402

NAMES = [peer.name for peer in PEERS]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each measurement")
    parser.add_argument("--quick", action="store_true", help="one round of two seconds each, crowds on ours alone")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--no-crowds", action="store_true", help="not with 5,000 and 10,000 readers")
    parser.add_argument("--herd", action="store_true", help="also: 5,000 readers cut at once, on ours with express frames")
    parser.add_argument(
        "--merge", nargs="+", type=Path, default=[], metavar="FILE", help="rounds of earlier runs that count too; --rounds 0: only these"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser.parse_args()


def measured(peer: Peer, effort: Effort, *, herd: bool) -> Figures:
    """The figures of one server in one round, each part on a server of its own with nothing in its database."""
    with tempfile.TemporaryDirectory(prefix="fangtan-fanout-") as scratch, running(peer, Path(scratch), fresh_data(Path(scratch))) as pair:
        figures = measures.fan_out(pair, peer, effort)
    if herd and peer.is_ours and peer.crowds:
        with (
            tempfile.TemporaryDirectory(prefix="fangtan-fanout-") as scratch,
            running(peer, Path(scratch), fresh_data(Path(scratch))) as pair,
        ):
            figures["herd"] = measures.herd(pair)
    return figures


def main() -> int:
    """0 if everything was measured, whatever came of it; 1 if a server could not be."""
    options = arguments()
    rounds, seconds = (1, min(options.seconds, 2.0)) if options.quick else (options.rounds, options.seconds)
    effort = Effort(seconds=seconds, bursts=3, crowds="nobody" if options.no_crowds else "ours" if options.quick else "all")
    peers = [peer for peer in PEERS if peer.name in options.only]
    found = report.merged(json.loads(file.read_text(encoding="utf-8"))["rounds"] for file in options.merge)
    if rounds:
        build(options.only)
    failures = 0
    start = time.monotonic()
    for number in range(1, rounds + 1):
        for peer in peers:
            print(f"{time.monotonic() - start:5.0f} s  round {number} of {rounds}: {peer.title}", file=sys.stderr, flush=True)
            try:
                found.setdefault(peer.name, []).append(measured(peer, effort, herd=options.herd))
            except (Gone, RuntimeError) as error:
                failures += 1
                print(f"{peer.name} was not measured: {error}", file=sys.stderr)
            # Each time, so that what was measured is there whatever ends the rest.
            write(options.json, found, seconds)
    print(f"{time.monotonic() - start:5.0f} s\n", file=sys.stderr)
    print(report.printed(found))
    write(options.json, found, seconds)
    return 1 if failures else 0


def write(file: Path | None, found: report.Rounds, seconds: float) -> None:
    """All figures as one JSON object, if a file was named."""
    if file:
        whole = {**report.summary(found), "machine": machine(), "seconds": seconds, "rounds": found}
        file.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
