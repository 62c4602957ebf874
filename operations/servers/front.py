"""What stands between a server and the application: who may speak for a client, how long a body may be, how large a piece goes out."""

import asyncio
from typing import Any

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGIReceiveEvent, ASGISendCallable, ASGISendEvent, Scope
from django.conf import settings

from accounts.addresses import is_proxy, parse
from operations.servers import limits
from operations.servers.garbage import Leavings

# Believed from our own proxies alone; Daphne-Root-Path would change every link of a page.
FORWARDED = frozenset({b"daphne-root-path", b"forwarded", b"x-real-ip"})
TOO_LARGE = (
    f"提交的内容超过{limits.BODY_BYTES // 2**20}兆字节，没有收下，什么都没有改变。请返回上一页，缩小图片或文件后再提交。\n"
    f"The request was larger than {limits.BODY_BYTES // 2**20} MiB and was not taken; nothing has changed. "
    "Go back, make the picture or file smaller, and send it again.\n"
).encode()
TOO_MANY = b"Too many headers, or too long.\n"
BODY_BESIDE_UPGRADE = b"A request for a WebSocket has no body.\n"


class Front:
    """Wraps an application; both servers run it this way."""

    def __init__(self, application: ASGI3Application) -> None:
        self.application = application
        self._leavings = Leavings()

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] in {"http", "websocket"}:
            vouched: Any = scope
            if not is_trusted(vouched.get("client")):
                vouched["headers"] = [pair for pair in vouched["headers"] if not is_forwarded(pair[0])]
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self._converse(scope, receive, send)

    async def _converse(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self._leavings.opened()
        try:
            await self.application(scope, receive, send)
        finally:
            self._leavings.ended()

    async def _answer(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        exchange = _Exchange(receive, send)
        if is_heavy(scope):
            await exchange.refuse(431, TOO_MANY)
            return
        if declared(scope) > limits.BODY_BYTES:
            await exchange.refuse(413, TOO_LARGE)
            return
        try:
            await self.application(scope, exchange.receive, exchange.send)
        except _TooLarge:
            if not exchange.started:
                await exchange.refuse(413, TOO_LARGE)


class _TooLarge(Exception):
    """A body is longer than BODY_BYTES."""


class _Exchange:
    """One request and its response."""

    def __init__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self.started = False
        self._receive = receive
        self._send = send
        self._received = 0

    async def receive(self) -> ASGIReceiveEvent:
        message = await self._receive()
        if message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            if self._received > limits.BODY_BYTES:
                raise _TooLarge
        return message

    async def send(self, message: ASGISendEvent) -> None:
        """Send it; a large body in pieces, so that the server can wait between them for who reads slowly."""
        self.started = True
        if message["type"] == "http.response.body":
            body = message.get("body", b"")
            while len(body) > limits.RESPONSE_BYTES:
                await self._send({"type": "http.response.body", "body": body[: limits.RESPONSE_BYTES], "more_body": True})
                body = body[limits.RESPONSE_BYTES :]
            message = {"type": "http.response.body", "body": body, "more_body": message.get("more_body", False)}
        await self._send(message)

    async def refuse(self, status: int, words: bytes) -> None:
        """Answer, and for a while forget what still comes: who is cut off while sending may not see the answer."""
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(words)), (b"connection", b"close")]
        await self._send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
        await self._send({"type": "http.response.body", "body": words, "more_body": True})
        try:
            async with asyncio.timeout(limits.LINGER_SECONDS):
                while (message := await self._receive())["type"] == "http.request" and message.get("more_body"):
                    pass
        except TimeoutError:
            pass
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def is_heavy(scope: Any) -> bool:
    """Say whether a request has more in its head than HEADERS and HEAD_BYTES allow."""
    headers = scope["headers"]
    size = len(scope["path"]) + len(scope["query_string"]) + sum(len(name) + len(value) for name, value in headers)
    return len(headers) > limits.HEADERS or size > limits.HEAD_BYTES


def declared(scope: Scope) -> int:
    """Return the length a request announces for its body, 0 if it does not."""
    headers: Any = scope.get("headers", ())
    lengths = [value for name, value in headers if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def is_forwarded(name: bytes) -> bool:
    """Say whether a header, its name in lower case, speaks for somebody else."""
    return name in FORWARDED or name.startswith(b"x-forwarded-")


def is_trusted(client: Any) -> bool:
    """Say whether the other end of a connection, as the scope tells it, is a proxy of TRUSTED_PROXIES."""
    if not settings.TRUSTED_PROXIES:
        return False
    # A Unix socket has no address; uvicorn says so with an empty one.
    return is_proxy(parse(client[0]) if client else None, frozenset(settings.TRUSTED_PROXIES))
