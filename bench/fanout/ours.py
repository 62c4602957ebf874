"""Ours: the real consumer with one topic that everybody may read, and a thread that publishes as a view would."""

import gc
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.db import transaction
from django.db.backends.signals import connection_created
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
pages = get_asgi_application()

from accounts import callers  # noqa: E402
from bench.fanout import control  # noqa: E402
from operations.origins import SameOrigin  # noqa: E402
from realtime import publishing  # noqa: E402
from realtime.consumers import LiveConsumer  # noqa: E402
from realtime.topics import TopicPattern, TopicTable  # noqa: E402

TOPIC = "bench:one"
AROUND = 175  # bytes of a frame with one event beside its html


class Publisher:
    """Publishes events, counts the statements of the whole process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._statements: Counter[str] = Counter()
        self._published = 0

    def statements(self) -> dict[str, int]:
        """How many there were so far, by kind."""
        with self._lock:
            return dict(self._statements)

    def publish(self, count: int, size: int) -> str:
        """Publish so many events of so many bytes; the first number, the count and when it was committed."""
        first = self._published + 1
        stamps: list[int] = []
        with transaction.atomic():
            # Before the engine's own, so that the clock is read before the first reader can be served.
            transaction.on_commit(lambda: stamps.append(time.monotonic_ns()))
            for mark in range(first, first + count):
                html = f'<article id="entry-{mark}">{"x" * (size - AROUND)}</article>'
                number = publishing.publish(topic=TOPIC, kind="entry.published", data={"mark": f"~{mark}~"}, html=html)
                if number != mark:
                    raise AssertionError(f"expected the log to give {mark}, got {number}")
        self._published += count
        return f"{first} {count} {stamps[0]}"

    def watch(self, connection: Any, **_others: Any) -> None:
        """Count what is said over a new connection to the database."""
        connection.execute_wrappers.append(self._count)

    def _count(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        verb = sql.split(None, 1)[0]
        with self._lock:
            if verb in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
                self._statements["all"] += 1
            if verb == "SELECT":
                # The engine asks for the places of topics every second or two, however many events there are.
                self._statements[
                    "event_reads" if "realtime_event" in sql else "place_reads" if "realtime_topic" in sql else "other_reads"
                ] += 1
        return execute(sql, *rest)


class Pauses:
    """How long all had to wait for the collector of garbage."""

    def __init__(self) -> None:
        self._began = 0.0
        self._lasted: list[tuple[float, bool]] = []

    def look(self, phase: str, info: dict[str, int]) -> None:
        """One of gc.callbacks."""
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self._lasted.append((time.perf_counter() - self._began, info["generation"] == 2))

    def told(self) -> dict[str, float]:
        """Looks at everything, milliseconds of the longest look and of all."""
        lasted = [seconds * 1000 for seconds, _ in self._lasted]
        return {
            "full": sum(full for _, full in self._lasted),
            "longest_ms": round(max(lasted, default=0.0), 1),
            "all_ms": round(sum(lasted), 1),
        }


publisher, pauses = Publisher(), Pauses()


def answer(words: list[str]) -> str:
    """Do `publish COUNT SIZE`, or tell the `statements` or the `pauses` so far."""
    match words:
        case ["publish", count, size]:
            return publisher.publish(int(count), int(size))
        case ["statements"]:
            return json.dumps(publisher.statements())
        case ["pauses"]:
            return json.dumps(pauses.told())
    raise ValueError(f"expected publish, statements or pauses, got {words}")


gc.callbacks.append(pauses.look)
connection_created.connect(publisher.watch, weak=False)
control.listen(os.environ["FANOUT_CONTROL"], answer)

everybody = TopicPattern("bench", may_read=lambda _caller, _key: True, public=lambda _key: True)
live = LiveConsumer.as_asgi(topics=TopicTable([everybody]), commands=[], caller=callers.from_scope)
application = ProtocolTypeRouter({"http": pages, "websocket": SameOrigin(URLRouter([path("ws/", live)]))})
