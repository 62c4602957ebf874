"""The medians of all rounds, as one JSON object, as a table, and held against what is aimed at."""

from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

from bench.fanout.measures import BASE_READERS, CROWDS, FEW, HERD, READERS, Figures
from bench.fanout.peers import PEERS

Rounds = dict[str, list[Figures]]  # of each peer
OURS = tuple(peer.name for peer in PEERS if peer.is_ours)
FAST = tuple(name for name in OURS if name != "ours_daphne")
OTHERS = ("textbook", "node_ws", "socketio")
MOST = str(CROWDS[-1])


def merged(runs: Iterable[Rounds]) -> Rounds:
    """The rounds of several runs, of each server one after the other."""
    found: Rounds = {}
    for run in runs:
        for name, rounds in run.items():
            found.setdefault(name, []).extend(rounds)
    return found


def middle(rounds: Rounds, peer: str, *path: str) -> float | None:
    """The median of one figure; None if no round has it."""
    found = []
    for figures in rounds.get(peer, []):
        value: Any = figures
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            found.append(float(value))
    return median(found) if found else None


def summary(rounds: Rounds) -> dict[str, Any]:
    """The figures by which the engine is judged: deliveries in a second of the server's CPU, milliseconds, KiB."""
    single = {name: middle(rounds, name, "saturation", "per_cpu_second") for name in rounds}
    bursts = {name: middle(rounds, name, "burst", "per_second") for name in rounds}
    best = greatest(single, OURS)
    return {
        **{name: single.get(name) for name in ("limit", *OTHERS, *OURS)},
        "ours_best": single.get(best),
        "ours_best_is": best,
        "ours_fast": single.get(greatest(single, FAST)),
        "ours_best_burst": bursts.get(greatest(bursts, OURS)),
        "best_peer_burst": bursts.get(greatest(bursts, OTHERS)),
        "p50_ms_50": middle(rounds, best, "steady", str(BASE_READERS), "p50"),
        "node_ws_p50_ms_50": middle(rounds, "node_ws", "steady", str(BASE_READERS), "p50"),
        "p99_ms_1000": middle(rounds, best, "steady", str(READERS), "p99"),
        "node_ws_p99_ms_1000": middle(rounds, "node_ws", "steady", str(READERS), "p99"),
        "p99_ms_10000": middle(rounds, best, "steady", MOST, "p99"),
        "kib_per_reader": middle(rounds, best, "kib_per_reader"),
        "handshakes_per_cpu_second": middle(rounds, best, "handshakes_per_cpu_second"),
        "cpu_percent_1000": middle(rounds, best, "steady", str(READERS), "cpu_percent"),
        "cpu_us_10000": middle(rounds, best, "crowds", MOST, "cpu_us"),
        "burst_per_cpu_second": middle(rounds, best, "burst", "per_cpu_second"),
        "own_kib": middle(rounds, best, "own_kib"),
        "sql_per_event": middle(rounds, best, "sql_per_event"),
        "slope": slope(rounds, best),
        "limit_slope": slope(rounds, "limit"),
        "longest_pause_ms": most(middle(rounds, name, "pauses", "longest_ms") for name in OURS),
        "lost_by_ours": sum(lost(figures) for name in OURS for figures in rounds.get(name, [])) if set(OURS) & set(rounds) else None,
        "client": middle(rounds, "limit", "saturation", "client_per_cpu_second"),
        "fastest_but_limit": most(single[name] for name in rounds if name != "limit"),
        "herd_back_seconds": most(middle(rounds, name, "herd", "seconds") for name in OURS),
        "herd_missing": most(middle(rounds, name, "herd", "behind") for name in OURS),
        "herd_reads_per_50": most(middle(rounds, name, "herd", "catch_up_reads_per_50") for name in OURS),
    }


def greatest(values: dict[str, float | None], names: Iterable[str]) -> str:
    """The name with the greatest value, "" if none has one."""
    return max((name for name in names if values.get(name)), key=lambda name: values[name] or 0.0, default="")


def most(values: Iterable[float | None]) -> float | None:
    """The greatest of those that are known."""
    return max((value for value in values if value is not None), default=None)


def slope(rounds: Rounds, peer: str) -> float | None:
    """By which share a delivery costs more with the most readers than with the fewest."""
    few, many = (middle(rounds, peer, "crowds", readers, "cpu_us") for readers in (str(FEW), MOST))
    return round(many / few - 1, 3) if few and many else None


def beyond(ours: float | None, limit: float | None) -> float | None:
    """What is left of a growth when the limit's own is taken out of it, as ratios: both grow with the kernel's part."""
    return None if ours is None or limit is None else (1 + ours) / (1 + limit) - 1


def lost(figures: Figures) -> int:
    """What was not delivered, delivered twice or out of order, and readers that were dropped, in one round of a peer."""
    reports = [figures["saturation"], *figures["steady"].values(), *figures["burst"]["reports"], *figures.get("crowds", {}).values()]
    wrong = sum(report[kind] for report in reports for kind in ("gaps", "repeats", "dropped", "resets", "errors"))
    return int(wrong + sum(not report["all"] for report in reports))


