"""The tables of docs/capacity.md, made from figures."""

from pathlib import Path

from bench.capacity import simulation
from bench.capacity.figures import Figures
from bench.capacity.model import BACK_WITHIN, TURN_WITHIN, TURNS, Audience, Needs, Site, bottleneck, loads, needs

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "capacity.md"
SEED = 20100712

CASES = (
    (Audience(name="city", readers=10_000), Site(cores=2, memory=4, line=0.2)),
    (Audience(name="province", readers=200_000), Site(cores=16, memory=32, line=1.0)),
    (Audience(name="nation, by sockets", readers=5_000_000), Site(cores=400, memory=512, line=40.0)),
    (
        Audience(name="nation, by caches", readers=5_000_000, polling=0.99, every=10.0, caches=50),
        Site(cores=16, memory=32, line=1.0, cache_cores=200, cache_line=100.0),
    ),
)


def tables(figures: Figures) -> dict[str, str]:
    """Each table by the name under which it stands in the document."""
    return {
        "figures": measured(figures),
        "needs": needed(figures),
        "loads": loaded(figures),
        "chance": by_chance(figures),
    }


def measured(figures: Figures) -> str:
    """The figures themselves."""
    kind = figures.machine
    rows: list[tuple[str, ...]] = [
        ("figure", f"one core of: {kind}"),
        ("sockets: the server", figures.server.removeprefix("ours_").replace("_express", ", express frames")),
        ("deliveries a second, single events, 1,000 readers", f"{figures.deliveries:,.0f}"),
        ("… 10,000 readers", f"{figures.deliveries_crowded:,.0f}" if figures.deliveries_crowded else "not measured"),
        ("deliveries a second, bursts of 200", f"{figures.burst_deliveries:,.0f}"),
        ("p99 from commit to reader: 1,000 readers, 5 events a second", f"{figures.p99_ms_1000:,.0f} ms"),
        ("… 10,000 readers, 1 event a second", f"{figures.p99_ms_10000:,.0f} ms" if figures.p99_ms_10000 else "not measured"),
        ("memory of one idle reader, above the server's own", f"{figures.kib_per_reader:,.1f} KiB"),
        ("memory of a process without readers", f"{figures.own_kib / 1024:,.0f} MiB"),
        ("handshakes a second", f"{figures.handshakes:,.0f}"),
        ("statements for each event", f"{figures.sql_per_event:,.2f}"),
        ("pages of a programme a second, made by the site", f"{figures.pages:,.0f}, of {figures.page_bytes / 1024:,.1f} KiB"),
        ("tips a second, made by the site", f"{figures.site_tips:,.0f}, of {figures.tip_bytes / 1024:,.1f} KiB"),
        ("tips a second, kept by nginx", f"{figures.cache_tips:,.0f}"),
        ("tips a second that the reader has (304), by nginx", f"{figures.cache_known:,.0f}"),
    ]
    return table(rows)


def needed(figures: Figures) -> str:
    """What each audience takes."""
    columns = [(audience, needs(audience, figures)) for audience, _site in CASES]
    texts: list[tuple[str, list[str]]] = [
        ("readers at once", [f"{audience.readers:,}" for audience, _ in columns]),
        ("… by sockets", [f"{it.sockets:,.0f}" for _, it in columns]),
        ("deliveries a second", [f"{it.deliveries:,.0f}" for _, it in columns]),
        ("web processes", [f"{it.processes:,}" for _, it in columns]),
        ("cores: sockets", [f"{it.delivery_cores:,.1f}" for _, it in columns]),
        ("cores: opening the page", [f"{it.page_cores:,.1f}" for _, it in columns]),
        ("cores: tips that pass the caches", [f"{it.tip_cores:,.1f}" for _, it in columns]),
        ("memory, GiB", [f"{it.memory:,.1f}" for _, it in columns]),
        ("the site's line, Gbit/s", [f"{it.line:,.2f}" for _, it in columns]),
        ("PostgreSQL: statements a second", [f"{it.statements:,.0f}" for _, it in columns]),
        ("PostgreSQL: connections, at most", [f"{it.connections:,}" for _, it in columns]),
        ("Redis: messages a second", [f"{it.messages:,.0f}" for _, it in columns]),
        ("requests for tips a second", [f"{it.requests:,.0f}" for _, it in columns]),
        ("… that pass the caches", [f"{it.reaching:,.0f}" for _, it in columns]),
        ("cache hit rate", [f"{it.hit_rate:.2%}" if it.requests else "–" for _, it in columns]),
        ("cores of the caches", [f"{it.cache_cores:,.0f}" if it.requests else "–" for _, it in columns]),
        ("the caches' lines, Gbit/s", [f"{it.cache_line:,.1f}" if it.requests else "–" for _, it in columns]),
        ("all back after a cut, seconds", [f"{it.back_seconds:,.0f}" for _, it in columns]),
    ]
    return table([("", *(audience.name for audience, _ in columns)), *((title, *cells) for title, cells in texts)])


