"""A reader on the socket, as a program: joins topics, keeps every event in order, comes back after every cut.

The documented example of a client in Python; the rehearsal, the tests and the load programs all read with it.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

DIALECT = Subprotocol("fangtan.data.v1")
# Full jitter: the wait before try n is chance between nothing and the smaller of these two.
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds
SILENCE = 35.0  # seconds without a frame, two beats and a bit, after which the line counts as cut


class Gap(AssertionError):
    """An event came that does not follow the one before: the promise of the engine is broken."""


class CommandRefused(Exception):
    """The server understood a command and did not do it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Told:
    """One event as it arrived; `arrived` in seconds of time.monotonic()."""

    number: int
    kind: str
    data: dict[str, Any]
    arrived: float


@dataclass
class Log:
    """What a reader has of one topic."""

    epoch: str = ""
    number: int = 0
    events: list[Told] = field(default_factory=list)
    resets: int = 0
    behind_at: int | None = None  # where it stood when a beat told of more


class Reader:
    """Reads topics from `since` (the beginning unless given) until it is left.

    async with Reader(url, ["stage:…"]) as reader:
        await reader.until(lambda: len(reader.logs["stage:…"].events) >= 3)
    """

    def __init__(
        self, url: str, topics: list[str], *, cookie: str = "", origin: str = "", since: dict[str, tuple[str, int]] | None = None
    ) -> None:
        """`url` is the site's (http://…); `cookie` the header of a signed-in person or visitor."""
        self._socket_url = f"{url.replace('http', 'ws', 1)}/ws/"
        self._headers = {"Origin": origin or url} | ({"Cookie": cookie} if cookie else {})
        self.logs = {topic: Log(*(since or {}).get(topic, ("", 0))) for topic in topics}
        self.facts: dict[str, dict[str, Any]] = {}
        self.connections = 0
        self.turned_away = ""  # how the server refused the newest try, if it did
        self.refused: dict[str, str] = {}
        self._connection: ClientConnection | None = None
        self._refs = 0
        self._replies: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._changed = asyncio.Condition()
        self._bye: float | None = None
        self._failure: BaseException | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._failure is not None and error is None:
            raise self._failure

    async def until(self, true: Callable[[], bool], *, seconds: float = 60.0) -> None:
        """Return when `true()` holds after some frame. Raises TimeoutError, or what broke the reader."""

        def settled() -> bool:
            if self._failure is not None:
                raise self._failure
            return true()

        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(settled)

    async def command(self, op: str, **fields: Any) -> dict[str, Any]:
        """Run a command and return its answer. Raises CommandRefused; ConnectionError if the line broke before the answer came."""
        await self.until(lambda: self._connection is not None)
        assert self._connection is not None
        reply: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        ref = self._ref(reply)
        try:
            await self._connection.send(json.dumps({"op": op, "ref": ref, **fields}))
        except ConnectionClosed:
            raise ConnectionError("the line broke before the command was sent") from None
        frame = await reply
        if frame["op"] == "error":
            raise CommandRefused(frame["code"], frame["detail"])
        return frame

    def cut(self) -> None:
        """Drop the line without a word, as a tunnel does; the reader comes back by itself."""
        if self._connection is not None:
            self._connection.transport.abort()
            self._hang_up()

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                async with connect(
                    self._socket_url, subprotocols=[DIALECT], additional_headers=self._headers, compression=None, ping_interval=None
                ) as connection:
                    self._connection = connection
                    self.connections += 1
                    self.turned_away = ""
                    failures = 0
                    await self._tell()
                    await self._listen(connection)
            except InvalidStatus as error:
                self.turned_away = str(error)
                await self._tell()
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                pass
            except Exception as error:  # noqa: BLE001 - told to whoever waits, in until()
                self._failure = error
                await self._tell()
                return
            self._hang_up()
            failures += 1
            by_chance = random.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**failures))  # noqa: S311
            wait, self._bye = by_chance if self._bye is None else self._bye, None
            await asyncio.sleep(wait)

    async def _listen(self, connection: ClientConnection) -> None:
        for topic, log in self.logs.items():
            joined: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
            joined.add_done_callback(lambda done, topic=topic: self._joined(topic, done))  # type: ignore[misc]
            await connection.send(json.dumps({"op": "join", "ref": self._ref(joined), "topic": topic, "since": [log.epoch, log.number]}))
        while True:
            async with asyncio.timeout(SILENCE):
                text = await connection.recv()
            await self._take(connection, json.loads(text))

    def _joined(self, topic: str, done: "asyncio.Future[dict[str, Any]]") -> None:
        if not done.cancelled() and done.exception() is None and done.result()["op"] == "error":
            self.refused[topic] = done.result()["code"]

    def _ref(self, reply: "asyncio.Future[dict[str, Any]]") -> int:
        self._refs += 1
        self._replies[self._refs] = reply
        return self._refs

    async def _take(self, connection: ClientConnection, frame: dict[str, Any]) -> None:
        match frame:
            case {"op": "events", "topic": topic, "epoch": epoch, "events": events}:
                self._append(self.logs[topic], epoch, events)
            case {"op": "ok" | "error", "ref": int(ref)} if ref in self._replies:
                reply = self._replies.pop(ref)
                if not reply.done():
                    reply.set_result(frame)
            case {"op": "pulse", "topic": topic, "facts": facts}:
                self.facts.setdefault(topic, {}).update(facts)
            case {"op": "beat", "beat": beat, "heads": heads}:
                # The line may have been closed meanwhile, and what came before its end is still to be read.
                with suppress(ConnectionClosed):
                    await connection.send(json.dumps({"op": "still", "beat": beat}))
                if any(self._missed(topic, *head) for topic, head in heads.items()):
                    await connection.close()
            case {"op": "reset", "topic": topic}:
                # A page would load itself again; a program starts from the beginning.
                self.logs[topic] = Log(resets=self.logs[topic].resets + 1)
                await connection.close()
            case {"op": "bye", "after": after}:
                # Everybody is told another time, so this one is kept and no chance added.
                self._bye = float(after)
                await connection.close()
        await self._tell()

    def _missed(self, topic: str, epoch: str, head: int) -> bool:
        """Whether a beat tells of a gap: behind once may be on its way, behind twice at the same place is not."""
        log = self.logs[topic]
        before, log.behind_at = log.behind_at, log.number if epoch != log.epoch or head > log.number else None
        return log.behind_at is not None and log.behind_at == before

    @staticmethod
    def _append(log: Log, epoch: str, events: list[list[Any]]) -> None:
        if log.epoch not in {"", epoch}:
            raise Gap(f"expected epoch {log.epoch}, got {epoch}")
        log.epoch = epoch
        now = time.monotonic()
        for number, kind, data, *_html in events:
            if number != log.number + 1:
                raise Gap(f"expected event {log.number + 1}, got {number}")
            log.number = number
            log.events.append(Told(number, kind, data, now))

    def _hang_up(self) -> None:
        self._connection = None
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(ConnectionError("the line broke before the answer came"))
                reply.exception()
        self._replies.clear()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
