"""The whole site on daphne, which counts what reaches it under /log/ and publishes when it is told to: python -m bench.polling.site PORT."""

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

from operations.servers.daphne import run  # first: it makes asyncio Twisted's event loop

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")

from django.db import transaction

import asgi
from bench.fanout import control
from interview.models import Programme
from interview.states import PUBLIC
from realtime import publishing


class Site:
    """The application, and the topic on which it is told to publish: of the first programme that is public."""

    def __init__(self) -> None:
        self._reached: Counter[str] = Counter()

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/log/"):
            self._reached["tip" if scope["path"].endswith("/tip.json") else "segment"] += 1
        await asgi.application(scope, receive, send)

    @cached_property
    def topic(self) -> str:
        """The topic's name. Raises IndexError if nothing is public."""
        return f"stage:{Programme.objects.filter(state__in=PUBLIC).order_by('pk')[0].pk}"

    def answer(self, words: list[str]) -> str:
        """Tell the `topic`, what has `reached` it so far, or do `publish COUNT SIZE`: the last number, and the commit by the clock."""
        if words == ["topic"]:
            return self.topic
        if words == ["reached"]:
            return json.dumps({kind: self._reached[kind] for kind in ("tip", "segment")})
        return self._publish(int(words[1]), int(words[2]))

    def _publish(self, count: int, size: int) -> str:
        """Publish so many events of so many characters each; the commit is in nanoseconds of CLOCK_MONOTONIC."""
        stamps: list[int] = []
        number = 0
        with transaction.atomic():
            transaction.on_commit(lambda: stamps.append(time.monotonic_ns()))
            for _ in range(count):
                html = f"<article>{_words(size)}</article>"
                number = publishing.publish(topic=self.topic, kind="entry.published", data={}, html=html)
        return f"{number} {stamps[0]}"


def _words(size: int) -> str:
    # Three hundred characters by chance are compressed about as well as an official's sentences, by two thirds.
    return "".join(chr(0x4E00 + random.randrange(300)) for _ in range(size))  # noqa: S311


def main(words: list[str]) -> int:
    """Serve until a signal."""
    site = Site()
    control.listen(os.environ["FANOUT_CONTROL"], site.answer)
    application: Any = site
    return run(application, host="127.0.0.1", port=int(words[0]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
