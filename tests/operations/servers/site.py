"""An application that says what reached it, and sends what it is asked for: the other end of the tests of the servers."""

import asyncio
import gc
import importlib
import json
import os
import urllib.parse
from typing import Any

import django
from channels.routing import ProtocolTypeRouter

from operations.servers import limits

django.setup()
# Nobody wants to wait long for a deadline; where a test is about sizes, they stay as they are.
if os.environ.get("HURRIED"):
    limits.HEAD_SECONDS = limits.BODY_SECONDS = limits.HANDSHAKE_SECONDS = 1.0
    limits.WRITE_SECONDS = limits.CLOSE_SECONDS = 1.5
    limits.GRACE_SECONDS = 3.0
    limits.PING_SECONDS = limits.PONG_SECONDS = 2.0
    limits.IDLE_SECONDS = 4.0

if "FRAME_BYTES" in os.environ:
    limits.FRAME_BYTES = int(os.environ["FRAME_BYTES"])

counted: dict[str, Any] = {"sent": 0, "bytes": 0, "express": 0, "ended": 0, "answered": 0, "received": 0, "slow": 0, "asked": 0}
listening = asyncio.Event()
PIECE = "x" * 60_000


def remembered() -> int:
    """How many sockets are in memory, whether or not they are open."""
    return sum(type(one).__name__ == "WebSocket" for one in gc.get_objects())


DOING: dict[str, Any] = {"/listen": listening.set, "/grow-old": gc.collect, "/remembered": remembered}


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    words = dict(urllib.parse.parse_qsl(scope["query_string"].decode()))
    answer: Any = counted
    if scope["path"] == "/echo":
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message["body"])
            counted["received"] += len(message["body"])
            more = message["more_body"]
        headers = [[name.decode(), value.decode("latin-1")] for name, value in scope["headers"]]
        answer = {"size": size, "headers": headers, "client": scope["client"], "root_path": scope["root_path"], "scheme": scope["scheme"]}
    elif scope["path"] == "/slow":
        counted["slow"] += 1
        await asyncio.sleep(float(words["seconds"]))
    elif scope["path"] in DOING:
        answer = DOING[scope["path"]]()
    elif scope["path"] == "/loose":
        for _ in range(3):
            importlib.import_module("twisted.internet.reactor").callLater(0, int, "what nobody catches")
    elif scope["path"] == "/leave":
        await leave_unanswered(send, words)
        return
    body = b"x" * int(words["size"]) if scope["path"] == "/large" else json.dumps(answer).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    try:
        await send({"type": "http.response.body", "body": body})
    finally:
        counted["answered"] += scope["path"] != "/counted"


async def leave_unanswered(send: Any, words: dict[str, str]) -> None:
    """Leave before an answer, or in the middle of it."""
    if "half" in words:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
    if "fail" in words:
        raise RuntimeError("the application fails, as it was asked to")


async def websocket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    words = dict(urllib.parse.parse_qsl(scope["query_string"].decode()))
    await receive()
    counted["asked"] += 1
    if scope["path"] == "/late":
        await asyncio.sleep(60)
    chosen = words.get("choose") or next(iter(scope["subprotocols"]), None)
    await send({"type": "websocket.accept", "subprotocol": chosen})
    try:
        await CONVERSATIONS[scope["path"]](scope, receive, send, words)
    finally:
        counted["ended"] += 1


async def echo(_scope: Any, receive: Any, send: Any, _words: Any) -> None:
    while (message := await receive())["type"] == "websocket.receive":
        await send({**message, "type": "websocket.send"})


async def send_large(_scope: Any, receive: Any, send: Any, words: dict[str, str]) -> None:
    await send({"type": "websocket.send", "text": "y" * int(words["size"])})
    await receive()


async def close(_scope: Any, _receive: Any, send: Any, words: dict[str, str]) -> None:
    await send({"type": "websocket.close", "code": int(words["code"]), "reason": words.get("reason", "")})


async def leave(_scope: Any, _receive: Any, _send: Any, _words: Any) -> None:
    return


async def fail(_scope: Any, _receive: Any, _send: Any, _words: Any) -> None:
    raise RuntimeError("the application fails, as it was asked to")


async def deaf(_scope: Any, receive: Any, send: Any, _words: Any) -> None:
    """Take nothing until somebody asks for /listen; then say how much had come before the word "end"."""
    await listening.wait()
    size = 0
    while (message := await receive())["text"] != "end":
        size += len(message["text"])
    await send({"type": "websocket.send", "text": str(size)})


async def flood(_scope: Any, _receive: Any, send: Any, _words: Any) -> None:
    """Send for ever by `send` alone; `counted` says how far that came."""
    while True:
        await send({"type": "websocket.send", "text": PIECE})
        counted["sent"] += 1
        counted["bytes"] += len(PIECE)


class Way:
    """How `numbered` sends: by `send`, by the express where it takes a frame, or put past the server as long as nobody else sends."""

    def __init__(self, scope: Any, send: Any, name: str) -> None:
        self.express = scope.get("extensions", {}).get("fangtan.express", {}).get("socket")
        self.send, self.name, self.rides = send, name, False
        if self.express is not None:
            self.express.watch(self.step_off)

    def step_off(self) -> None:
        self.rides = False

    def write(self, text: str) -> bool:
        return self.express is not None and self.express.write(frame(text))

    def put(self, text: str) -> bool:
        if not self.rides:
            return False
        short = self.express.put_all(frame(text), [self.express.socket])
        taken = short[0][1] if short else len(frame(text))
        if short:
            self.rides = False
            if taken:
                self.express.rest(frame(text)[taken:])
        return taken > 0

    async def pass_on(self, text: str) -> None:
        self.rides = False
        await self.send({"type": "websocket.send", "text": text})
        self.rides = self.name == "put" and self.express is not None and self.express.is_clear


async def numbered(scope: Any, receive: Any, send: Any, words: dict[str, str]) -> None:
    """Send numbered frames of several sizes, the short way where that takes them, else by `send`; now and then by `send` anyway."""
    way = Way(scope, send, words.get("way", "write"))
    short = way.put if way.name == "put" else way.write
    for number in range(int(words["count"])):
        text = f"{number} " + "z" * (number * 977 % int(words["size"]))
        if number % 7 and short(text):
            counted["express"] += 1
        else:
            await way.pass_on(text)
        counted["sent"] += 1
        if not number % 50:
            await asyncio.sleep(0)
    await receive()
    # The client has gone: the express refuses, and does not raise.
    await receive_end(receive)
    counted["after"] = way.write("late")


async def receive_end(receive: Any) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


def frame(text: str) -> bytes:
    payload = text.encode()
    if len(payload) < 126:
        return bytes((0x81, len(payload))) + payload
    if len(payload) < 1 << 16:
        return b"\x81\x7e" + len(payload).to_bytes(2, "big") + payload
    return b"\x81\x7f" + len(payload).to_bytes(8, "big") + payload


CONVERSATIONS = {
    "/echo": echo,
    "/large": send_large,
    "/close": close,
    "/leave": leave,
    "/fail": fail,
    "/flood": flood,
    "/deaf": deaf,
    "/numbered": numbered,
}
application = ProtocolTypeRouter({"http": http, "websocket": websocket})