def loaded(figures: Figures) -> str:
    """What of each site its audience uses, and what ends first."""
    found = [(audience, site, needs(audience, figures)) for audience, site in CASES]
    shares = [loads(it, site) for _audience, site, it in found]
    rows = [("used", *(audience.name for audience, _, _ in found)), ("of", *(had(site) for _, site, _ in found))]
    rows += [(name, *(f"{share[name]:.0%}" if share[name] else "–" for share in shares)) for name in shares[0]]
    rows.append(("**first to end**", *(first(it, site, audience) for audience, site, it in found)))
    return table(rows)


def first(it: Needs, site: Site, audience: Audience) -> str:
    """The bottleneck, and with how many readers it is reached."""
    name, share = bottleneck(it, site)
    return f"**{name}**, at {audience.readers / share:,.0f} readers"


def had(site: Site) -> str:
    """A site in a few words."""
    caches = f"; caches: {site.cache_cores} cores, {site.cache_line:g} Gbit/s" if site.cache_cores else ""
    return f"{site.cores} cores, {site.memory:g} GiB, {site.line:g} Gbit/s{caches}"


def by_chance(figures: Figures) -> str:
    """What the simulation tells of one process of each site, and of the caches."""
    rows: list[tuple[str, ...]] = [
        (
            "",
            "readers of a process",
            "p99 to the last of them, ms",
            "all back after a cut, s",
            "waiting for a handshake",
            "pass the caches a second",
        )
    ]
    for audience, _site in CASES:
        it = needs(audience, figures)
        readers = round(it.sockets / it.processes)
        wait = simulation.wait_p99(events=audience.events, service=readers / figures.reckoned, count=20_000, seed=SEED)
        back = simulation.come_back(
            readers=readers, within=BACK_WITHIN, handshakes=figures.handshakes, seed=SEED, turns=TURNS, turn_within=TURN_WITHIN
        )
        polling = audience.readers * audience.polling
        passed = (
            simulation.let_through(readers=polling, every=audience.every, caches=audience.caches, seconds=120, seed=SEED)
            if polling
            else None
        )
        cells = f"{readers:,}", f"{wait * 1000:,.0f}", f"{back.seconds:,.1f}", f"{back.waiting:,}", f"{passed:,.1f}" if passed else "–"
        rows.append((audience.name, *cells))
    return table(rows)


def table(rows: list[tuple[str, ...]]) -> str:
    """Markdown."""
    head, *rest = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "| --- " * len(rows[0]) + "|", *rest])


def written(text: str, figures: Figures) -> str:
    """A document with its tables made anew. Raises ValueError if a table has no place in it, or two."""
    for name, made in tables(figures).items():
        begin, end = f"<!-- bench/capacity.py: {name} -->\n\n", "\n\n<!-- end -->"
        if text.count(begin) != 1:
            raise ValueError(f"expected one place for the table {name!r}, found {text.count(begin)}")
        before, _begin, after = text.partition(begin)
        text = f"{before}{begin}{made}{end}{after.partition(end)[2]}"
    return text