def aims(figures: dict[str, Any]) -> list[tuple[str, float, bool]]:
    """What is aimed at, what came of it, and whether that is enough; an aim of which something was not measured is left out."""

    def ratio(upper: str, lower: str) -> float | None:
        return figures[upper] / figures[lower] if figures[upper] and figures[lower] else None

    others = most(figures[name] for name in ("node_ws", "socketio"))
    wanted: list[tuple[str, float | None, Callable[[float], bool]]] = [
        ("ours, best server, at least 0.6 of the limit", ratio("ours_best", "limit"), lambda it: it >= 0.6),
        (
            "… ahead of Node ws and Socket.IO: times the better one",
            figures["ours_best"] / others if figures["ours_best"] and others else None,
            lambda it: it > 1,
        ),
        ("ours on daphne by plain send: at least 8 times textbook", ratio("ours_daphne", "textbook"), lambda it: it >= 8),
        ("… with express frames or on uvicorn: at least 40 times", ratio("ours_fast", "textbook"), lambda it: it >= 40),
        ("bursts: at least 5 times the best peer", ratio("ours_best_burst", "best_peer_burst"), lambda it: it >= 5),
        (
            f"quiet: p50 with {BASE_READERS} readers, ms more than Node ws: at most 5",
            figures["p50_ms_50"] - figures["node_ws_p50_ms_50"] if figures["p50_ms_50"] and figures["node_ws_p50_ms_50"] else None,
            lambda it: it <= 5,
        ),
        ("events of ours lost, repeated or out of order, readers dropped: 0", figures["lost_by_ours"], lambda it: it == 0),
        (
            f"p99 at 5 events/s, {READERS} readers: at most 1.5 times Node ws",
            ratio("p99_ms_1000", "node_ws_p99_ms_1000"),
            lambda it: it <= 1.5,
        ),
        (f"p99 at 1 event/s, {MOST} readers: less than 1,000 ms", figures["p99_ms_10000"], lambda it: it < 1000),
        ("KiB for an idle reader: at most 26", figures["kib_per_reader"], lambda it: it <= 26),
        ("SQL statements for an event: at most 3", figures["sql_per_event"], lambda it: it <= 3),
        (
            f"growth of the cost of a delivery from {FEW} to {MOST} readers: at most 0.2 (the limit's own: {shown(figures['limit_slope'], 3)})",
            figures["slope"],
            lambda it: it <= 0.2,
        ),
        ("… beyond what it grows for the limit: at most 0.2", beyond(figures["slope"], figures["limit_slope"]), lambda it: it <= 0.2),
        (f"{HERD} readers cut at once: readers not back or behind: 0", figures["herd_missing"], lambda it: it == 0),
        ("… catch-up reads of the database for 50 readers: at most 1", figures["herd_reads_per_50"], lambda it: it <= 1),
        (
            "the client is not what limits: it takes so many times what the fastest but the limit sends",
            ratio("client", "fastest_but_limit"),
            lambda it: it > 1.1,
        ),
    ]
    return [(text, round(value, 3), enough(value)) for text, value, enough in wanted if value is not None]


def table(rounds: Rounds) -> str:
    """Everything on one screen."""
    limit, textbook = (middle(rounds, name, "saturation", "per_cpu_second") for name in ("limit", "textbook"))
    heads = (
        "1,000 readers",
        "single/s",
        "µs",
        "× limit",
        "× textb.",
        "burst/s",
        "p50/p99 ms",
        "CPU %",
        "5,000",
        "10,000",
        "KiB",
        "hands./s",
    )
    rows: list[tuple[str, ...]] = [heads]
    for peer in PEERS:
        if peer.name not in rounds:
            continue
        name, single = peer.name, middle(rounds, peer.name, "saturation", "per_cpu_second")
        lossless = all(figures["burst"]["all"] for figures in rounds[name])
        rows.append(
            (
                peer.title,
                shown(single),
                shown(middle(rounds, name, "saturation", "cpu_us"), 2),
                shown(single / limit if single and limit else None, 2),
                shown(single / textbook if single and textbook else None, 1),
                shown(middle(rounds, name, "burst", "per_second")) + ("" if lossless else " !"),
                waits(rounds, name, str(READERS)),
                shown(middle(rounds, name, "steady", str(READERS), "cpu_percent")),
                *(waits(rounds, name, str(readers)) for readers in CROWDS),
                shown(middle(rounds, name, "kib_per_reader"), 1),
                shown(middle(rounds, name, "handshakes_per_cpu_second")),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = [
        "  ".join(
            cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    lines.insert(1, "─" * len(lines[0]))
    return "\n".join(lines)


def waits(rounds: Rounds, peer: str, readers: str) -> str:
    """p50/p99; "!" if something did not arrive."""
    halves = [middle(rounds, peer, "steady", readers, part) for part in ("p50", "p99")]
    if None in halves:
        return "–"
    complete = all(figures["steady"][readers]["all"] for figures in rounds[peer] if readers in figures["steady"])
    return "/".join(shown(half, 1) for half in halves) + ("" if complete else " !")


def shown(value: float | None, digits: int = 0) -> str:
    """A number for people."""
    return "–" if value is None else f"{value:,.{digits}f}"


NOTES = """\
single/s, µs: single events of 500 bytes to 1,000 readers; deliveries in a second of the server's CPU, its CPU for one. burst/s: 200 events at once, events
delivered in a second from the commit (ours) or the call (others) to the last reader. p50/p99: from commit or call to the reader, CPU: of the server, at
5 events/s; with 5,000 and 10,000 readers at 1 event/s. KiB: resident memory for one idle reader above the server's own. hands./s: handshakes in a second of the server's CPU. !: events lost."""


def printed(rounds: Rounds) -> str:
    """Table, notes and aims."""
    verdicts = [f"{'yes' if enough else 'NO ':3}  {value:>12,.3f}  {text}" for text, value, enough in aims(summary(rounds))]
    return "\n".join([table(rounds), "", NOTES, "", *verdicts])
