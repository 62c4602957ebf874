"""What an audience asks of a site, by arithmetic; nothing here is measured, nothing is left to chance."""

import math
from dataclasses import dataclass

from bench.capacity.figures import Figures

# Of the engine; docs/capacity.md tells where each is set.
SOCKETS_OF_A_PROCESS = 20_000
CONNECTIONS_OF_A_PROCESS = 10  # to the database: DATABASE_POOL_SIZE
POLL = 1.5  # seconds between two looks of a process at the log
COUNT = 5.0  # seconds between two counts of readers, which each process tells to all
BACK_WITHIN = 10.0  # seconds over which readers come back who were cut off
TURNS = 180.0  # of a second: handshakes a process lets in with a pause in between, of HANDSHAKES_PER_SECOND
TURN_WITHIN = 6.0  # seconds in which it is everybody's turn, though more must be let in
WRITES = 2  # statements that number an event and store it, beside one reading in each process

# Of the world.
PACKET = 78  # bytes of Ethernet, IP, TCP and frame around each delivery, and of its acknowledgement
EVENT = 700  # bytes of an entry with its html, as it stands on the wire
BUSY = 0.5  # of a core: what is planned for, so that a burst finds room


@dataclass(frozen=True, kw_only=True)
class Audience:
    """So many readers at once; each opens the page within `opening` seconds, and `events` come each second.

    `polling`: the share that reads by HTTP, every `every` seconds, through `caches` caches that ask the site by themselves, on a
    page that is a file in these caches.
    """

    name: str
    readers: int
    events: float = 0.5
    opening: float = 900.0
    polling: float = 0.0
    every: float = 2.0
    caches: int = 1


@dataclass(frozen=True, kw_only=True)
class Site:
    """What there is: cores for the web processes, GiB of memory for them, Gbit/s of the line (of the caches: their own), and one
    PostgreSQL and one Redis that do so many statements and messages a second.
    """

    cores: int
    memory: float
    line: float
    cache_cores: int = 0
    cache_line: float = 0.0
    connections: int = 100
    statements: float = 5_000.0
    messages: float = 50_000.0


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What it takes, in the units of Site; each second, if it is a flow."""

    sockets: float
    deliveries: float
    processes: int
    delivery_cores: float
    page_cores: float
    tip_cores: float
    memory: float
    line: float
    statements: float
    connections: int
    messages: float
    requests: float
    reaching: float
    cache_cores: float
    cache_line: float
    back_seconds: float

    @property
    def cores(self) -> float:
        """Of all web processes, at full work."""
        return self.delivery_cores + self.page_cores + self.tip_cores

    @property
    def hit_rate(self) -> float:
        """The share of requests for the log that the caches answer; 1.0 if there are none."""
        return 1 - self.reaching / self.requests if self.requests else 1.0


def needs(audience: Audience, figures: Figures) -> Needs:
    """What an audience takes, at its busiest."""
    polling = audience.readers * audience.polling
    sockets = audience.readers - polling
    deliveries = sockets * audience.events
    pages = sockets / audience.opening
    requests = polling / audience.every
    reaching = min(requests, reached(audience))
    delivery_cores, page_cores, tip_cores = deliveries / figures.reckoned, pages / figures.pages, reaching / figures.site_tips
    processes = max(
        1,
        math.ceil(sockets / SOCKETS_OF_A_PROCESS),
        math.ceil((delivery_cores + page_cores + tip_cores) / BUSY),
    )
    # A tip is new to a reader if something happened since it last asked.
    new = 1 - math.exp(-audience.events * audience.every)
    tip = new * figures.tip_bytes + (1 - new) * figures.known_bytes
    return Needs(
        sockets=sockets,
        deliveries=deliveries,
        processes=processes,
        delivery_cores=delivery_cores,
        page_cores=page_cores,
        tip_cores=tip_cores,
        memory=(processes * figures.own_kib + sockets * figures.kib_per_reader) / 1024**2,
        line=gbit(deliveries * (EVENT + PACKET) + pages * figures.page_bytes + reaching * figures.tip_bytes),
        statements=audience.events * (WRITES + processes) + processes / POLL + reaching,
        connections=processes * CONNECTIONS_OF_A_PROCESS,
        messages=processes * (audience.events + processes / COUNT),
        requests=requests,
        reaching=reaching,
        cache_cores=requests * (new / figures.cache_tips + (1 - new) / figures.cache_known),
        cache_line=gbit(requests * tip + polling / audience.opening * figures.page_bytes),
        back_seconds=back(sockets / processes, figures.handshakes),
    )


def back(readers: float, handshakes: float) -> float:
    """Seconds until all readers of a process are back, which lets in `handshakes` a second if it must."""
    return max(BACK_WITHIN, readers / handshakes, min(readers / TURNS, BACK_WITHIN + TURN_WITHIN))


def reached(audience: Audience) -> float:
    """Requests that pass the caches in a second: each keeps a tip for a second, then the next reader's request renews it."""
    each = audience.readers * audience.polling / audience.every / audience.caches
    return audience.caches / (1 + 1 / each) if each else 0.0


def gbit(bytes_a_second: float) -> float:
    """Gbit/s."""
    return bytes_a_second * 8 / 1e9


def loads(needed: Needs, site: Site) -> dict[str, float]:
    """How much of each thing is used, 1.0 being all of it."""
    return {
        "cores for sockets": needed.delivery_cores / site.cores,
        "cores for pages": needed.page_cores / site.cores,
        "cores for what passes the caches": needed.tip_cores / site.cores,
        "memory": needed.memory / site.memory,
        "the line": needed.line / site.line,
        "PostgreSQL: statements": needed.statements / site.statements,
        "PostgreSQL: connections": needed.connections / site.connections,
        "Redis: messages": needed.messages / site.messages,
        "cores of the caches": needed.cache_cores / site.cache_cores if site.cache_cores else 0.0,
        "the line of the caches": needed.cache_line / site.cache_line if site.cache_line else 0.0,
    }


def bottleneck(needed: Needs, site: Site) -> tuple[str, float]:
    """What ends first as readers become more, and how much of it is used."""
    found = loads(needed, site)
    name = max(found, key=lambda each: found[each])
    return name, found[name]
