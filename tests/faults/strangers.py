"""Readers without any right on a real server, who look for private words in every byte that reaches them."""

import asyncio
import json
import time
from collections import Counter
from types import TracebackType
from typing import Any, Self

import httpx

from tests.canaries import Canaries, links
from tests.faults.sockets import Socket, open_socket
from tests.server import Server

DIALECTS = "fangtan.html.v1", "fangtan.data.v1"
# Pages of one round; a question that was approved has a few of its own.
MOST = 600
AT_ONCE = 4


class Strangers:
    """`count` sockets that join what they may and try what they may not, and a crawler that goes round every `every` seconds.

    async with Strangers(server, canaries, programme, count=200, every=30) as strangers:
        …
    strangers.found

    `found` holds name, disguise and place of every private word that was seen; `counts` what was looked at.
    """

    def __init__(self, server: Server, canaries: Canaries, programme: str, *, count: int, every: float) -> None:
        self._server, self._canaries, self._every = server, canaries, every
        self._topics = [f"{kind}:{programme}" for kind in ("stage", "inbox", "desk", "guest", "receipt")]
        page, staff = f"/interviews/{programme}/", f"/staff/interviews/{programme}/"
        self._seeds = [
            *("/", "/nothing/", "/staff/", "/archive/", "/healthz", "/receipts/nothing/", page),
            *(f"{page}{part}" for part in ("ask/", "challenge/", "screening/", "screening/?format=json", "calendar.ics", "nothing/")),
            *(
                f"{staff}{part}"
                for part in ("inbox/", "inbox/note/", "inbox/decline/", "desk/", "typist/", "sheet/", "proof/", "records.csv")
            ),
            *(f"/log/{topic}/tip.json" for topic in self._topics),
        ]
        self._count = count
        self._looked: dict[bytes, int] = {}
        self._lines: list[Socket] = []
        self.found: set[tuple[str, str, str]] = set()
        self.counts: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        for index in range(self._count):
            await self._come(index)
        self._rounds = asyncio.create_task(self._go_round())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._rounds.cancel()
        (result,) = await asyncio.gather(self._rounds, return_exceptions=True)
        for line in self._lines:
            line.cut()
        if isinstance(result, Exception) and error is None:
            raise result

    @property
    def closed(self) -> int:
        """How many sockets are told nothing any more."""
        return sum(line.closed.done() for line in self._lines)

    async def crawl(self) -> None:
        """Read everything that can be reached without a right, once."""
        known, todo = dict.fromkeys(self._seeds), list(self._seeds)
        while todo:
            some, todo = todo[:AT_ONCE], todo[AT_ONCE:]
            # Anew each time: whoever keeps a cookie has seen the page before.
            url = self._server.urls[self.counts["pages"] // AT_ONCE % len(self._server.urls)]
            async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client:
                bodies = await asyncio.gather(*(self._read(client, address) for address in some))
            fresh = dict.fromkeys(other for address, body in bodies for other in links(body, address) if other not in known)
            known |= fresh
            todo += fresh
            assert len(known) < MOST, "the crawl does not end"
        self.counts["rounds"] += 1

    async def _read(self, client: httpx.AsyncClient, address: str) -> tuple[str, bytes]:
        asked_at = time.monotonic()
        response = await client.get(address)
        head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        self.counts["pages"] += 1
        self.counts["bytes"] += len(response.content)
        self.counts[f"status {response.status_code}"] += 1
        self._look(head.encode() + b"\n\n" + response.content, address, asked_at)
        return address, response.content

    def _look(self, body: bytes, place: str, asked_at: float) -> None:
        self.found |= {(name, disguise, place) for name, disguise in self._canaries.seen_in(body, asked_at=asked_at)}

    async def _go_round(self) -> None:
        while True:
            await self.crawl()
            await asyncio.sleep(self._every)

    async def _come(self, index: int) -> None:
        port = self._server.ports[index % len(self._server.ports)]
        line = await open_socket(port, self._heard, subprotocol=DIALECTS[index % len(DIALECTS)])
        self._lines.append(line)
        for ref, topic in enumerate(self._topics):
            line.send(json.dumps({"op": "join", "ref": ref, "topic": topic, "since": ["", 0]}).encode())

    def _heard(self, line: Socket, payload: bytes) -> None:
        self.counts["frames"] += 1
        self.counts["bytes"] += len(payload)
        # All are told the same, so it is looked at once, and again after something became private.
        if self._looked.get(payload) != self._canaries.changes:
            self._looked[payload] = self._canaries.changes
            self._look(payload, "socket", time.monotonic())
        frame: dict[str, Any] = json.loads(payload)
        if frame["op"] == "beat":
            line.send(json.dumps({"op": "still", "beat": frame["beat"]}).encode())
