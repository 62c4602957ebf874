"""What arithmetic does not tell: waiting in line, coming back together, and what a cache lets through; by chance, from a seed."""

import random
from dataclasses import dataclass
from math import inf
from statistics import quantiles


@dataclass(frozen=True)
class Return:
    """Seconds until the last is back, and the most that waited at once."""

    seconds: float
    waiting: int


def let_through(*, readers: float, every: float, caches: int, seconds: float, seed: int, kept: float = 1.0) -> float:
    """Requests that pass the caches in a second, each of which keeps a tip for `kept` seconds.

    Readers ask by chance and independently, so the time from the end of a kept tip to the request that renews it is exponential.
    What arrives while it is fetched is answered with the old one.
    """
    chance = random.Random(seed)  # noqa: S311  (reproducible, not secret)
    rate = readers / caches / every
    passed = 0
    for _ in range(caches):
        now = chance.expovariate(rate)
        while now < seconds:
            passed += 1
            now += kept + chance.expovariate(rate)
    return passed / seconds


def come_back(*, readers: int, within: float, handshakes: float, seed: int, turns: float = inf, turn_within: float = inf) -> Return:
    """All are cut off and come back by chance within so many seconds, to a process that can let in `handshakes` each second.

    It lets in `turns` each second, or as many as it takes that it is everybody's turn in `turn_within` seconds.
    """
    chance = random.Random(seed)  # noqa: S311
    arrivals = sorted(chance.uniform(0, within) for _ in range(readers))
    free, pace = 0.0, turns
    there = most = 0
    for number, arrival in enumerate(arrivals):
        if free <= arrival:
            free, pace = arrival, turns
        while there < readers and arrivals[there] <= free:
            there += 1
        waiting = there - number
        most = max(most, waiting)
        pace = max(pace, waiting / turn_within)
        free += 1 / min(pace, handshakes)
    return Return(free, most)


def wait_p99(*, events: float, service: float, count: int, seed: int) -> float:
    """Seconds from the commit until the last reader of a process has an event, in 99 of 100 cases.

    Events come by chance, so many a second; handing one to everybody takes `service` seconds, and the next one waits. Whoever
    waits goes out together with those behind it, in one frame: the engine gathers what has piled up.
    """
    chance = random.Random(seed)  # noqa: S311
    now, free = 0.0, 0.0
    waits: list[float] = []
    gathered: list[float] = []
    for _ in range(count):
        now += chance.expovariate(events)
        if gathered and free <= now:
            # The round that was under way has ended: what gathered meanwhile is one round.
            end = free + service
            waits += [end - came for came in gathered]
            gathered, free = [], end
        if free <= now:
            free = now + service
            waits.append(service)
        else:
            gathered.append(now)
    return quantiles(waits, n=100)[98]
