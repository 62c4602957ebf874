"""The control socket of the measured site, from outside."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHARACTERS = 250  # of an event


class Door:
    """Where the site is told to publish, and tells what reached it.

    `stamps`: of each event the nanoseconds of CLOCK_MONOTONIC when it was committed.
    """

    def __init__(self, path: Path) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.settimeout(30)
        self._line.connect(str(path))
        self._words = self._line.makefile(encoding="ascii")
        self._lock = threading.Lock()
        self.stamps: dict[int, int] = {}

    def ask(self, command: str) -> str:
        """What the site answers."""
        with self._lock:
            self._line.sendall(f"{command}\n".encode())
            return self._words.readline().strip()

    def publish(self, count: int) -> None:
        """Publish so many events at once."""
        number, stamp = map(int, self.ask(f"publish {count} {CHARACTERS}").split())
        self.stamps.update(dict.fromkeys(range(number - count + 1, number + 1), stamp))

    def reached(self) -> dict[str, int]:
        """How many requests for tips and for segments have come to the application so far."""
        told: dict[str, int] = json.loads(self.ask("reached"))
        return told

    @contextmanager
    def publishing(self, every: float) -> Iterator[None]:
        """Meanwhile, an event in so many seconds."""
        done = threading.Event()

        def work() -> None:
            while not done.wait(every):
                self.publish(1)

        worker = threading.Thread(target=work)
        worker.start()
        try:
            yield
        finally:
            done.set()
            worker.join()

    def close(self) -> None:
        """Hang up."""
        self._words.close()
        self._line.close()
