"""Writers on the data of a running server, without the web: `python -m tests.faults.committing …`

    write THREADS SECONDS PER_SECOND SEED   all at once; ends with one JSON object: written, locked, other errors, p99 in ms
    die COUNT SEED                          one process after another, killed inside a transaction; a line for each commit and death

They publish on the topics "committing:N" by the engine's one way in. A line `committed TOPIC NUMBER` comes after the commit and
before anything else: it is the acknowledgement.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter

import django

django.setup()

from django.db import OperationalError, connection, transaction  # noqa: E402

from realtime import log, publishing  # noqa: E402

WORDS = "水压夏季供水厂何时恢复答复如下正在抢修" * 20


def commit(topic: str) -> int:
    """Look first and write then, as our verbs do: the order that a deferred transaction does not survive."""
    with transaction.atomic():
        log.head(topic)
        return publishing.publish(topic=topic, kind="committing", data={"words": WORDS})


def write(threads: int, seconds: float, per_second: float, seed: int) -> dict[str, float]:
    """Write at this pace, all threads together, for so long."""
    end = time.monotonic() + seconds
    waits: list[float] = []
    errors: Counter[str] = Counter()

    def writer(number: int) -> None:
        chance = random.Random(seed + number)
        while time.monotonic() < end:
            time.sleep(chance.uniform(0, 2 * threads / per_second))
            began = time.monotonic()
            try:
                commit(f"committing:{chance.randrange(3)}")
            except OperationalError as error:
                errors["locked" if "locked" in str(error) else "other"] += 1
            waits.append(time.monotonic() - began)
        connection.close()

    crowd = [threading.Thread(target=writer, args=[number]) for number in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    waits.sort()
    return {
        "written": len(waits) - errors.total(),
        "locked": errors["locked"],
        "other": errors["other"],
        "p99": round(1000 * waits[int(len(waits) * 0.99)]),
        "longest": round(1000 * waits[-1]),
    }


def die(count: int, seed: int) -> None:
    """Fork so many writers, one after another; half end themselves between event and commit, half are killed at any moment."""
    chance = random.Random(seed)
    for number in range(count):
        last = chance.randint(0, 5)
        child = os.fork()
        if child == 0:
            until_killed(f"committing:{number % 3}", last if number % 2 else None)
        if not number % 2:
            # Not before the first commit is likely, and then at any moment of one.
            time.sleep(chance.uniform(0.02, 0.12))
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("died", flush=True)
        # The test looks at the file before the next one begins.
        sys.stdin.readline()


def until_killed(topic: str, last: int | None) -> None:
    """Commit for ever, or so many times and then end in the middle of a transaction."""
    done = 0
    while True:
        if done == last:
            with transaction.atomic():
                publishing.publish(topic=topic, kind="committing", data={"words": WORDS})
                os.kill(os.getpid(), signal.SIGKILL)
        number = commit(topic)
        done += 1
        # In one piece: a dead process has said it, or has not.
        os.write(1, f"committed {topic} {number}\n".encode())


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", threads, seconds, per_second, seed]:
            print(json.dumps(write(int(threads), float(seconds), float(per_second), int(seed))))
        case ["die", count, seed]:
            die(int(count), int(seed))
