"""Moves frames between socket, session and hub; decides nothing."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from channels.consumer import AsyncConsumer

from realtime import hub as hubs
from realtime.commands import Command, Refused
from realtime.complaints import Complaints
from realtime.hub import Hub
from realtime.outbox import Send
from realtime.protocol import CloseCode, Failure, Wire, choose_dialect, encode_ok
from realtime.reader import Reader
from realtime.session import Ask, Close, Confirm, Effect, Listen, Run, Say, Session, Unlisten
from realtime.threads import Busy
from realtime.topics import Access, TopicTable

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Exchange:
    """What all sockets of one address share."""

    wire: Wire
    topics: TopicTable
    commands: dict[type[msgspec.Struct], Command]
    caller: Callable[[dict[str, Any]], Any]
    hub: Callable[[], Hub]
    complaints: Complaints = field(default_factory=Complaints)


class LiveConsumer(AsyncConsumer):  # type: ignore[misc]  # channels tells no types
    """One socket.

    It has no channel, and events do not pass through Channels' dispatch, which costs a thread hop for each: the hub
    writes to the socket itself.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._task: asyncio.Task[Any] | None = None
        self._rechecking: asyncio.Task[None] | None = None
        self._hung_up = False

    @classmethod
    def as_asgi(
        cls,
        *,
        topics: TopicTable,
        commands: Iterable[Command],
        caller: Callable[[dict[str, Any]], Any],
        hub: Callable[[], Hub] = hubs.here,
    ) -> Any:
        """The application for WebSocket scopes.

        `caller(scope)` tells who is at the other end. It is called in a thread for every join, command and re-check,
        never remembered: a lost session or right shows at once.
        """
        by_frame = {command.frame: command for command in commands}
        return super().as_asgi(exchange=Exchange(Wire(by_frame), topics, by_frame, caller, hub))

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Any], send: Send) -> None:
        """Hold the conversation until one side ends it."""
        await receive()
        offered = scope.get("subprotocols") or []
        dialect = choose_dialect(offered)
        if dialect is None:
            await send({"type": "websocket.close", "code": CloseCode.NO_DIALECT})
            return
        await send({"type": "websocket.accept", "subprotocol": str(dialect) if offered else None})
        self._scope = scope
        self._task = asyncio.current_task()
        self._hub = self._exchange.hub()
        self._session = Session(self._exchange.wire, self._exchange.topics, time.monotonic())
        express = scope.get("extensions", {}).get("fangtan.express", {}).get("socket")
        self._reader = Reader(send, dialect, recheck=self._start_recheck, hang_up=self._hang_up, express=express)
        self._hub.attach(self._reader)
        try:
            await self._listen(receive)
        except asyncio.CancelledError:
            # The server's own cancelling goes on; the hub's ends here, and the server then closes the socket.
            if not self._hung_up:
                raise
        finally:
            if self._rechecking is not None:
                self._rechecking.cancel()
            await self._hub.detach(self._reader)

    async def _listen(self, receive: Callable[[], Any]) -> None:
        while not self._hung_up and (message := await receive())["type"] != "websocket.disconnect":
            if not self._reader.closed:
                await self._do(self._session.received(message.get("text"), time.monotonic()))

    async def _do(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Say(frame):
                    self._reader.say(frame)
                case Confirm(beat):
                    self._reader.confirmed(beat)
                case Ask():
                    with self._reader.lifetime:
                        await self._ask(effect)
                case Listen(ref, topic, since):
                    await self._join(ref, topic, since)
                case Unlisten(topic):
                    self._hub.leave(self._reader, topic)
                case Run():
                    with self._reader.lifetime:
                        await self._run(effect)
                case Close(code):
                    self._reader.close(code)

    async def _ask(self, ask: Ask) -> None:
        if self._exchange.topics.is_known_public(ask.topic):
            await self._do(self._session.answered(ask, Access.PUBLIC))
            return
        try:
            access = await self._hub.call(partial(self._access, ask.topic))
        except Exception as error:  # noqa: BLE001  whatever it is, the client comes again
            self._complain(f"cannot tell who may read {ask.topic}", error)
            self._fail(ask.ref)
            return
        await self._do(self._session.answered(ask, access))

    async def _join(self, ref: int, topic: str, since: tuple[str, int] | None) -> None:
        try:
            await self._hub.join(self._reader, ref=ref, topic=topic, since=since)
        except Exception as error:  # noqa: BLE001  as above
            self._complain(f"cannot join {topic}", error)
            self._fail(ref)

    async def _run(self, run: Run) -> None:
        command = self._exchange.commands[type(run.frame)]
        try:
            answer = await self._hub.command(lambda: command.run(self._exchange.caller(self._scope), run.frame))
            self._reader.push(encode_ok(run.ref, answer))
        except Refused as refusal:
            self._reader.say(Failure(run.ref, refusal.code, refusal.detail, refusal.fields))
        except Busy:
            self._reader.say(Failure(run.ref, "busy", "现在提交的人太多，这一条还没有处理。请等十秒再提交一次，您的内容仍在页面上。"))
        except Exception:
            logger.exception("the command %s failed", command.frame.__name__)
            self._fail(run.ref)

    def _fail(self, ref: int) -> None:
        self._reader.say(Failure(ref, "failed", "系统出错，这一步没有完成。请稍后再试，您的内容仍在页面上。"))

    def _complain(self, what: str, error: Exception) -> None:
        # When the database is away it befalls everybody, and everybody comes again.
        if count := self._exchange.complaints.due():
            logger.error("%s; such lines left out since the last one: %d", what, count - 1, exc_info=error)

    def _access(self, topic: str) -> Access:
        return self._exchange.topics.access(topic, lambda: self._exchange.caller(self._scope))

    def _may_still_read(self, topics: list[str]) -> bool:
        return all(self._access(topic) is not Access.NONE for topic in topics)

    def _start_recheck(self) -> None:
        # One at a time: a database that takes minutes to answer would be asked more and more.
        if self._session.to_recheck and (self._rechecking is None or self._rechecking.done()):
            self._rechecking = asyncio.create_task(self._recheck())

    async def _recheck(self) -> None:
        try:
            allowed = await self._hub.call(partial(self._may_still_read, self._session.to_recheck))
        except Exception as error:  # noqa: BLE001  a database that is away takes nobody's rights; the next look comes within the minute
            self._complain(f"cannot look again who may read {self._session.to_recheck}", error)
            return
        await self._do(self._session.rechecked(allowed))

    def _hang_up(self) -> None:
        self._hung_up = True
        # From within, `_listen` sees it: a task that cancels itself is hit at its next wait, which may be that for the hub.
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
