"""What is measured on one server, in which order; every step is bounded in time and count."""

from dataclasses import dataclass
from typing import Any, Literal

from bench.fanout.peers import Peer
from bench.fanout.running import Pair, Report

BASE_READERS = 50  # who make a server load and allocate what it needs once
FEW = 500
READERS = 1_000
CROWDS = (5_000, 10_000)
EVENT = 500  # bytes of a frame with one event
AHEAD = 2  # events under way at saturation: the next is ready when one is through, and never two are waiting
BURST = 200
HANDSHAKES_AT_ONCE = 64
HERD = 5_000
PATIENCE = 180.0  # seconds beyond its own time that a step may take

Figures = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How long and how often: seconds of a saturation or of a steady pace, bursts, and on whom crowds are measured."""

    seconds: float
    bursts: int
    crowds: Literal["all", "ours", "nobody"]


def fan_out(pair: Pair, peer: Peer, effort: Effort) -> Figures:
    """Everything but the herd, on a server that was just started."""
    gather(pair, BASE_READERS)
    pair.ask("quiet 1", within=PATIENCE)
    # The first event of a topic makes it, which is a statement more.
    pair.ask(f"burst 1 {EVENT} 20", within=PATIENCE)
    steadily = {str(BASE_READERS): steady(pair, 5, effort.seconds)}
    own = pair.memory()
    opened = gather(pair, READERS)
    idle = pair.ask("quiet 1.5", within=PATIENCE)
    figures: Figures = {
        "kib_per_reader": round((pair.memory() - own) / (READERS - BASE_READERS), 1),
        "own_kib": own,
        "handshakes_per_second": round((READERS - BASE_READERS) / opened["seconds"]),
        "handshakes_per_cpu_second": round((READERS - BASE_READERS) / max(opened["server_cpu"], 1e-3)),
        "idle_cpu_percent": round(idle["server_cpu"] / idle["seconds"] * 100, 1),
    }
    before = pair.statements() if peer.is_ours else {}
    figures["saturation"] = saturate(pair, effort.seconds)
    if peer.is_ours:
        after = pair.statements()
        spent = {kind: after[kind] - before.get(kind, 0) for kind in after}
        figures["statements"] = spent
        # One more event than counted: the one before the clock started.
        figures["sql_per_event"] = round((spent["all"] - spent.get("place_reads", 0)) / (figures["saturation"]["published"] + 1), 2)
    figures["steady"] = {**steadily, str(READERS): steady(pair, 5, effort.seconds)}
    figures["burst"] = burst(pair, effort.bursts)
    if peer.crowds and (effort.crowds == "all" or (effort.crowds == "ours" and peer.is_ours)):
        figures["crowds"] = crowds(pair, figures["steady"], effort)
    if peer.is_ours:
        figures["pauses"] = pair.pauses()
    return figures


def crowds(pair: Pair, steadily: Figures, effort: Effort) -> Figures:
    """Saturation with more readers and with fewer; adds to `steadily` how long they wait at one event a second."""
    figures: Figures = {}
    for readers in CROWDS:
        gather(pair, readers)
        steadily[str(readers)] = steady(pair, 1, effort.seconds)
        figures[str(readers)] = saturate(pair, effort.seconds / 2)
    gather(pair, FEW)
    # Until the server has looked for those who left, which is no cost of a delivery; it is among its pauses.
    pair.ask("quiet 8", within=PATIENCE)
    figures[str(FEW)] = saturate(pair, effort.seconds / 2)
    return figures


def herd(pair: Pair, readers: int = HERD) -> Figures:
    """Cut everybody at once, publish five events meanwhile, let everybody come back at once."""
    gather(pair, readers)
    pair.ask(f"burst {BURST} {EVENT} 20", within=PATIENCE)
    pair.ask("quiet 2", within=PATIENCE)
    before = pair.statements()
    report = pair.ask(f"herd 5 {EVENT} {readers} 60", within=60 + PATIENCE)
    after = pair.statements()
    return {
        **report,
        "readers": readers,
        "statements": {kind: after[kind] - before.get(kind, 0) for kind in after},
        "catch_up_reads_per_50": round((after["event_reads"] - before["event_reads"]) * 50 / readers, 3),
    }


def gather(pair: Pair, readers: int) -> Report:
    """Hold so many readers. Raises RuntimeError if they do not all come."""
    report = pair.ask(f"open {readers} {HANDSHAKES_AT_ONCE} {PATIENCE}", within=2 * PATIENCE)
    if report["ready"] != readers:
        raise RuntimeError(f"expected {readers} readers, got {report}")
    return report


def saturate(pair: Pair, seconds: float) -> Report:
    """Single events as fast as they go: frames are counted, so that two events in one frame are one delivery."""
    report = pair.ask(f"saturate {seconds} {EVENT} {AHEAD}", within=seconds + PATIENCE)
    return {
        **report,
        "per_cpu_second": round(report["frames"] / report["server_cpu"]),
        "per_second": round(report["frames"] / report["seconds"]),
        "cpu_us": round(report["server_cpu"] / max(1, report["events"]) * 1e6, 2),
        "events_per_frame": round(report["events"] / max(1, report["frames"]), 3),
        "client_per_cpu_second": round(report["frames"] / max(report["client_cpu"], 1e-3)),
    }


def burst(pair: Pair, count: int) -> Figures:
    """Many events at once, until the last reader has the last one; stops after a burst that lost something."""
    reports: list[Report] = []
    while len(reports) < count and (not reports or reports[-1]["all"]):
        reports.append(pair.ask(f"burst {BURST} {EVENT} 6", within=PATIENCE))
    best = sorted(reports, key=lambda report: report["from_stamp"])[len(reports) // 2]
    return {
        "all": all(report["all"] and not report["gaps"] for report in reports),
        "lost": sum(BURST * report["ready"] - report["events"] for report in reports),
        "per_second": round(best["events"] / best["from_stamp"]),
        "per_second_with_writing": round(best["events"] / best["from_call"]),
        "per_cpu_second": round(best["events"] / best["server_cpu"]),
        "reports": reports,
    }


def steady(pair: Pair, rate: float, seconds: float) -> Report:
    """How long each reader waits for an event at this rate, and how busy the server is."""
    report = pair.ask(f"steady {rate} {seconds} {EVENT}", within=seconds + PATIENCE)
    return {**report, "cpu_percent": round(report["server_cpu"] / report["seconds"] * 100, 1)}
