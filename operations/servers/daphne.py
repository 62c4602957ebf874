"""daphne, set up for us: limits, express frames, a clean end."""

# isort: off
from operations.servers.reactor import loop, reactor  # first: daphne takes the reactor that is there

# isort: on
import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from daphne import server as daphne
from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.logger import LogLevel, formatEvent, globalLogBeginner

from operations.servers import express, garbage, limits, twisted_http, twisted_websocket
from operations.servers.front import Front
from operations.servers.twisted_websocket import Gone
from realtime.complaints import Complaints

logger = logging.getLogger(__name__)
_complaints = Complaints()


class Server(daphne.Server):
    """daphne's server; it learns of every end when it comes, instead of looking through all connections each second."""

    def __init__(self, application: Callable[..., Any], *, host: str, port: int, unix: str | None = None) -> None:
        super().__init__(application, endpoints=["ours"], server_name=None)
        self._where = (host, port, unix)
        self._tasks: set[asyncio.Task[Any]] = set()
        self.connections: dict[Any, dict[str, Any]] = {}
        self.http_factory = twisted_http.Factory(self)
        self.ws_factory = twisted_websocket.Factory(self)

    def run(self) -> None:
        """Listen, and serve until SIGTERM or SIGINT. Raises CannotListenError."""
        asyncio.set_event_loop(loop)
        # Deadlines follow the monotonic clock, not the calendar.
        reactor.seconds = time.monotonic
        observers: list[Any] = [_report]
        globalLogBeginner.beginLoggingTo(observers, redirectStandardIO=False, discardBuffer=True)
        host, port, unix = self._where
        if unix:
            self._port = reactor.listenUNIX(unix, self.http_factory, backlog=limits.BACKLOG, wantPID=True)
        else:
            self._port = reactor.listenTCP(port, self.http_factory, backlog=limits.BACKLOG, interface=host)
        reactor.callLater(2, self.timeout_checker)
        reactor.addSystemEventTrigger("before", "shutdown", lambda: Deferred.fromFuture(asyncio.ensure_future(self._end(), loop=loop)))
        reactor.run()

    # ── Connections and what serves them ─────────────────────────────────────────────────────────────────────────────
    def protocol_connected(self, protocol: Any) -> None:
        """There is one more connection, or one more request on it."""
        self.connections[protocol] = {}

    def protocol_disconnected(self, protocol: Any) -> None:
        """It is over; its application gets application_close_timeout seconds to notice."""
        details = self.connections.pop(protocol, None)
        task = details.get("task") if details else None
        if task is not None and not task.done():
            timer = asyncio.get_running_loop().call_later(self.application_close_timeout, _give_up, task, protocol)
            task.add_done_callback(lambda _task: timer.cancel())

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> "asyncio.Queue[Any] | None":
        """Start the application; returns where it reads what comes in."""
        if protocol not in self.connections:
            return None
        if isinstance(protocol, twisted_websocket.WebSocket):
            express.offer(scope, protocol.express)
            # daphne decodes the header as if it were an address; autobahn holds what is chosen against what it read itself.
            scope["subprotocols"] = list(protocol.websocket_protocols)
        scope["asgi"] = {"version": "3.0"}
        queue: asyncio.Queue[Any] = asyncio.Queue()
        receive = protocol.receive if isinstance(protocol, twisted_websocket.WebSocket) else queue.get
        task = asyncio.ensure_future(self.application(scope, receive, partial(self.handle_reply, protocol)))
        self._tasks.add(task)
        self.connections[protocol]["task"] = task
        task.add_done_callback(partial(self._served, protocol))
        return queue

    def _served(self, protocol: Any, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Gone):
            error = None
        if error is not None:
            logger.error("Exception inside application: %s", error, exc_info=error)
        if protocol not in self.connections:
            return
        if error is None or not isinstance(protocol, twisted_websocket.WebSocket):
            protocol.abandoned()
        else:
            protocol.handle_exception(error)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Send what the application sends; waits while the connection holds too much.

        Once a socket is lost, sending on it raises Gone, as ASGI asks: else an application that only sends would do so for ever.
        """
        if protocol in self.connections:
            if isinstance(protocol, twisted_websocket.WebSocket):
                await protocol.room()
            elif protocol.channel is not None:
                await protocol.channel.gate.passed()
        if protocol in self.connections:
            self.check_headers_type(message)
            protocol.handle_reply(message)
        elif message["type"] == "websocket.send":
            raise Gone("expected an open socket")

    # ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────
    async def _end(self) -> None:
        """Take no more, close every socket in good order, let requests end; at most GRACE_SECONDS."""
        self._port.stopListening()
        # The application's own farewell goes first.
        await asyncio.sleep(0)
        told: set[Any] = set()
        deadline = time.monotonic() + limits.GRACE_SECONDS
        while (self.connections or self._tasks) and time.monotonic() < deadline:
            # Again and again: who was let in just before may speak only now.
            for protocol in self.connections.keys() - told:
                told.add(protocol)
                try:
                    _let_go(protocol)
                except Exception:
                    # The others are still to be told.
                    logger.exception("%r could not be closed in good order", protocol)
            if not any("task" in details for details in self.connections.values()) and not self._tasks:
                # What is left is no request yet.
                break
            await asyncio.sleep(0.05)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _let_go(protocol: Any) -> None:
    if not isinstance(protocol, twisted_websocket.WebSocket):
        return
    if protocol.state == protocol.STATE_OPEN:
        protocol.sendCloseFrame(code=1012)
    elif protocol.state == protocol.STATE_CONNECTING:
        protocol.serverReject()


def _give_up(task: "asyncio.Task[Any]", protocol: Any) -> None:
    logger.warning("%r did not end within its time after %r was lost, and was cancelled", task.get_coro(), protocol)
    task.cancel()


def _report(event: Any) -> None:
    """Pass on what Twisted could not handle; its lesser news would be a line for every client that misbehaves."""
    # What a client did once it may do by the thousand.
    if event.get("log_level") is LogLevel.critical and (count := _complaints.due()):
        failure = event.get("log_failure")
        trace = (failure.type, failure.value, failure.getTracebackObject()) if failure else None
        logger.error("Twisted: %s; such lines left out since the last one: %d", formatEvent(event), count - 1, exc_info=trace)


def run(application: Callable[..., Any], *, host: str, port: int, unix: str | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit code is 0 then, and 1 when the address is not to be had."""
    garbage.look_rarely()
    try:
        Server(Front(application), host=host, port=port, unix=unix).run()
    except CannotListenError as error:
        logger.error("%s", error)  # noqa: TRY400  (the address is all there is to say)
        return 1
    return 0
