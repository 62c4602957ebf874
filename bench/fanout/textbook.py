"""The way every tutorial shows: a consumer of Channels in a group, group_send, the in-memory layer; see asgi below."""

import asyncio
import json
import os
import time
from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter
from django.conf import settings

from bench.fanout import control

settings.configure(
    SECRET_KEY="measured and thrown away",  # noqa: S106
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)
django.setup()

GROUP = "bench"
_loops: list[asyncio.AbstractEventLoop] = []


class Consumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """A reader."""

    async def connect(self) -> None:
        """Join the group."""
        if not _loops:
            _loops.append(asyncio.get_running_loop())
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave it."""
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def broadcast(self, event: dict[str, Any]) -> None:
        """Send what the group was sent."""
        await self.send(text_data=event["text"])


class Publisher:
    """Numbers events and sends them to the group, in the loop of the consumers as the in-memory layer needs it."""

    def __init__(self) -> None:
        self._published = 0

    def answer(self, words: list[str]) -> str:
        """Do `publish COUNT SIZE`."""
        _verb, count, size = words[0], int(words[1]), int(words[2])
        first = self._published + 1
        self._published += count
        stamp = time.monotonic_ns()
        if _loops:
            asyncio.run_coroutine_threadsafe(self._send(first, count, size), _loops[0]).result()
        return f"{first} {count} {stamp}"

    async def _send(self, first: int, count: int, size: int) -> None:
        for number in range(first, first + count):
            bare = json.dumps({"mark": f"~{number}~", "text": ""}, separators=(",", ":"))
            text = bare[:-2] + "x" * (size - len(bare)) + '"}'
            await get_channel_layer().group_send(GROUP, {"type": "broadcast", "text": text})


control.listen(os.environ["FANOUT_CONTROL"], Publisher().answer)
application = ProtocolTypeRouter({"websocket": Consumer.as_asgi()})
