"""A small world of topics and commands, and clients who talk to it over a real consumer."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import msgspec
import pytest
from channels.layers import BaseChannelLayer, channel_layers
from channels.testing import WebsocketCommunicator
from django.db import connections, transaction

from realtime import log, publishing
from realtime.commands import Command, Refused
from realtime.consumers import LiveConsumer
from realtime.hub import Hub
from realtime.rounds import Pace
from realtime.topics import TopicPattern, TopicTable

STAGE = "stage:one"
PATIENCE = 30  # seconds, for a machine that has other things to do


@contextmanager
def standing_in(layer: BaseChannelLayer) -> Iterator[None]:
    """This layer in place of the configured one, which may not have been made yet."""
    configured = channel_layers["default"]
    channel_layers.set("default", layer)
    try:
        yield
    finally:
        channel_layers.set("default", configured)


class Ask(msgspec.Struct, tag_field="op", tag="ask", forbid_unknown_fields=True):
    ref: int
    text: str


class World:
    """Who may read what, and what was asked; a caller is the name given in the query string."""

    def __init__(self) -> None:
        self.members = {"host"}
        self.broken = False
        self.asked: list[tuple[str, str]] = []
        self.gate = threading.Lock()  # whoever holds it, holds up every command
        self.right = threading.Lock()  # whoever holds it, holds up every question who may read
        self.looks = 0

    def caller(self, scope: dict[str, Any]) -> str:
        return scope["query_string"].decode()

    def may_read_desk(self, caller: str, key: str) -> bool:
        self.looks += 1
        with self.right:
            pass
        if self.broken:
            raise RuntimeError("the database is away")
        return caller in self.members and key == "one"

    def ask(self, caller: str, frame: Ask) -> dict[str, Any]:
        if frame.text == "":
            raise Refused("invalid", "还没有写文字。", {"text": ["请写文字。"]})
        if frame.text == "break":
            raise RuntimeError("a fault of ours")
        with self.gate, transaction.atomic():
            number = publishing.publish(topic=STAGE, kind="asked", data={"text": frame.text}, html=f"<p>{frame.text}</p>")
        self.asked.append((caller, frame.text))
        return {"receipt": f"r{number}"}

    @property
    def topics(self) -> TopicTable:
        return TopicTable(
            [TopicPattern("stage", lambda _caller, _key: True, public=lambda _key: True), TopicPattern("desk", self.may_read_desk)]
        )


class Client:
    """Somebody at the other end of a socket, who answers beats like every honest client."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self.communicator = communicator
        self.answers_beats = True
        self.beats: list[dict[str, Any]] = []
        self.pulses: list[dict[str, Any]] = []
        self.numbers: list[int] = []

    async def say(self, **frame: Any) -> None:
        await self.communicator.send_to(text_data=json.dumps(frame))

    async def message(self) -> dict[str, Any]:
        return await self.communicator.receive_output(timeout=PATIENCE)

    async def murmur(self) -> dict[str, Any]:
        """The next frame of any kind; beats are answered, beats and pulses kept."""
        message = await self.message()
        assert message["type"] == "websocket.send", message
        frame: dict[str, Any] = json.loads(message["text"])
        if frame["op"] == "beat":
            self.beats.append(frame)
            if self.answers_beats:
                await self.say(op="still", beat=frame["beat"])
        elif frame["op"] == "pulse":
            self.pulses.append(frame)
        return frame

    async def hear(self) -> dict[str, Any]:
        """The next frame that is neither beat nor pulse."""
        while (frame := await self.murmur())["op"] in {"beat", "pulse"}:
            pass
        return frame

    async def beat(self) -> dict[str, Any]:
        """The next beat."""
        while (frame := await self.murmur())["op"] != "beat":
            pass
        return frame

    async def closing(self) -> int:
        """The code the socket is closed with, after whatever else still comes."""
        while (message := await self.message())["type"] != "websocket.close":
            pass
        return int(message["code"])

    async def join(self, topic: str = STAGE, since: tuple[str, int] | None = ("", 0)) -> dict[str, Any]:
        await self.say(op="join", ref=1, topic=topic, **({} if since is None else {"since": since}))
        return await self.hear()

    async def follow(self, until: int) -> list[int]:
        """Take events until this number has come; the numbers in the order they came."""
        taken: list[int] = []
        while not taken or taken[-1] < until:
            frame = await self.hear()
            assert frame["op"] == "events", frame
            taken += [event[0] for event in frame["events"]]
        self.numbers += taken
        return taken


Connect = Callable[..., Any]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def hub() -> Hub:
    """A hub in a hurry: what takes seconds by the clock takes hundredths."""
    return Hub(Pace(poll=0.05, tick=0.02, beat=3, count=2))


@pytest.fixture
def connect(world: World, hub: Hub) -> Connect:
    application = LiveConsumer.as_asgi(topics=world.topics, commands=[Command(Ask, world.ask)], caller=world.caller, hub=lambda: hub)

    @asynccontextmanager
    async def open_socket(name: str = "", subprotocols: list[str] | None = None) -> AsyncIterator[Client]:
        communicator = WebsocketCommunicator(application, f"/ws/?{name}", subprotocols=subprotocols)
        accepted, chosen = await communicator.connect(timeout=PATIENCE)
        assert accepted
        client = Client(communicator)
        client.chosen = chosen  # type: ignore[attr-defined]
        try:
            yield client
        finally:
            await communicator.disconnect(timeout=PATIENCE)

    return open_socket


async def until(true: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110  it may be of any kind
            await asyncio.sleep(0.01)


async def in_thread(work: Callable[[], Any]) -> Any:
    """Run what a request would run, where a request would run it."""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


@pytest.fixture
def publish() -> Callable[..., Awaitable[int]]:
    """Publish so many events in one transaction; the number of the last."""

    async def publish_events(count: int = 1, topic: str = STAGE, size: int = 1) -> int:
        def work() -> int:
            with transaction.atomic():
                numbers = [publishing.publish(topic=topic, kind="said", data={"n": n}, html="字" * size) for n in range(count)]
            return numbers[-1]

        number: int = await in_thread(work)
        return number

    return publish_events


@pytest.fixture
def append_silently() -> Callable[..., Awaitable[int]]:
    """Append without ringing: what a lost bell, or a process killed between commit and bell, leaves."""

    async def append(count: int = 1, topic: str = STAGE) -> int:
        def work() -> int:
            with transaction.atomic():
                heads = [log.append(topic=topic, kind="said", data={}, html="") for _ in range(count)]
            return heads[-1].number

        number: int = await in_thread(work)
        return number

    return append
