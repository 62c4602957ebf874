"""Writers who dawdle between number and commit, and readers who poll: `python -m tests.faults.ordering right|wrong SECONDS SEED`.

Right is the log of the engine. Wrong is what many would write instead: one table with a serial column, and readers who remember
the highest number they have seen. Ends with one JSON object: events, skipped, out_of_order.
"""

import json
import random
import sys
import threading
import time
from collections.abc import Callable

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from realtime import log, publishing  # noqa: E402

WRITERS, READERS = 20, 2
TOPICS = [f"ordering:{number}" for number in range(30)]
POLL = 0.005  # seconds
DAWDLE = 0.3  # seconds between number and commit, at most
PAGE = 500

# What a reader has of a topic, in the order in which it came.
Seen = dict[str, list[int]]


def right_write(topic: str, dawdle: float) -> None:
    """One event by the engine's one way in."""
    with transaction.atomic():
        publishing.publish(topic=topic, kind="ordering", data={})
        time.sleep(dawdle)


def right_poll(seen: Seen) -> None:
    """What a hub does: look at the heads, read what is beyond the own number."""
    for topic, head in log.heads(TOPICS).items():
        numbers = seen.setdefault(topic, [])
        after = numbers[-1] if numbers else 0
        if head.number > after:
            numbers += [record.number for record in log.since(topic=topic, after=after, limit=PAGE)]


def right_all() -> Seen:
    """What is in the log."""
    return {topic: [record.number for record in log.since(topic=topic, after=0, limit=10**6)] for topic in TOPICS}


def wrong_write(topic: str, dawdle: float) -> None:
    """One row with a serial number."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO wrong_event (topic) VALUES (%s)", [topic])
        time.sleep(dawdle)


def wrong_poll(seen: Seen) -> None:
    """Everything beyond the highest number seen."""
    numbers = seen.setdefault("", [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM wrong_event WHERE id > %s ORDER BY id LIMIT %s", [numbers[-1] if numbers else 0, PAGE])
        numbers += [row[0] for row in cursor.fetchall()]


def wrong_all() -> Seen:
    """What is in the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM wrong_event ORDER BY id")
        return {"": [row[0] for row in cursor.fetchall()]}


def together(jobs: list[Callable[[], None]]) -> list[threading.Thread]:
    """Start each in a thread of its own, which gives its connection back in the end."""

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    return threads


def main(variant: str, seconds: float, seed: int) -> dict[str, int]:
    """Write and read for so long, then compare what each reader saw with what is there."""
    write, poll, everything = {"right": (right_write, right_poll, right_all), "wrong": (wrong_write, wrong_poll, wrong_all)}[variant]
    if variant == "wrong":
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE wrong_event (id bigserial PRIMARY KEY, topic text)")
    end = time.monotonic() + seconds
    over = threading.Event()

    def writer(chance: random.Random) -> None:
        while time.monotonic() < end:
            # Mostly a moment, sometimes long.
            write(chance.choice(TOPICS), DAWDLE * chance.random() ** 4)

    def reader(seen: Seen) -> None:
        while not over.wait(POLL):
            poll(seen)
        poll(seen)

    read: list[Seen] = [{} for _ in range(READERS)]
    readers = together([lambda seen=seen: reader(seen) for seen in read])  # type: ignore[misc]
    for thread in together([lambda number=number: writer(random.Random(seed + number)) for number in range(WRITERS)]):  # type: ignore[misc]
        thread.join()
    over.set()
    for thread in readers:
        thread.join()
    there = everything()
    return {
        "events": sum(map(len, there.values())),
        "skipped": sum(len(set(numbers) - set(seen.get(topic, []))) for seen in read for topic, numbers in there.items()),
        "out_of_order": sum(numbers != sorted(set(numbers)) for seen in read for numbers in seen.values()),
        "holes": sum(numbers != list(range(1, len(numbers) + 1)) for numbers in there.values()) if variant == "right" else 0,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))))
